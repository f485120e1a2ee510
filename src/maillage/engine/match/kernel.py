"""How a need and an offer compare, and the loops that find the best among millions: what Numba compiles.

The formula holds for one pair or for arrays of pairs. ``compiled`` and ``pairs`` both run it, and give the same bytes
because it only uses what IEEE 754 rounds the same everywhere: + − × ÷ √. All is in one file because Numba keeps what it
has compiled until this file changes, whatever changes elsewhere.

Some ``asked`` listings are compared with the ``others``: needs with offers, or offers with needs. All four are Sides,
and n, o, i and j are rows of theirs.
"""

from typing import NamedTuple

import numpy as np

WEIGHT_CATEGORY, WEIGHT_NEARNESS, WEIGHT_TEXT, WEIGHT_TIME = 0.40, 0.25, 0.25, 0.10
HALF_NEAR_KM = 20  # at this distance an offer is half as near as next door
MILLION = 1_000_000  # scores equal to a millionth are equal: the smaller row goes first
EARTH_RADIUS_KM = 6371.0088

TILE = 64  # listings that are looked at together
RINGS2 = tuple((km / EARTH_RADIUS_KM) ** 2 for km in (8.0, 32.0, 128.0, 512.0, np.inf))
LAST_ROW = 2**32 - 1
NOTHING = -1  # a key worse than all


class Side(NamedTuple):
    """Needs, or offers, as they are read here: n rows, in any order.

    row                 (n,) int64: the number of each in its Columns
    price               (n,) int64: an open one is the most for a need, 0 for an offer
    x, y, z             (n,) float64: on a globe of radius 1; z goes North, x to longitude 0°, y to longitude 90°
    reach2              (n,) float64: the square of the chord of the radius; inf: no limit
    first_stem, stems   (n + 1,) int64, (s,) int32
    signature           (n,) uint64: for each stem, the bit of its remainder by 64
    repeated            (n,) int64: how many stems have a bit that an earlier one has
    scale               (n,) float64: one upon the square root of the number of stems
    vocabulary          (1,) int64: more than the largest stem
    calendar            (n,) int32
    first_span          (c + 1,) int64: the spans of each calendar
    starts, ends        (s,) int64: microseconds
    total               (c,) int64: microseconds in each calendar
    """

    row: np.ndarray
    category: np.ndarray
    structure: np.ndarray
    quantity: np.ndarray
    price: np.ndarray
    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    reach2: np.ndarray
    first_stem: np.ndarray
    stems: np.ndarray
    signature: np.ndarray
    repeated: np.ndarray
    scale: np.ndarray
    vocabulary: np.ndarray
    calendar: np.ndarray
    first_span: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    total: np.ndarray


class Tiles(NamedTuple):
    """Where the listings of a Side are: tiles of TILE listings at most, of one category and near each other.

    first                   (categories + 1,) int64: the tiles of each category
    start                   (t + 1,) int64: the rows of each tile
    reach2                  (t,) float64: the most in the tile
    west_x…, south, north   (t,) float64: the least and the most of x, y and z
    """

    first: np.ndarray
    start: np.ndarray
    reach2: np.ndarray
    west_x: np.ndarray
    east_x: np.ndarray
    west_y: np.ndarray
    east_y: np.ndarray
    south: np.ndarray
    north: np.ndarray


class Visits(NamedTuple):
    """For category c of those asked, the ``category`` and ``levels`` from ``first[c]`` to ``first[c + 1]``."""

    first: np.ndarray
    category: np.ndarray
    levels: np.ndarray


def is_allowed(needs, n, offers, o):
    """The limits of quantity, price and structure."""
    return (
        (needs.quantity[n] <= offers.quantity[o])
        & (needs.price[n] >= offers.price[o])
        & (needs.structure[n] != offers.structure[o])
    )


def chord2(x, y, z):
    """The square of a straight line, from its extent along each axis; here, through a globe of radius 1."""
    return x * x + y * y + z * z


def arc_km(straight2):
    """The way along the globe: 2 arcsin(chord / 2), the angle being halved three times, then developed in series."""
    square = np.minimum(straight2 / 4, 1.0)  # of the sine of half the angle
    for _ in range(3):
        square = square / (2 + 2 * np.sqrt(1 - square))
    series = 143 / 10240
    for coefficient in (231 / 13312, 63 / 2816, 35 / 1152, 5 / 112, 3 / 40, 1 / 6, 1.0):
        series = coefficient + square * series
    return 16 * EARTH_RADIUS_KM * np.sqrt(square) * series


