"""Spans of time, compared with sets of hours."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from maillage.engine.spans import in_common, merged

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 8)).map(lambda pair: (pair[0], sum(pair))), max_size=8)


def hours(spans):
    return {hour for start, end in spans for hour in range(start, end)}


@given(SPANS)
def test_merged_spans_are_the_same_time_disjoint_and_in_order(spans):
    result = merged(spans)
    assert hours(result) == hours(spans)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(result))


@given(SPANS, SPANS)
def test_spans_in_common_are_the_hours_in_both(left, right):
    result = in_common(merged(left), merged(right))
    assert hours(result) == hours(left) & hours(right)
    assert all(start < end for start, end in result)
