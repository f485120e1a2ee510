"""The drawing of an opportunity: oneself and the others around, an arrow for each gift, a thread for each of a pool."""

from math import hypot

import pytest

from maillage.opportunities.models import Opportunity
from maillage.opportunities.perspective import Perspective
from maillage.opportunities.queries import parties_whole
from maillage.web.opportunities.drawing import NODE, WIDTH, draw
from tests.factories.directory import StructureFactory
from tests.factories.opportunities import THINGS, make_opportunity, pool_of_needs
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db


def ring(count):
    structures = [StructureFactory() for _ in range(count)]
    return [
        (
            ListingFactory(structure=structure, category=THINGS[place]),
            ListingFactory(structure=structure, need=True, category=THINGS[place - 1]),
        )
        for place, structure in enumerate(structures)
    ]


def drawn(place=0):
    return draw(Perspective.of(parties_whole().get(position=place)))


def assert_apart_and_inside(drawing):
    """No two parties overlap, and all that is drawn is in the view."""
    top, height = map(int, drawing.view_box.split()[1::2])
    for node in drawing.nodes:
        assert NODE <= node.x <= WIDTH - NODE
        assert top + NODE <= node.y <= top + height - NODE
        near = [other for other in drawing.nodes if hypot(other.x - node.x, other.y - node.y) < 2 * NODE]
        assert near == [node]
    for arrow in drawing.arrows:
        assert top < arrow.y < top + height


@pytest.mark.parametrize("count", [2, 3])
def test_a_circle_has_an_arrow_from_each_and_oneself_first(count):
    make_opportunity(*ring(count))
    drawing = drawn(1)
    assert [node.text for node in drawing.nodes] == ["Vous"] + [""] * (count - 1)
    assert [node.label for node in drawing.nodes[1:]] == ["moins de 5\u00a0km"] * (count - 1)
    assert (len(drawing.arrows), drawing.threads, drawing.icon) == (count, [], "")
    assert_apart_and_inside(drawing)


@pytest.mark.parametrize("place", range(3))
def test_a_chain_is_drawn_in_its_order_whoever_looks(place):
    first, second, last = ring(3)
    pairs = [(first[0], None), second, (None, last[1])]
    make_opportunity(*pairs, kind=Opportunity.Kind.CHAIN)
    drawing = drawn(place)
    assert sorted(node.x for node in drawing.nodes).index(drawing.nodes[0].x) == place
    assert len(drawing.arrows) == 2
    assert_apart_and_inside(drawing)


@pytest.mark.parametrize("count", [2, 4, 5, 8])
def test_a_pool_is_tied_to_what_is_shared(count):
    make_opportunity(*((None, need) for need in pool_of_needs(count)), kind="equipment")
    drawing = drawn()
    assert (len(drawing.threads), drawing.arrows, drawing.icon) == (count, [], "truck")
    assert_apart_and_inside(drawing)


def test_initials_show_once_all_agree():
    make_opportunity(*ring(2), state="agreed")
    assert [node.text for node in drawn().nodes] == ["Vous", "S" + drawn().nodes[1].text[1:]]
    assert drawn().nodes[1].label == ""