def likeness(common, size, other_size):
    """The cosine of two sets that have ``common`` members in common; 0 when either is empty."""
    return common / np.sqrt(np.maximum(1, size * other_size))


def millionths(levels, distance_km, likeness, time_share):
    """The score; ``levels`` are those of the offer's category below the need's."""
    return np.rint(
        MILLION
        * (
            WEIGHT_CATEGORY / (1 + levels)
            + WEIGHT_NEARNESS / (1 + distance_km / HALF_NEAR_KM)
            + WEIGHT_TEXT * likeness
            + WEIGHT_TIME * time_share
        )
    )


# From here on, for Numba alone: rows are single numbers.


class Hunt(NamedTuple):
    """What one thread works with.

    tiles    where the others are (see ``sides``)
    turned   whether offers are asked, and needs are the others
    wanted   bool for each stem: whether the listing that is asked has it
    near2    TILE floats: what ``sift`` has found
    keys     a heap of the best so far, the worst of them first. A key is a score above, LAST_ROW less the row below
    away_km  the distance of each key
    """

    asked: Side
    others: Side
    tiles: Tiles
    turned: bool
    wanted: np.ndarray
    near2: np.ndarray
    keys: np.ndarray
    away_km: np.ndarray


def answer(asked, chosen, others, tiles, visits, turned, rows, scores, distances):
    """Write the best of the others for each row i of ``chosen`` on line i of the last three, best first.

    visits  for each category that is asked, those of the others to look at
    """
    top = rows.shape[1]
    wanted, near2 = np.zeros(max(asked.vocabulary[0], others.vocabulary[0]), np.bool_), np.empty(TILE)
    hunt = Hunt(asked, others, tiles, turned, wanted, near2, np.empty(top, np.int64), np.empty(top))
    for i in chosen:
        hunt.keys[:] = NOTHING
        mark(hunt, i, True)
        for visit in range(visits.first[asked.category[i]], visits.first[asked.category[i] + 1]):
            search(hunt, i, visits.category[visit], visits.levels[visit])
        mark(hunt, i, False)
        for place in range(top - 1, -1, -1):
            if hunt.keys[0] != NOTHING:
                rows[i, place] = LAST_ROW - (hunt.keys[0] & LAST_ROW)
                scores[i, place] = (hunt.keys[0] >> 32) / MILLION
                distances[i, place] = hunt.away_km[0]
            replace_worst(hunt, hunt.keys[place], hunt.away_km[place], place)


def mark(hunt, i, value):
    for stem in hunt.asked.stems[hunt.asked.first_stem[i] : hunt.asked.first_stem[i + 1]]:
        hunt.wanted[stem] = value


def search(hunt, i, category, levels):
    """Look at the tiles of a category, ring after ring, until what is left is too far to matter."""
    tiles, inner2 = hunt.tiles, -1.0
    for outer2 in RINGS2:
        reach2 = min(hunt.asked.reach2[i], useful_reach2(hunt.keys[0], levels))
        for tile in range(tiles.first[category], tiles.first[category + 1]):
            gap2 = tile_gap2(hunt, i, tile)
            if inner2 < gap2 <= min(outer2, reach2, tiles.reach2[tile]):
                scan(hunt, i, tiles.start[tile], tiles.start[tile + 1], levels, gap2)
        if outer2 >= reach2:
            break
        inner2 = outer2


def tile_gap2(hunt, i, tile):
    """The square of the straight line to a tile: never more than to a listing in it, even once rounded."""
    asked, tiles = hunt.asked, hunt.tiles
    return chord2(
        max(0.0, tiles.west_x[tile] - asked.x[i], asked.x[i] - tiles.east_x[tile]),
        max(0.0, tiles.west_y[tile] - asked.y[i], asked.y[i] - tiles.east_y[tile]),
        max(0.0, tiles.south[tile] - asked.z[i], asked.z[i] - tiles.north[tile]),
    )


