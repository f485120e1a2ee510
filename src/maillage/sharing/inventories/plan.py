"""What each line of an inventory would do, compared with the offers and drafts that its structure has already."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from maillage.engine.text import fold
from maillage.sharing import conditions, taxonomy
from maillage.sharing.models import Draft, Inventory, InventoryLine, Listing

Outcome = InventoryLine.Outcome
Visibility = Listing.Visibility
_SHORT = {"title": "titre", "text": "description", "commune_id": "commune"}
_PRICED = frozenset(("conditions", "price_cents", "price_unit"))
_NEVER = object()


@dataclass
class Planned:
    """outcome  CREATED, UPDATED, UNCHANGED or LEFT_ASIDE, were the line confirmed now and ticked
    changes  the fields of ``listing`` that the file changes
    details  of the offer that would be made, as ``publish_listing`` takes them, save the commune
    """

    line: InventoryLine
    outcome: str
    listing: Any = None
    draft: Any = None
    changes: dict = field(default_factory=dict)
    details: dict = field(default_factory=dict)

    @property
    def does_something(self):
        """Whether confirming makes or changes an offer, as the line is ticked now."""
        return self.line.is_kept and self.outcome in (Outcome.CREATED, Outcome.UPDATED)

    @property
    def needs_category(self):
        return self.does_something and self.outcome == Outcome.CREATED and not self.line.category

    @property
    def quantity(self):
        return self.line.facts.get("quantity", 1)

    @property
    def price(self):
        """On which conditions the offer would be made, as a sentence."""
        return _price_said(self.details)

    @property
    def changed(self):
        """What would change of ``listing``, as short sentences."""
        said = []
        if "quantity" in self.changes:
            said.append(f"quantité\u00a0: {self.listing.quantity} → {self.changes['quantity']}")
        if "category" in self.changes:
            said.append(f"catégorie\u00a0: {taxonomy.nearest(self.changes['category'])}")
        if self.changes.keys() & _PRICED:
            now = {name: self.changes.get(name, getattr(self.listing, name)) for name in _PRICED}
            said.append(f"conditions\u00a0: {self.listing.price} → {_price_said(now)}")
        return said + [label for name, label in _SHORT.items() if name in self.changes]


def make_plan(inventory):
    """The Planned of each line, in order; three queries whatever the number of lines. Reads, writes nothing."""
    lines = list(inventory.lines.all())
    offers = (
        Listing.objects.filter(structure=inventory.structure_id, direction=Listing.Direction.OFFER)
        .exclude(state=Listing.State.CLOSED)
        .defer("search_vector")
        .order_by("pk")
    )
    offers = {offer.pk: offer for offer in offers}
    drafts = Draft.objects.filter(structure=inventory.structure_id, direction=Listing.Direction.OFFER)
    drafts = {draft.pk: draft for draft in drafts.order_by("pk")}
    before = InventoryLine.objects.filter(
        Q(listing__isnull=False) | Q(draft__isnull=False),
        inventory__structure=inventory.structure_id,
        inventory__state=Inventory.State.DONE,
    )
    known = _Known(offers, drafts, list(before.order_by("inventory__done_at", "pk")), lines)
    usual = _Usual(offers.values())
    return [_planned(line, known, usual) for line in lines]


def _planned(line, known, usual):
    if line.problem:
        return Planned(line, Outcome.LEFT_ASIDE)
    listing, draft = known.of(line)
    if draft:
        return Planned(line, Outcome.UNCHANGED, draft=draft)
    if listing is None:
        return Planned(line, Outcome.CREATED, details=usual.completed(line))
    changes = _changes(line.facts, listing, known.said_before.get(listing.pk, {}))
    return Planned(line, Outcome.UPDATED if changes else Outcome.UNCHANGED, listing, changes=changes)


def _changes(facts, listing, said_before):
    """The facts that differ from the listing and that the file did not tell before; conditions go together."""
    differ = {name: value for name, value in facts.items() if value != getattr(listing, name)}
    changes = {name: value for name, value in differ.items() if said_before.get(name, _NEVER) != value}
    if changes.keys() & _PRICED:
        changes |= {name: value for name, value in differ.items() if name in _PRICED}
    return changes


class _Known:
    """What a line is already: by its reference, else by its title and quantity, else by its title alone.

    said_before  {listing: the facts that the last file told}: what differs from them was corrected by hand, and stays
    """

    def __init__(self, offers, drafts, lines_before, lines):
        self._offers, self._drafts = offers, drafts
        self._by_reference, self.said_before = {}, {}
        for line in lines_before:
            if line.listing_id in offers or line.draft_id in drafts:
                self._by_reference[fold(line.reference)] = (line.listing_id, line.draft_id)
            if line.listing_id in offers and line.facts:
                self.said_before[line.listing_id] = line.facts
        self._by_reference.pop("", None)
        self._titled = {}
        for offer in offers.values():
            self._titled.setdefault(fold(offer.title), []).append((offer.quantity, (offer.pk, None)))
        for draft in drafts.values():
            entry = (draft.said("quoi", "quantity"), (None, draft.pk))
            self._titled.setdefault(fold(draft.title), []).append(entry)
        self._found = self._match([line for line in lines if not line.problem])

    def of(self, line):
        """(the offer, the draft) that ``line`` is, one of the two at most."""
        listing, draft = self._found.get(line.pk, (None, None))
        return self._offers.get(listing), self._drafts.get(draft)

    def _match(self, lines):
        found, taken = {}, set()
        titles = Counter(fold(line.title) for line in lines)
        for finds in (self._same_reference, self._same_title_and_quantity, self._same_title):
            for line in lines:
                if line.pk in found or (finds == self._same_title and titles[fold(line.title)] > 1):
                    continue
                one = next((one for one in finds(line) if one not in taken), None)
                if one:
                    found[line.pk] = one
                    taken.add(one)
        return found

    def _same_reference(self, line):
        one = self._by_reference.get(fold(line.reference)) if line.reference else None
        return [one] if one else []

    def _same_title_and_quantity(self, line):
        quantity = line.facts.get("quantity", 1)
        return [one for counted, one in self._titled.get(fold(line.title), ()) if str(counted) == str(quantity)]

    def _same_title(self, line):
        titled = self._titled.get(fold(line.title), ())
        return [titled[0][1]] if len(titled) == 1 else []


class _Usual:
    """What the structure usually asks: of its offers of the same family, else what the taxonomy says is usual."""

    def __init__(self, offers):
        self._conditions, seen, radii = {}, Counter(), Counter()
        for offer in offers:
            family = taxonomy.nearest(offer.category).family
            self._conditions.setdefault(family, Counter())[offer.conditions] += 1
            radii[offer.radius_km] += 1
            if offer.visibility != Visibility.CHOSEN:  # whom it chose is told of one offer, not of the others
                seen[offer.visibility] += 1
        self._visibility = _most(seen, Visibility.EVERYONE)
        self._radius = _most(radii, None)

    def completed(self, line):
        """The details of an offer made of ``line``: what the file tells, completed by what is usual."""
        details = {"quantity": 1, "text": "", **line.facts, "category": line.category}
        if "conditions" not in details:
            kind = taxonomy.nearest(line.category)
            usual = _most(self._conditions.get(kind.family, Counter()), kind.conditions)
            free = Listing.Conditions.FREE
            details["conditions"] = free if usual == free else Listing.Conditions.COST_SHARE
            details |= {"price_cents": None, "price_unit": Listing.PriceUnit.TOTAL}
        return details | {"visibility": self._visibility, "radius_km": self._radius}


def _most(counter, otherwise):
    return counter.most_common(1)[0][0] if counter else otherwise


def _price_said(details):
    priced = {name: details[name] for name in _PRICED}
    return conditions.sentence(Listing(direction=Listing.Direction.OFFER, **priced))
