from itertools import pairwise

import pytest

from maillage.territory.topology import Contours, build

# Two squares side by side, and a third that has a hole where the fourth lies.
SQUARES = {
    "west": [[[(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]]],
    "east": [[[(1, 0), (2, 0), (2, 1), (1, 1), (1, 0)]]],
    "around": [[[(5, 5), (9, 5), (9, 9), (5, 9), (5, 5)], [(6, 6), (6, 8), (8, 8), (8, 6), (6, 6)]]],
    "inside": [[[(6, 6), (8, 6), (8, 8), (6, 8), (6, 6)]]],
}


def area(ring):
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))) / 2


def test_build_stores_a_shared_border_once():
    contours = Contours([build(SQUARES, ["west", "east"])])
    assert len(contours.arcs) == 3
    assert contours.neighbours("west") == {"east"}


def test_polygons_are_those_that_were_given():
    contours = Contours([build(SQUARES, SQUARES)])
    found = {code: [area(ring) for ring in contours.polygons(code)[0]] for code in SQUARES}
    assert found == {"west": [1], "east": [1], "around": [16, 4], "inside": [4]}


def test_outline_drops_the_borders_inside():
    contours = Contours([build(SQUARES, SQUARES)])
    assert [area(ring) for ring in contours.outline(["west", "east"])] == [2]
    assert [area(ring) for ring in contours.outline(["around", "inside"])] == [16]
    assert sorted(area(ring) for ring in contours.outline(["around"])) == [4, 16]


def test_borders_are_those_between_two_groups():
    contours = Contours([build(SQUARES, SQUARES)])
    assert contours.borders({"west": 1, "east": 1, "around": 2, "inside": 2}) == []
    [border] = contours.borders({"west": 1, "east": 2, "around": 2, "inside": 2})
    assert sorted(border) == [(1, 0), (1, 1)]


def test_two_topologies_meet_along_their_common_border():
    contours = Contours([build(SQUARES, ["west"]), build(SQUARES, ["east"])])
    assert contours.neighbours("west") == {"east"}
    assert [area(ring) for ring in contours.outline(["west", "east"])] == [2]


@pytest.mark.parametrize("codes", [[], ["unknown"]])
def test_outline_of_nothing_is_empty(codes):
    assert Contours([build(SQUARES, SQUARES)]).outline(codes) == []
