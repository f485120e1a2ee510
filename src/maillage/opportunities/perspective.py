"""An opportunity as one of its parties sees it: who they are to one another, in words, before and after all agree.

Before, the others are « une association à moins de 15 km »: neither their name nor their commune, nor what they wrote.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from django.utils import timezone

from maillage.engine.french import HYPHEN, NBSP, count_fr, day_fr, euros_fr, join_fr, number_fr
from maillage.engine.reasons import DAYS_NAMED, common_days
from maillage.opportunities.distances import BEYOND, STEPS, rounded_up
from maillage.opportunities.finding.found import distance_between
from maillage.opportunities.finding.pools import DAYS_OF_FULL_TIME, weekly_days
from maillage.opportunities.models import Opportunity, Party
from maillage.sharing.availability import is_always_free, windows
from maillage.sharing.matching import HORIZON_DAYS
from maillage.sharing.models import Listing

KIND = Opportunity.Kind
COUNTS = {2: "deux", 3: "trois", 4: "quatre", 5: "cinq", 6: "six", 7: "sept", 8: "huit"}
TOGETHER = {
    KIND.JOB: "Seule, chacune n’a que quelques heures à proposer. Ensemble, vous avez un vrai poste.",
    KIND.PURCHASE: "Demander à plusieurs donne souvent un meilleur prix.",
    KIND.EQUIPMENT: f"Vos jours ne se croisent jamais{NBSP}: un seul achat peut servir à toutes.",
}


@dataclass(frozen=True)
class Gift:
    """What goes from a party to another, by their places around the one who looks (0 is oneself)."""

    giver: int
    taker: int
    offer: Listing


@dataclass(frozen=True)
class Perspective:
    """``party`` and ``parties``: those of its opportunity in their order, with structures and listings."""

    party: Party
    parties: tuple

    @classmethod
    def of(cls, party):
        return cls(party, tuple(sorted(party.opportunity.parties.all(), key=lambda one: one.position)))

    @property
    def opportunity(self):
        return self.party.opportunity

    @property
    def is_agreed(self):
        return self.opportunity.state == Opportunity.State.AGREED

    @cached_property
    def around(self):
        """The parties, oneself first, then in the order of the circle."""
        at = next(place for place, one in enumerate(self.parties) if one.pk == self.party.pk)
        return self.parties[at:] + self.parties[:at]

    @property
    def others(self):
        return self.around[1:]

    @property
    def interested_others(self):
        return sum(one.answer == Party.Answer.INTERESTED for one in self.others)

    @property
    def waiting_for(self):
        """How many answers are still to come, and what comes then."""
        missing = len(self.others) - self.interested_others
        return f"Il manque encore {count_fr(missing, 'réponse')}. Dès que toutes ont dit oui, une conversation s’ouvre."

    @cached_property
    def names(self):
        """How each is called, in the order of ``around``: « vous », then by name once all have agreed."""
        return ["vous", *(self._name(one) for one in self.others)]

    def _name(self, other):
        if self.is_agreed:
            return other.structure.name
        return f"une association {_within(rounded_up(distance_between(self.party.place, other.place)))}"

    @cached_property
    def gifts(self):
        """The Gifts in the order in which one tells them: a circle from oneself on, a chain from its first on."""
        order = self.around if self.opportunity.kind == KIND.CIRCLE else self.parties
        return [Gift(self._place(one), (self._place(one) + 1) % len(order), one.gives) for one in order if one.gives]

    def _place(self, party):
        return next(place for place, one in enumerate(self.around) if one.pk == party.pk)

    @property
    def thing(self):
        """The Category of what is looked for, in a pool; of what one receives, else of what one gives."""
        return self.received.kind if self.received else self.party.place.kind

    @property
    def received(self):
        """The offer that answers one’s need in a circle or a chain."""
        return self.around[-1].gives if self.opportunity.is_exchange and self.party.takes else None

    @property
    def title(self):
        count = COUNTS[len(self.parties)]
        return {
            KIND.CIRCLE: f"Un échange à {count}" if len(self.parties) == 2 else f"Un cercle à {count}",
            KIND.CHAIN: f"Une chaîne d’entraide à {count}",
            KIND.JOB: f"Un emploi à partager à {count}",
            KIND.PURCHASE: f"Un achat groupé à {count}",
            KIND.EQUIPMENT: f"Du matériel à {count}",
        }[self.opportunity.kind]

    @property
    def sentences(self):
        """What it is, in plain sentences: what one gives and receives, then what the others do."""
        return self._exchange_sentences() if self.opportunity.is_exchange else self._pool_sentences()

    def _exchange_sentences(self):
        said, named = [], set()
        for gift in self.gifts:
            giver = "vous" if gift.giver == 0 else self._called(gift.giver, named, is_subject=True)
            taker = "vous" if gift.taker == 0 else self._called(gift.taker, named)
            if gift.giver == 0:
                begin = "À votre tour, vous partagez" if said else "Vous partagez"
                said.append(f"{begin} «{NBSP}{gift.offer.title}{NBSP}» avec {taker}.")
            elif gift.taker == 0:
                said.append(f"{giver} partage avec vous ce que vous cherchez{NBSP}: {gift.offer.kind.label.lower()}.")
            else:
                turn = " à son tour" if said else ""
                said.append(f"{giver} partage{turn} avec {taker}{NBSP}: {gift.offer.kind.label.lower()}.")
        if not self.party.takes:
            said.append("Vous ne demandez rien, et votre offre met tout en mouvement.")
        return said

    def _called(self, place, named, *, is_subject=False):
        """Its name; before all agree « une association », then « une autre », and « elle » or « celle-ci » again."""
        if self.is_agreed:
            return self.names[place]
        if place in named:
            return "Elle" if len(named) == 1 else f"Celle{HYPHEN}ci"
        words = self.names[place].replace("une association", "une autre association") if named else self.names[place]
        named.add(place)
        return words.capitalize() if is_subject else words

    def _pool_sentences(self):
        others = join_fr(self.names[1:]) if self.is_agreed else self._others_together()
        look = "cherchent" if len(self.others) > 1 else "cherche"
        return [
            f"Vous cherchez «{NBSP}{self.party.place.title}{NBSP}».",
            f"{others} {look} la même chose{NBSP}: {self.party.place.kind.label.lower()}.",
            TOGETHER[self.opportunity.kind],
        ]

    def _others_together(self):
        """« Trois associations à moins de 15 km »."""
        if len(self.others) == 1:
            return self.names[1].capitalize()
        return f"{COUNTS[len(self.others)].capitalize()} associations {_within(self.party.distance)}"

    @property
    def gains(self):
        """What it brings, from figures that exist: short lines, best first."""
        figures = self.opportunity.figures
        if self.opportunity.is_exchange:
            if not self.party.takes:
                return [count_fr(len(self.others), "association") + " servies grâce à vous"]
            return [*_measure(self.received, self.party.takes), _terms(self.received, self.party.takes)]
        if self.opportunity.kind == KIND.JOB:
            days, share = figures["days"], round(100 * figures["days"] / DAYS_OF_FULL_TIME)
            return [
                f"{_days_fr(days)} par semaine, soit {share}{NBSP}% d’un temps plein",
                f"votre part{NBSP}: {_days_fr(weekly_days(self.party.takes))} par semaine",
            ]
        if self.opportunity.kind == KIND.PURCHASE:
            lines = [f"{len(self.parties)} commandes en une"]
            if figures["quantity"] > len(self.parties):
                lines.append(f"{number_fr(figures['quantity'])} articles en tout")
            if "cents" in figures:
                lines.append(f"environ {euros_fr(figures['cents'])} d’achats à négocier")
            return lines
        return [f"un achat partagé en {COUNTS[len(self.parties)]}"]

    @property
    def lends(self):
        """When, for how many and on which of one's own terms what one gives is wanted: short lines, none in a pool."""
        if not self.party.gives:
            return []
        taker = self.around[1]
        return [*_measure(self.party.gives, taker.takes), self.party.gives.price]


