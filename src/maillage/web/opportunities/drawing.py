"""An opportunity as a drawing: who stands around, and what goes from one to the next. The sentences say the same.

Numbers are whole: a French template would put a comma in others.
"""

from dataclasses import dataclass
from math import cos, hypot, pi, sin

from maillage.engine.french import NBSP, initials
from maillage.opportunities.models import Opportunity

WIDTH = 400
CENTRE = (200, 130)
REACH = (126, 88)  # from the centre to the parties, across and down
NODE = 34
BEND = 26  # how far an arrow bows away from the straight line
HEAD = 9
MARGIN = 16
MOST_LABELS = 3  # parties under which there is room for their distances


@dataclass(frozen=True)
class Node:
    """A party at (x, y): « Vous », initials once all agree, else nothing but how far it is."""

    x: int
    y: int
    text: str
    label: str
    label_y: int
    is_self: bool


@dataclass(frozen=True)
class Arrow:
    """``path`` bows from a node to the next; ``head`` is its point; the icon of what goes along is at (x, y)."""

    path: str
    head: str
    x: int
    y: int
    icon: str


@dataclass(frozen=True)
class Drawing:
    nodes: list
    arrows: list
    threads: list  # of a pool: from each party to what they share
    icon: str  # of what they share, in the middle
    told: str

    @property
    def view_box(self):
        top = min([node.y - NODE for node in self.nodes] + [arrow.y - NODE // 2 for arrow in self.arrows]) - MARGIN
        bottom = max([node.label_y for node in self.nodes] + [arrow.y + NODE // 2 for arrow in self.arrows]) + MARGIN
        return f"0 {top} {WIDTH} {bottom - top}"


def draw(perspective):
    """The Drawing of an opportunity as one of its parties sees it."""
    count = len(perspective.around)
    is_chain = perspective.opportunity.kind == Opportunity.Kind.CHAIN
    places = _row(perspective) if is_chain else _ring(count)
    nodes = [_node(perspective, place, *places[place]) for place in range(count)]
    is_exchange = perspective.opportunity.is_exchange
    return Drawing(
        nodes=nodes,
        arrows=[_arrow(places[gift.giver], places[gift.taker], gift.offer.kind.icon) for gift in perspective.gifts],
        threads=[] if is_exchange else [_line(place, CENTRE) for place in places],
        icon="" if is_exchange else perspective.thing.icon,
        told=f"{perspective.title}{NBSP}: " + " ".join(perspective.sentences),
    )


def _ring(count):
    """Oneself at the top, or on the left of two; the others clockwise."""
    first = pi if count == 2 else -pi / 2
    angles = [first + 2 * pi * place / count for place in range(count)]
    return [(round(CENTRE[0] + REACH[0] * cos(angle)), round(CENTRE[1] + REACH[1] * sin(angle))) for angle in angles]


def _row(perspective):
    """In the order of the chain, from left to right."""
    count = len(perspective.parties)
    order = {one.pk: rank for rank, one in enumerate(perspective.parties)}
    step = 2 * REACH[0] / (count - 1)
    return [(round(CENTRE[0] - REACH[0] + step * order[one.pk]), CENTRE[1]) for one in perspective.around]


def _node(perspective, place, x, y):
    party = perspective.around[place]
    if place == 0:
        text, label = "Vous", ""
    elif perspective.is_agreed:
        text, label = initials(party.structure.name), ""
    else:
        text, label = "", perspective.names[place].removeprefix("une association à ")
        label = label if len(perspective.around) <= MOST_LABELS else ""
    return Node(x, y, text, label, y + NODE + (22 if label else 0), place == 0)


def _arrow(start, end, icon):
    """From the edge of a node to that of another, bowed to the left of the way: out and back do not overlap."""
    (x1, y1), (x2, y2) = start, end
    length = hypot(x2 - x1, y2 - y1)
    along = ((x2 - x1) / length, (y2 - y1) / length)
    aside = (along[1], -along[0])
    middle = ((x1 + x2) / 2 + 2 * BEND * aside[0], (y1 + y2) / 2 + 2 * BEND * aside[1])
    begin, tip = _towards(start, middle, NODE + 4), _towards(end, middle, NODE + 5)
    base = _towards(end, middle, NODE + 5 + 1.6 * HEAD)
    way = _unit(base, tip)
    sides = [(base[0] - turn * HEAD * way[1], base[1] + turn * HEAD * way[0]) for turn in (1, -1)]
    return Arrow(
        path=f"M{_xy(begin)}Q{_xy(middle)} {_xy(base)}",
        head=" ".join(map(_xy, [tip, *sides])),
        x=round((begin[0] + 2 * middle[0] + base[0]) / 4),
        y=round((begin[1] + 2 * middle[1] + base[1]) / 4),
        icon=icon,
    )


def _line(start, end):
    begin, tip = _towards(start, end, NODE), _towards(end, start, NODE)
    return f"M{_xy(begin)}L{_xy(tip)}"


def _towards(start, end, distance):
    way = _unit(start, end)
    return start[0] + distance * way[0], start[1] + distance * way[1]


def _unit(start, end):
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length


def _xy(point):
    return f"{round(point[0])} {round(point[1])}"
