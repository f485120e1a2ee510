from maillage.territory.geometry import centre, contains

SQUARE = [[[(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]]]
HORSESHOE = [[[(0, 0), (9, 0), (9, 9), (6, 9), (6, 1), (3, 1), (3, 9), (0, 9), (0, 0)]]]
RING = [[SQUARE[0][0], [(1, 1), (1, 3), (3, 3), (3, 1), (1, 1)]]]


def test_contains_leaves_holes_out():
    assert contains(SQUARE, (2, 2))
    assert not contains(SQUARE, (5, 2))
    assert not contains(RING, (2, 2))
    assert contains(RING, (0.5, 2))


def test_centre_is_the_centroid():
    assert centre(SQUARE) == (2, 2)


def test_centre_is_inside_a_bent_contour():
    assert contains(HORSESHOE, centre(HORSESHOE))
    assert contains(RING, centre(RING))