def _within(step):
    return f"à plus de {STEPS[-1]}{NBSP}km" if step == BEYOND else f"à moins de {step}{NBSP}km"


def _days_fr(days):
    """« 1 journée », « 2,5 journées », « une demi-journée »."""
    return f"une demi{HYPHEN}journée" if days == 0.5 else f"{number_fr(days)}{NBSP}journée{'s' if days >= 2 else ''}"


def _measure(offer, need):
    """What passes from one to the other: how often, when both can, and how many."""
    lasts = need.weekdays and not (need.first_day and need.first_day == need.last_day)
    lines = [f"{_days_fr(weekly_days(need))} par semaine"] if lasts else []
    lines.append(_when(offer, need))
    if need.quantity > 1:
        lines.append(f"pour une quantité de {number_fr(need.quantity)}")
    return lines


def _when(offer, need):
    """The days on which both can, or what the one says when the other always can."""
    if is_always_free(offer):
        return need.when
    if is_always_free(need):
        return offer.when
    today = timezone.localdate()
    days = common_days(*(windows(one, today, HORIZON_DAYS) for one in (need, offer)))
    count = sum((last - first).days + 1 for first, last in days)
    if not count:
        return need.when
    if count > DAYS_NAMED:
        return f"{number_fr(count)}{NBSP}jours possibles à partir du {day_fr(days[0][0])}"
    return join_fr(
        day_fr(first + timedelta(days=after)) for first, last in days for after in range((last - first).days + 1)
    )


def _terms(offer, need):
    """The conditions without the amount, which would tell whose offer it is; one's own budget says how far it goes."""
    terms = {
        offer.Conditions.FREE: "gratuit",
        offer.Conditions.COST_SHARE: "contre une participation aux frais",
        offer.Conditions.PRICE: "payant",
    }[offer.conditions]
    if offer.conditions == offer.Conditions.FREE or not need.price_cents:
        return terms
    return f"{terms}, {need.price}"
