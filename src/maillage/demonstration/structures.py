"""Which invented structures there are, where, what they are called and which network they belong to."""

from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate

from maillage.demonstration.parts import chance, parts
from maillage.demonstration.wording import at_commune, draw_emblem
from maillage.engine.french import of_fr

VILLAGE_BELOW, TOWN_BELOW = 2_000, 20_000
MEMBERS_IN_TEN = 8


@dataclass(frozen=True)
class Place:
    """What the demonstration reads of a commune."""

    code: str
    name: str
    population: int


@dataclass(frozen=True)
class DrawnStructure:
    """``network``: the network it is a member of, or leads when ``is_head``; ``listings``: False when it has none."""

    name: str
    theme: str
    kind: str
    commune: str
    presentation: str
    voice: str
    network: str
    is_head: bool
    listings: bool


def draw_structures(*, seed, places, count):
    """``count`` structures: those of anchors.toml first, the others in proportion to the population of the places.

    places  Place of each commune, in a stable order
    """
    rng = chance(seed, "structures")
    by_name = {place.name: place for place in places}
    anchors = parts("anchors")["structure"][:count]
    drawn_places = spread(rng, places, count - len(anchors))
    drawn = [_anchored(rng, anchor, by_name.get(anchor["commune"]) or rng.choice(places)) for anchor in anchors]
    names = {structure.name for structure in drawn}
    for place in drawn_places:
        structure = _compose(rng, place)
        while structure.name in names:
            structure = _compose(rng, place)
        names.add(structure.name)
        drawn.append(structure)
    return drawn


def spread(rng, places, count):
    """``count`` places in proportion to population: each gets its share, rounded down or up (systematic sampling)."""
    if count <= 0:
        return []
    bounds = list(accumulate(place.population for place in places))
    step = bounds[-1] / count
    first = rng.random() * step
    return [places[min(bisect(bounds, first + step * rank), len(places) - 1)] for rank in range(count)]


def _compose(rng, place):
    size = 0 if place.population < VILLAGE_BELOW else 1 if place.population < TOWN_BELOW else 2
    themes = parts("structures")["theme"]
    (theme,) = rng.choices(themes, [theme["weights"][size] for theme in themes])
    emblem, of_emblem = draw_emblem(rng)
    name = rng.choice(theme["names"]).format(emblem=emblem, of_emblem=of_emblem)
    return _structure(rng, theme, place, name=name)


def _anchored(rng, anchor, place):
    themes = {theme["code"]: theme for theme in parts("structures")["theme"]}
    wanted = {key: anchor[key] for key in ("presentation", "voice", "head", "listings") if key in anchor}
    return _structure(rng, themes[anchor["theme"]], place, name=anchor["name"], **wanted)


def _structure(rng, theme, place, *, name, presentation="", voice="", head="", listings=True):
    composed = f"{rng.choice(theme['presentations'])} {rng.choice(parts('structures')['details'])}".format(
        members=rng.randrange(24, 180),
        year=rng.randrange(1948, 2024),
        fee=rng.randrange(5, 31),
        at_commune=at_commune(place.name),
        of_commune=of_fr(place.name),
    )
    drawn_voice = rng.choice(("warm", "formal"))
    is_member = rng.randrange(10) < MEMBERS_IN_TEN
    return DrawnStructure(
        name=name,
        theme=theme["code"],
        kind=theme.get("kind", "association"),
        commune=place.code,
        presentation=presentation or composed,
        voice=voice or drawn_voice,
        network=head or (theme.get("network", "") if is_member else ""),
        is_head=bool(head),
        listings=bool(listings),
    )