def scan(hunt, i, begin, end, levels, gap2):
    """Compare with the others from ``begin`` to ``end``, none of which is nearer than ``gap2``."""
    asked, others = hunt.asked, hunt.others
    size = asked.first_stem[i + 1] - asked.first_stem[i]
    sift(hunt, i, begin, end, needed_likeness(hunt.keys[0], levels, gap2))
    for j in range(begin, end):
        straight2 = hunt.near2[j - begin]
        if straight2 == np.inf:
            continue
        if not (is_allowed(others, j, asked, i) if hunt.turned else is_allowed(asked, i, others, j)):
            continue
        stems = others.stems[others.first_stem[j] : others.first_stem[j + 1]]
        common = 0
        for stem in stems:
            common += hunt.wanted[stem]
        alike = likeness(common, size, len(stems))
        if alike < needed_likeness(hunt.keys[0], levels, straight2):
            continue
        share = time_share(others, j, asked, i) if hunt.turned else time_share(asked, i, others, j)
        if share == 0:
            continue
        distance_km = arc_km(straight2)
        score = np.int64(millionths(levels, distance_km, alike, share))
        key = (score << 32) | (LAST_ROW - others.row[j])
        if key > hunt.keys[0]:
            replace_worst(hunt, key, distance_km, len(hunt.keys))


def sift(hunt, i, begin, end, needed):
    """Write in ``near2`` how far the others are, inf for those too far or too unlike.

    Without a branch, and with nothing read that is written, so that processors do several at a time.
    """
    asked, others, near2 = hunt.asked, hunt.others, hunt.near2
    x, y, z, reach2 = asked.x[i], asked.y[i], asked.z[i], asked.reach2[i]
    signature, repeated, scale = asked.signature[i], asked.repeated[i], asked.scale[i]
    xs, ys, zs, reaches2 = others.x[begin:end], others.y[begin:end], others.z[begin:end], others.reach2[begin:end]
    signatures, scales = others.signature[begin:end], others.scale[begin:end]
    for place in range(end - begin):
        straight2 = chord2(xs[place] - x, ys[place] - y, zs[place] - z)
        most_alike = scale * scales[place] * (ones(signatures[place] & signature) + repeated)
        kept = (straight2 <= reach2) & (straight2 <= reaches2[place]) & (most_alike >= needed)
        near2[place] = straight2 if kept else np.inf


def ones(word):
    """How many bits of a word of 64 are set (processors have an instruction for it, which LLVM recognises here)."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


# Two bounds that let most listings be left out. A millionth is given away, far more than rounding could take.


def needed_likeness(worst, levels, least2):
    """The likeness below which what is not nearer than ``least2`` can't beat ``worst``, even at the best of times."""
    least_km = EARTH_RADIUS_KM * np.sqrt(least2)
    rest = WEIGHT_CATEGORY / (1 + levels) + WEIGHT_NEARNESS / (1 + least_km / HALF_NEAR_KM) + WEIGHT_TIME
    return (((worst >> 32) - 1) / MILLION - rest) / WEIGHT_TEXT


def useful_reach2(worst, levels):
    """The square of the chord beyond which nothing can beat ``worst``, whatever it says."""
    nearness = ((worst >> 32) - 1) / MILLION - WEIGHT_CATEGORY / (1 + levels) - WEIGHT_TEXT - WEIGHT_TIME
    if nearness <= 0:
        return np.inf
    reach = HALF_NEAR_KM * (WEIGHT_NEARNESS / nearness - 1) / EARTH_RADIUS_KM
    return reach * reach if reach >= 0 else -1.0


def time_share(needs, n, offers, o):
    """The share of the need's time at which the offer is free: 1 when either is always."""
    a, end_a = needs.first_span[needs.calendar[n]], needs.first_span[needs.calendar[n] + 1]
    b, end_b = offers.first_span[offers.calendar[o]], offers.first_span[offers.calendar[o] + 1]
    if a == end_a or b == end_b:
        return 1.0
    common = 0
    while a < end_a and b < end_b:
        common += max(0, min(needs.ends[a], offers.ends[b]) - max(needs.starts[a], offers.starts[b]))
        if needs.ends[a] < offers.ends[b]:
            a += 1
        else:
            b += 1
    return common / max(1, needs.total[needs.calendar[n]])


def replace_worst(hunt, key, away_km, size):
    """Put a key in the place of the first of the heap, which has ``size`` keys, and let it sink to its own."""
    keys, place = hunt.keys, 0
    while 2 * place + 1 < size:
        child = 2 * place + 1
        if child + 1 < size and keys[child + 1] < keys[child]:
            child += 1
        if key <= keys[child]:
            break
        keys[place], hunt.away_km[place] = keys[child], hunt.away_km[child]
        place = child
    keys[place], hunt.away_km[place] = key, away_km
