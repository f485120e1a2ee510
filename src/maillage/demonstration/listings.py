"""What the invented structures offer and need, written by hands that differ."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from maillage.demonstration.moments import DrawnMoment, draw_moment
from maillage.demonstration.parts import chance, listing_templates, parts
from maillage.sharing import terms

PARIS = ZoneInfo("Europe/Paris")
GOODS = ("technical.vehicles.", "technical.equipment.")
NEED_RADIUS_KM = (15, 30)
STATES = ("published",) * 46 + ("paused",) * 3 + ("closed",) * 2
VISIBILITIES = {
    "offer": ("everyone",) * 16 + ("members",) * 2 + ("chosen",),
    "need": ("members",) * 16 + ("everyone",) * 2 + ("chosen",),
}
IN_A_NETWORK = ("network",) * 5  # added to these when there is a network to speak to


@dataclass(frozen=True)
class DrawnListing:
    """``structure`` and ``readers`` are positions among the drawn structures."""

    structure: int
    direction: str
    category: str
    title: str
    text: str
    moment: DrawnMoment
    published_at: datetime
    valid_until: date
    quantity: int = 1
    radius_km: int | None = None
    conditions: str = "free"
    price_cents: int | None = None
    price_unit: str = "total"
    visibility: str = "everyone"
    state: str = "published"
    readers: tuple = ()


def draw_listings(*, seed, today, structures, offers, needs):
    """The listings of anchors.toml, then templates in turn until there are ``offers`` offers and ``needs`` needs."""
    rng = chance(seed, "listings")
    drawn = [
        _anchored(rng, position, entry, today)
        for position, anchor in enumerate(parts("anchors")["structure"][: len(structures)])
        for entry in anchor.get("listing", ())
    ]
    desk = _Desk(rng, structures, today, drawn)
    for direction, wanted in (("offer", offers), ("need", needs)):
        missing = wanted - sum(listing.direction == direction for listing in drawn)
        for template in _in_turn(rng, listing_templates(direction), missing):
            drawn.append(desk.write(direction, template))
    return drawn


class _Desk:
    """Writes one listing after the other: gives each to a structure that fits, and never writes a text twice."""

    def __init__(self, rng, structures, today, drawn):
        self.rng, self.structures, self.today = rng, structures, today
        self.texts = {listing.text for listing in drawn}
        self.counts = [0] * len(structures)
        self.categories = {(listing.structure, listing.category) for listing in drawn}
        for listing in drawn:
            self.counts[listing.structure] += 1

    def write(self, direction, template):
        position = self._choose_structure(template)
        structure = self.structures[position]
        title, quantity, text = self._word(direction, template, structure.voice)
        self.texts.add(text)
        self.counts[position] += 1
        self.categories.add((position, template["category"]))
        moment = draw_moment(self.rng, self.rng.choice(template["when"]), self.today)
        published_at = _published_at(self.rng, self.today)
        visibility = self.rng.choice(VISIBILITIES[direction] + (IN_A_NETWORK if structure.network else ()))
        return DrawnListing(
            position,
            direction,
            template["category"],
            title,
            text,
            moment,
            published_at,
            terms.usual_until(direction, published_at.date(), moment.last_day),
            quantity=quantity,
            radius_km=_draw_radius(self.rng, direction, template),
            **_price(self.rng.choice(template.get("conditions", [["free"]]))),
            visibility=visibility,
            state=self.rng.choice(STATES),
            readers=self._choose_readers(position) if visibility == "chosen" else (),
        )

    def _choose_structure(self, template):
        """A structure of a fitting theme that has nothing in this category, rather one with few listings."""
        fitting = [
            position
            for position, structure in enumerate(self.structures)
            if structure.listings
            and structure.theme in template.get("themes", (structure.theme,))
            and (position, template["category"]) not in self.categories
        ]
        candidates = fitting or [position for position, structure in enumerate(self.structures) if structure.listings]
        (position,) = self.rng.choices(candidates, [1 / (1 + self.counts[candidate]) for candidate in candidates])
        return position

    def _choose_readers(self, position):
        others = [other for other in range(len(self.structures)) if other != position]
        return tuple(sorted(self.rng.sample(others, min(3, len(others)))))

    def _word(self, direction, template, voice):
        """(title, quantity, text); another opening and closing as long as the text has been said already."""
        phrases = parts("phrases")[direction][voice]
        while True:
            title, quantity = self._draw_title(template)
            body = self.rng.choice(template["bodies"]).format(quantity=quantity)
            is_goods = template["category"].startswith(GOODS)
            closings = phrases["closings"] + (phrases["goods"] if is_goods else [])
            opening, closing = self.rng.choice(phrases["openings"]), self.rng.choice(closings)
            text = " ".join(part for part in (opening, body, closing) if part)
            if text not in self.texts:
                return title, quantity, text

    def _draw_title(self, template):
        title = self.rng.choice(template["titles"])
        if isinstance(title, list):
            return title
        if "{quantity}" not in title + "".join(template["bodies"]):
            return title, 1
        quantity = self.rng.randint(*template["quantity"])
        quantity = round(quantity, -1) if quantity >= 50 else quantity
        return title.format(quantity=quantity), quantity


def _in_turn(rng, templates, count):
    """``count`` templates: decks in which each comes as often as its share, shuffled one after the other."""
    deck = [template for template in templates for _ in range(template.get("share", 1))]
    turn: list[dict] = []
    while len(turn) < count:
        turn += rng.sample(deck, len(deck))
    return turn[: max(count, 0)]


def _anchored(rng, position, entry, today):
    moment, published_at = draw_moment(rng, entry.get("when", "always"), today), _published_at(rng, today)
    usual = terms.usual_until(entry["direction"], published_at.date(), moment.last_day)
    return DrawnListing(
        position,
        entry["direction"],
        entry["category"],
        entry["title"],
        entry["text"],
        moment,
        published_at,
        today + timedelta(days=entry["ends_in"]) if "ends_in" in entry else usual,
        quantity=entry.get("quantity", 1),
        radius_km=entry.get("radius"),
        **_price(entry.get("conditions", ["free"])),
        visibility=entry.get("visibility", "everyone" if entry["direction"] == "offer" else "members"),
    )


def _price(words):
    """["cost_share", 35, "km"] as fields; a need may say « cost_share » without an amount."""
    conditions, cents, unit = [*words, None, "total"][:3] if len(words) < 3 else words
    return {"conditions": conditions, "price_cents": cents, "price_unit": unit}


def _draw_radius(rng, direction, template):
    bounds = template.get("radius", NEED_RADIUS_KM if direction == "need" else None)
    return rng.randrange(bounds[0], bounds[1] + 1, 5) if bounds else None


def _published_at(rng, today):
    day = today - timedelta(days=rng.randrange(1, 80))
    return datetime.combine(day, time(rng.randrange(7, 23), rng.randrange(60)), tzinfo=PARIS)
