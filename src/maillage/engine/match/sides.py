"""Columns made ready to compare: places on a globe of radius 1, open prices as numbers, listings in tiles."""

import numpy as np

from maillage.engine.match.codes import ranges
from maillage.engine.match.columns import OPEN
from maillage.engine.match.kernel import EARTH_RADIUS_KM, TILE, Side, Tiles


def side_of(columns, *, needs):
    """The Side of Columns of ``needs``, or of offers, in their order."""
    price, open_price = _plain(columns.price_cents, np.int64), np.iinfo(np.int64).max if needs else 0
    first_stem, stems = _plain(columns.first_stem, np.int64), _plain(columns.stems, np.int32)
    size, signature = np.diff(first_stem), _signature(first_stem, stems)
    first_span, starts, ends = (_plain(column, np.int64) for column in columns.calendars)
    elapsed = np.concatenate(([0], np.cumsum(ends - starts)))
    x, y, z = on_globe(columns)
    return Side(
        row=np.arange(len(columns)),
        category=_plain(columns.category, np.int32),
        structure=_plain(columns.structure, np.int64),
        quantity=_plain(columns.quantity, np.int64),
        price=np.where(price == OPEN, open_price, price),
        x=x,
        y=y,
        z=z,
        reach2=reach2_of(columns),
        first_stem=first_stem,
        stems=stems,
        signature=signature,
        repeated=size - np.bitwise_count(signature),
        scale=1 / np.sqrt(np.maximum(1, size)),
        vocabulary=np.array([stems.max(initial=-1) + 1], np.int64),
        calendar=_plain(columns.calendar, np.int32),
        first_span=first_span,
        starts=starts,
        ends=ends,
        total=np.diff(elapsed[first_span]),
    )


def _plain(column, kind):
    """The kind of array that Numba has compiled the loops for: it would compile them again for another."""
    column = np.ascontiguousarray(column, kind)
    return column if column.flags.writeable else column.copy()


def on_globe(columns):
    """(x, y, z) of each listing, on a globe of radius 1 (as in Side)."""
    latitude, longitude = np.radians(_plain(columns.lat, float)), np.radians(_plain(columns.lon, float))
    return np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)


def reach2_of(columns):
    """The square of the chord of each radius; inf from half a turn on, which goes everywhere."""
    half_angle = _plain(columns.radius_km, float) / (2 * EARTH_RADIUS_KM)
    return np.where(half_angle < np.pi / 2, (2 * np.sin(np.minimum(half_angle, np.pi / 2))) ** 2, np.inf)


def _signature(first_stem, stems):
    bits = np.append(np.uint64(1) << (stems & 63).astype(np.uint64), np.uint64(0))
    return np.where(np.diff(first_stem), np.bitwise_or.reduceat(bits, first_stem[:-1]), np.uint64(0))


def tile_order(side, categories):
    """(rows of a Side tile by tile, place of the first row of each tile in this order).

    Each category is cut in strips from South to North, and each strip in tiles from West to East, so that tiles are as
    small as people are many (sort-tile-recursive: Leutenegger, Lopez and Edgington, 1997). Listings that go anywhere
    have tiles of their own: the others' are soon too far.
    """
    group = 2 * side.category + np.isinf(side.reach2)
    rows = np.lexsort((side.z, group))
    group = group[rows]
    size = np.bincount(group, minlength=2 * categories)
    strip_length = np.ceil(np.sqrt(size / TILE)).astype(np.int64)[group] * TILE
    rank = np.arange(len(rows)) - (np.cumsum(size) - size)[group]
    strip, tile = rank // strip_length, rank % strip_length // TILE
    changes = [np.diff(number, prepend=-1) != 0 for number in (group, strip, tile)]
    return rows[np.lexsort((side.y[rows], strip, group))], np.flatnonzero(np.any(changes, axis=0))


def in_tiles(side, categories):
    """The Side in the order of its Tiles, and these."""
    rows, begin = tile_order(side, categories)
    side = taken(side, rows)
    first = np.searchsorted(side.category[begin], np.arange(categories + 1))
    boxes = [bound.reduceat(axis, begin) for axis in (side.x, side.y, side.z) for bound in (np.minimum, np.maximum)]
    return side, Tiles(first, np.append(begin, len(rows)), np.maximum.reduceat(side.reach2, begin), *boxes)


def taken(side, rows):
    """Some rows of a Side."""
    names = ("row", "category", "structure", "quantity", "price", "x", "y", "z", "reach2")
    names += ("signature", "repeated", "scale", "calendar")
    count = np.diff(side.first_stem)[rows]
    return side._replace(
        **{name: getattr(side, name)[rows] for name in names},
        first_stem=np.concatenate(([0], np.cumsum(count))),
        stems=side.stems[ranges(side.first_stem[rows], count)],
    )
