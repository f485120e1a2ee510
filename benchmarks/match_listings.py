"""Invented needs and offers as columns: people live where they live, say what the taxonomy says, are free at times.

Structures sit in the communes, by population; several listings of one share its place. Categories, radii, days and
prices have the shares of benchmarks/search.py, made by whole arrays because a million and a half take seconds that way.
"""

import tomllib
from datetime import date, datetime, time, timedelta
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from maillage.engine.match import OPEN, Codes, Columns, Listing
from maillage.territory.files import communes

OCCITANIE = ("09", "11", "12", "30", "31", "32", "34", "46", "48", "65", "66", "81", "82")
FAMILY_SHARE = {"technical": 45, "services": 20, "training": 8, "jobs": 6, "information": 5}
OTHER_FAMILY_SHARE = 4
FIRST_DAY = date(2026, 11, 7)
DAYS = 366
WEEKS = ((), (5, 6), (0, 1, 2, 3, 4))  # days of the week; (): all
SEASONS = 40  # starts of a season, and as many ends
SAID_OF = (3, 3, 3, 2, 2, 1)  # a listing has six phrases: three of its own category, two of its kind, one of its family
RADII_KM = (np.inf, np.inf, 10, 20, 30, 50)


class Kind(NamedTuple):
    """A category of the taxonomy, with what people call it."""

    code: str
    phrases: tuple[str, ...]


def taxonomy():
    """The Kinds of the taxonomy that have no children."""
    raw = files("maillage.sharing").joinpath("data/taxonomy.toml").read_text(encoding="utf-8")
    return list(_leaves(tomllib.loads(raw), ""))


def _leaves(entry, code):
    children = {name: value for name, value in entry.items() if isinstance(value, dict)}
    if not children:
        yield Kind(code, (entry["label"], *entry.get("synonyms", ())))
    for name, value in children.items():
        yield from _leaves(value, f"{code}.{name}" if code else name)


def invented(count, departements, seed=31):
    """(needs, offers): the Columns of ``count`` of each, in some départements (None: all)."""
    chance, codes, kinds = np.random.default_rng(seed), Codes(), taxonomy()
    homes = [row for row in communes() if departements is None or row[2] in departements]
    populations = np.array([row[4] for row in homes], float) + 20
    places = np.array([(row[6], row[7]) for row in homes])[
        chance.choice(len(homes), count // 2, p=populations / populations.sum())
    ]
    places += chance.normal(0, (0.008, 0.011), places.shape)
    common = {"codes": codes, "kinds": kinds, "phrases": _phrases(codes, kinds), "places": places}
    common["calendars"] = _calendars(codes)
    return tuple(_side(chance, count, needs=needs, **common) for needs in (True, False))


def as_listing(columns, row, words, categories):
    """The Listing of a row, as a page would have it; ``words`` and ``categories``: what the codes stand for."""
    spans = slice(*columns.calendars.first[columns.calendar[row] + (0, 1)])
    bounds = columns.calendars.starts[spans], columns.calendars.ends[spans]
    stems = columns.stems[columns.first_stem[row] : columns.first_stem[row + 1]]
    price, radius = columns.price_cents[row].item(), columns.radius_km[row].item()
    return Listing(
        id=row,
        structure=columns.structure[row].item(),
        category=categories[columns.category[row]],
        lat=columns.lat[row].item(),
        lon=columns.lon[row].item(),
        text=" ".join(words[stem] for stem in stems),
        quantity=columns.quantity[row].item(),
        radius_km=None if np.isinf(radius) else radius,
        windows=tuple(zip(*(column.astype("M8[us]").tolist() for column in bounds), strict=True)),
        price_cents=None if price == OPEN else price,
    )


def _side(chance, count, *, codes, kinds, phrases, places, calendars, needs):
    structure = chance.integers(0, len(places), count)
    shares = np.array([FAMILY_SHARE.get(kind.code.partition(".")[0], OTHER_FAMILY_SHARE) for kind in kinds], float)
    families = [kind.code.partition(".")[0] for kind in kinds]
    shares /= [families.count(family) for family in families]
    kind = chance.choice(len(kinds), count, p=shares / shares.sum())
    leaf = np.array([codes.category(entry.code) for entry in kinds], np.int32)
    parent = np.array([codes.category(entry.code.rpartition(".")[0]) for entry in kinds], np.int32)
    is_wide = chance.random(count) < (0.1 if needs else 0.02)
    first_stem, stems = _texts(chance, kinds, kind, phrases)
    dated = np.where(chance.random(count) < 0.2, chance.integers(1, 1 + SEASONS**2, count), 0)
    week = chance.choice(3, count, p=(0.6, 0.2, 0.2))
    price = chance.integers(200, 20_000, count) * (2 if needs else 1)
    openness = chance.random(count)
    quantity = np.ones(count, np.int64)
    several = chance.random(count) < 0.2
    quantity[several] = chance.integers(2, 10 if needs else 60, several.sum())
    return Columns(
        codes=codes,
        structure=structure,
        category=np.where(is_wide, parent[kind], leaf[kind]),
        lat=places[structure, 0],
        lon=places[structure, 1],
        quantity=quantity,
        radius_km=chance.choice(RADII_KM, count),
        price_cents=np.select([openness < 0.3, openness < 0.6], [0, OPEN], price),
        first_stem=first_stem,
        stems=stems,
        calendar=(week * (1 + SEASONS**2) + dated).astype(np.int32),
        calendars=calendars,
    )


def _phrases(codes, kinds):
    """(first, rows): the phrases of kind k are the rows first[k] to first[k + 1], of stems, -1 for none."""
    first_stem, stems = codes.texts(phrase for kind in kinds for phrase in kind.phrases)
    size = np.diff(first_stem)
    rows = np.full((len(size), size.max()), -1, np.int32)
    rows[np.arange(size.max()) < size[:, None]] = stems
    return np.concatenate(([0], np.cumsum([len(kind.phrases) for kind in kinds]))), rows


def _texts(chance, kinds, kind, phrases):
    """(first_stem, stems) of listings of these numbers of ``kinds``."""
    first, rows = phrases
    said = []
    for levels in SAID_OF:
        above = [kind.code.split(".")[:levels] for kind in kinds]
        low = np.array([above.index(code) for code in above])[kind]
        high = len(above) - np.array([above[::-1].index(code) for code in above])[kind]
        said.append(rows[chance.integers(first[low], first[high])])
    said = np.sort(np.concatenate(said, axis=1), axis=1)
    kept = said >= 0
    kept[:, 1:] &= said[:, 1:] != said[:, :-1]
    return np.concatenate(([0], np.cumsum(kept.sum(axis=1)))), said[kept]


def _calendars(codes):
    """For each of WEEKS: always, then each season."""
    ends = np.linspace(0, DAYS, SEASONS + 1).astype(int)
    seasons = [(0, DAYS)] + [
        (start, min(DAYS, start + int(length)))
        for start in ends[:-1].tolist()
        for length in np.linspace(30, DAYS, SEASONS)
    ]
    return codes.calendars(
        () if not week and season == (0, DAYS) else tuple(_windows(week, *season))
        for week in WEEKS
        for season in seasons
    )


def _windows(week, first, last):
    """Whole days as (start, end) datetimes, those on end together."""
    days = [day for day in range(first, last) if not week or (FIRST_DAY + timedelta(day)).weekday() in week]
    return [(_midnight(day), _midnight(day + 1)) for day in days]


def _midnight(day):
    return datetime.combine(FIRST_DAY + timedelta(day), time())
