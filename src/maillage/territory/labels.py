"""Names of towns on a map: the most populated first, each where it hides neither a pin nor another name."""

from dataclasses import dataclass

LETTER_WIDTH = 0.56  # of the font size, on average
SMALL_SCREEN = 1.7  # on a small screen, names and pins are this much larger beside the land
SHOWN = 0.6  # of a centred map, on the narrowest screen: its middle
SPOTS = (("start", 9, 5), ("end", -9, 5), ("middle", 0, 22), ("middle", 0, -10))  # anchor, right, down, in pixels
PIN_BOX = (-20, -52, 40, 54)  # around the tip of a pin, in pixels


@dataclass(frozen=True)
class Label:
    """A name and where it stands; ``is_major`` when a small screen has room for it, ``is_outer`` when it may be cut."""

    x: int
    y: int
    text: str
    anchor: str
    text_x: int
    text_y: int
    is_major: bool
    is_first: bool
    is_outer: bool


def place_labels(towns, *, box, unit, first=(), limit=12, obstacles=()):
    """Labels of ``towns`` (most populated first) in ``box``; those whose code is in ``first`` come before the others.

    unit       of the map for one pixel
    obstacles  (x, y) of pins
    """
    taken = [_moved(PIN_BOX, x, y, unit) for x, y in obstacles]
    shown = sorted((town for town in towns if _is_inside(town, box)), key=lambda town: town.code not in first)
    taken_small = [_moved(PIN_BOX, x, y, SMALL_SCREEN * unit) for x, y in obstacles]
    labels = []
    for town in shown[: 12 * limit]:
        is_first = town.code in first
        size = 20 if is_first else 17
        small = _free_spot(town, size, SMALL_SCREEN * unit, box, taken_small)
        spot = (
            small
            if small and _is_free(town, small, size, unit, box, taken)
            else _free_spot(town, size, unit, box, taken)
        )
        if spot is None:
            continue
        is_major = spot == small
        if is_major:
            taken_small.append(_text_box(town, spot, size, SMALL_SCREEN * unit))
        taken += [_text_box(town, spot, size, unit), _moved((-4, -4, 8, 8), town.x, town.y, unit)]
        anchor, right, down = spot
        labels.append(
            Label(
                round(town.x),
                round(town.y),
                town.name,
                anchor,
                round(town.x + right * unit),
                round(town.y + down * unit),
                is_major,
                is_first,
                is_outer=not _fits(_text_box(town, spot, size, unit), _middle(box)),
            )
        )
        if len(labels) == limit:
            break
    return labels


def _middle(box):
    left, top, width, height = box
    return left + (1 - SHOWN) / 2 * width, top + (1 - SHOWN) / 2 * height, SHOWN * width, SHOWN * height


def _free_spot(town, size, unit, box, taken):
    return next((spot for spot in SPOTS if _is_free(town, spot, size, unit, box, taken)), None)


def _is_free(town, spot, size, unit, box, taken):
    area = _text_box(town, spot, size, unit)
    return _fits(area, box) and not _overlaps(area, taken)


def _is_inside(town, box):
    left, top, width, height = box
    return left < town.x < left + width and top < town.y < top + height


def _text_box(town, spot, size, unit):
    anchor, right, down = spot
    width = LETTER_WIDTH * size * len(town.name)
    start = {"start": right, "end": right - width, "middle": -width / 2}[anchor]
    return _moved((start, down - 0.8 * size, width, size), town.x, town.y, unit)


def _moved(box, x, y, unit):
    left, top, width, height = box
    return x + left * unit, y + top * unit, width * unit, height * unit


def _overlaps(box, others):
    left, top, width, height = box
    return any(left < x + w and x < left + width and top < y + h and y < top + height for x, y, w, h in others)


def _fits(area, box):
    left, top, width, height = area
    return box[0] <= left and left + width <= box[0] + box[2] and box[1] <= top and top + height <= box[1] + box[3]
