"""Listings by the thousand, as columns."""

from datetime import datetime, timedelta

import numpy as np

from maillage.engine.match import OPEN, Columns

SATURDAY = datetime.fromisoformat("2026-11-07")
CALENDARS = 20


def invented(seed, count, codes, spread):
    """Columns of ``count`` listings, ``spread`` degrees around Toulouse: 0 is one place, 90 the world and its poles."""
    chance = np.random.default_rng(seed)
    categories = [codes.category(code) for code in ("a", "a.b", "a.b.c", "a.b.d", "e")]
    lat = np.clip(chance.normal(43.6, spread, count).round(2), -90, 90)
    lon = (chance.normal(1.4, 2 * spread, count).round(2) + 180) % 360 - 180
    first_stem, stems = codes.texts(" ".join(f"mot{stem}" for stem in chance.zipf(1.3, 12) % 300) for _ in range(count))
    calendars = [
        hours(*((start, start + length) for start, length in chance.integers(1, 30, (size, 2)).tolist()))
        for size in chance.integers(0, 9, CALENDARS)
    ]
    return Columns(
        codes=codes,
        structure=chance.integers(0, 20, count),
        category=chance.choice(categories, count, p=(0.05, 0.05, 0.6, 0.2, 0.1)),
        lat=lat,
        lon=lon,
        quantity=chance.integers(1, 4, count),
        radius_km=chance.choice([0, 3, 20, 100, 3_000, 19_000, 25_000, np.inf], count, p=(0.02, *[0.14] * 7)),
        price_cents=chance.choice([OPEN, 0, 1000, 3000], count),
        first_stem=first_stem,
        stems=stems,
        calendar=chance.integers(0, CALENDARS, count),
        calendars=codes.calendars(calendars),
    )


def hours(*pairs):
    return tuple((SATURDAY + timedelta(hours=start), SATURDAY + timedelta(hours=end)) for start, end in pairs)
