"""What is new for many people: read by chunks, in a number of queries that does not grow with them."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from maillage.accounts.models import User
from maillage.conversations.queries import unread_of
from maillage.directory.models import Mandate, Structure
from maillage.opportunities.models import Party
from maillage.sharing.audience import Audience, networks, readers
from maillage.sharing.matching import all_answers
from maillage.sharing.models import Listing, SavedSearch
from maillage.sharing.search.newcomers import Newcomers


@dataclass(frozen=True)
class News:
    """What one person may see and has not been told, and what waits for them.

    alerts    [(SavedSearch, [Listing…])]
    matches   [(Listing of one's structure, [Listing that answers it…])]
    unread    [conversations.queries.Unread…]
    parties   [Party that waits for an answer…]
    """

    person: User
    since: datetime
    alerts: list = field(default_factory=list)
    matches: list = field(default_factory=list)
    unread: list = field(default_factory=list)
    parties: list = field(default_factory=list)

    @property
    def is_worth_a_letter(self):
        """What waits is told again when something else is new, not for itself: nobody is nagged each day."""
        return bool(
            self.alerts
            or self.matches
            or any(one.latest_at > self.since for one in self.unread)
            or any(one.opportunity.found_at > self.since for one in self.parties)
        )


class Bulletin:
    """All that was published between two moments, looked at once for everyone."""

    def __init__(self, *, since, until, today):
        self.today, self.until = today, until
        self._new = Newcomers(since=since, until=until, today=today)
        shown = {listing.pk for listing in self._new.listings}
        self._audience = Audience(networks(), readers(listing__in=shown))
        self._new.understand(
            SavedSearch.objects.filter(is_paused=False).exclude(words="").values_list("words", flat=True).distinct()
        )
        self._answers = self._matches()

    def _matches(self):
        """{structure: {its listing: [new Listing that answers it…]}} for the structures that someone acts for."""
        acted_for = Mandate.objects.current().values("structure")
        among = Listing.objects.filter(structure__in=acted_for, structure__state=Structure.State.ACTIVE)
        pairs = [(pk, new) for new in self._new.listings for pk in all_answers(new, among)]
        own = Listing.objects.only("title", "direction", "structure").in_bulk({pk for pk, _ in pairs})
        found: dict[int, dict] = {}
        for pk, new in pairs:
            found.setdefault(own[pk].structure_id, {}).setdefault(own[pk], []).append(new)
        return found

    def news_of(self, subscriptions):
        """[News…] of these Subscriptions, which hold their ``user``, in their order."""
        people = [one.user_id for one in subscriptions]
        acting = _acting(people)
        alerts = _alerts(people, self.today)
        unread = unread_of(people)
        parties = _parties({structure for mine in acting.values() for structure in mine})
        return [
            self._of_one(
                subscription,
                acting.get(subscription.user_id, set()),
                alerts.get(subscription.user_id, ()),
                unread.get(subscription.user_id, []),
                parties,
            )
            for subscription in subscriptions
        ]

    def _of_one(self, subscription, mine, alerts, unread, parties):
        person = subscription.user

        def told(listings, since):
            return [
                one
                for one in listings
                if one.published_at > since and one.structure_id not in mine and self._audience.sees(person, mine, one)
            ]

        since = subscription.told_until
        answers = [(saved, told(self._new.answering(saved), max(since, saved.kept_at))) for saved in alerts]
        matches = [(own, told(found, since)) for structure in sorted(mine) for own, found in self._own(structure)]
        return News(
            person=person,
            since=since,
            alerts=[(saved, found) for saved, found in answers if found],
            matches=[(own, found) for own, found in matches if found],
            unread=unread,
            parties=[one for structure in sorted(mine) for one in parties.get(structure, ())],
        )

    def _own(self, structure):
        return self._answers.get(structure, {}).items()


def _acting(people):
    """{person: the structures that they act for today}."""
    found: dict[int, set] = {}
    for person, structure in Mandate.objects.current().filter(user__in=people).values_list("user", "structure"):
        found.setdefault(person, set()).add(structure)
    return found


def _alerts(people, today):
    """{person: their alerts that may still find something}."""
    to_come = Q(day__isnull=True) | Q(day__gte=today)
    found: dict[int, list] = {}
    for saved in SavedSearch.objects.filter(to_come, user__in=people, is_paused=False).select_related("place"):
        found.setdefault(saved.user_id, []).append(saved)
    return found


def _parties(structures):
    """{structure: its parts in opportunities that wait for its answer}."""
    waiting = Party.objects.living().filter(structure__in=structures, answer=Party.Answer.PENDING)
    found: dict[int, list] = {}
    for party in waiting.select_related("opportunity", "structure"):
        found.setdefault(party.structure_id, []).append(party)
    return found
