"""A territory that is matched piece by piece has the answers of the whole, to the last bit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engine.match import Codes, Columns, compiled
from maillage.engine.match.listing import in_order
from maillage.engine.match.pieces import Cut, match_piece
from tests.engine.invented_columns import invented
from tests.engine.test_match import lists


def by_pieces(needs, offers, top, needs_at_most):
    """What ``match_columns`` gives, of answers found piece by piece."""
    shape = len(needs), min(top, len(offers))
    rows, scores, distances = np.full(shape, -1, np.int32), np.zeros(shape), np.zeros(shape)
    for piece in Cut(needs, offers, needs_at_most):
        found = match_piece(piece, top)
        place = found.need_rows, slice(found.offer_rows.shape[1])
        rows[place], scores[place], distances[place] = found.offer_rows, found.scores, found.distances
    return rows, scores, distances


@settings(max_examples=100, deadline=None)
@given(lists(12), lists(30), st.integers(1, 6), st.integers(1, 4))
def test_pieces_of_few_listings_are_exact(needs, offers, top, needs_at_most):
    codes = Codes()
    needs, offers = Columns.of(needs, codes), Columns.of(in_order(offers), codes)
    assert_same(by_pieces(needs, offers, top, needs_at_most), compiled.match_columns(needs, offers, top))


@pytest.mark.parametrize("spread", [0, 0.2, 2, 90])
def test_pieces_are_exact_at_their_borders_in_a_town_and_round_the_world(spread):
    codes = Codes()
    needs, offers = invented(1, 2000, codes, spread), invented(2, 3000, codes, spread)
    for needs_at_most in (50, 700):
        assert_same(by_pieces(needs, offers, 20, needs_at_most), compiled.match_columns(needs, offers, 20))


def test_each_need_is_in_one_piece_and_no_piece_is_too_large():
    codes = Codes()
    cut = Cut(invented(1, 1000, codes, 2), invented(2, 100, codes, 2), 90)
    rows = [piece.need_rows for piece in cut]
    assert len(rows) == len(cut)
    assert sorted(np.concatenate(rows).tolist()) == list(range(1000))
    assert max(map(len, rows)) <= 90


def test_a_halo_holds_what_is_near_and_little_else():
    codes = Codes()
    needs, offers = invented(1, 1000, codes, 2), invented(2, 4000, codes, 2)
    near = needs.radius_km <= 20
    sizes = [len(piece.offer_rows) for piece in Cut(needs.take(np.flatnonzero(near)), offers, 20)]
    assert max(sizes) < len(offers) / 5


def test_nothing_is_cut_of_nothing():
    codes = Codes()
    assert list(Cut(Columns.of([], codes), Columns.of([], codes))) == []


def assert_same(found, expected):
    assert [column.tobytes() for column in found] == [column.tobytes() for column in expected]
