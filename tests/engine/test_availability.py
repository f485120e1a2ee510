"""What is free is what counting minute by minute gives, the nights of the change of hour too."""

import json
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.engine import documents
from maillage.engine.availability import Booking, Segment, timeline
from maillage.engine.documents import Refused
from maillage.engine.topics import availability as topic

PARIS = ZoneInfo("Europe/Paris")
MINUTE = timedelta(minutes=1)
SPRING, AUTUMN, PLAIN = (datetime.fromisoformat(f"{day}T23:00Z") for day in ("2026-03-28", "2026-10-24", "2026-11-07"))
DAY = {"start": "2026-11-07T08:00", "end": "2026-11-07T20:00"}
DOCUMENT = {"quantity": 7, "bookings": [], "request": DAY}


def answer(**changes):
    return topic.answer(documents.parse(json.dumps({**DOCUMENT, **changes}).encode()))


def refusal(**changes):
    with pytest.raises(Refused) as caught:
        answer(**changes)
    return caught.value.message.replace("\u00a0", " "), caught.value.where


def local(moment, with_offset):
    """A document's way to write an instant: local where that is clear, else with its offset."""
    here = moment.astimezone(PARIS)
    clear = here.replace(fold=0).utcoffset() == here.replace(fold=1).utcoffset()
    return here.replace(tzinfo=None).isoformat() if clear and not with_offset else here.isoformat()


def instant(text):
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=PARIS).astimezone(UTC)


def spans(longest):
    return st.tuples(st.integers(0, 300), st.integers(1, longest), st.integers(1, 4))


@settings(max_examples=2000, deadline=None)
@given(
    night=st.sampled_from([SPRING, AUTUMN, PLAIN]),
    stock=st.integers(0, 8),
    bookings=st.lists(spans(200), max_size=6),
    buffers=st.tuples(st.integers(0, 45), st.integers(0, 45)),
    request=spans(120),
    with_offset=st.booleans(),
)
def test_availability_is_what_counting_every_minute_gives(night, stock, bookings, buffers, request, with_offset):
    def written(span):
        start, length, quantity = span
        bounds = {"start": night + start * MINUTE, "end": night + (start + length) * MINUTE}
        return {**{name: local(moment, with_offset) for name, moment in bounds.items()}, "quantity": quantity}

    found = answer(
        quantity=stock,
        bookings=[written(span) for span in bookings],
        buffers=dict(zip(("before_min", "after_min"), buffers, strict=True)),
        request=written(request),
    )
    before, after = buffers
    first, length, wanted = request
    free = {
        night + minute * MINUTE: max(
            0, stock - sum(n for start, span, n in bookings if start - before <= minute < start + span + after)
        )
        for minute in range(first, first + length)
    }
    told = {}
    for segment in found["timeline"]:
        minute = instant(segment["start"])
        while minute < instant(segment["end"]):
            told[minute] = segment["free"]
            minute += MINUTE
    assert told == free
    assert (found["free"], found["possible"]) == (min(free.values()), min(free.values()) >= wanted)
    assert all(
        left["end"] == right["start"] and left["free"] != right["free"] for left, right in pairwise(found["timeline"])
    )


@settings(max_examples=50, deadline=None)
@given(st.lists(spans(200), max_size=8), st.randoms())
def test_availability_does_not_depend_on_the_order_of_bookings(given_spans, chance):
    bookings = [
        Booking(PLAIN + start * MINUTE, PLAIN + (start + length) * MINUTE, n) for start, length, n in given_spans
    ]
    shuffled = chance.sample(bookings, len(bookings))
    bounds = PLAIN, PLAIN + timedelta(hours=5)
    assert timeline(5, bookings, *bounds) == timeline(5, shuffled, *bounds)


def test_the_example_is_answered():
    assert topic.answer(documents.parse(topic.EXAMPLE.encode())) == {
        "possible": False,
        "free": 2,
        "timeline": [
            {"start": "2026-11-07T12:00", "end": "2026-11-07T14:00", "free": 4},
            {"start": "2026-11-07T14:00", "end": "2026-11-07T19:00", "free": 2},
            {"start": "2026-11-07T19:00", "end": "2026-11-07T22:00", "free": 5},
        ],
    }


def test_a_stock_without_bookings_is_all_free():
    assert answer() == {"possible": True, "free": 7, "timeline": [{**DAY, "free": 7}]}
    assert answer(quantity=0) == {"possible": False, "free": 0, "timeline": [{**DAY, "free": 0}]}


@pytest.mark.parametrize(
    ("start", "end", "free"),
    [
        ("2026-11-07T20:00", "2026-11-07T21:00", 7),
        ("2026-11-07T07:00", "2026-11-07T08:00", 7),
        ("2026-11-07T07:00", "2026-11-07T08:00:00.000001", 6),
        ("2026-11-07T19:59:59.999999", "2026-11-07T21:00", 6),
        ("2026-11-06T08:00", "2026-11-08T08:00", 6),
    ],
)
def test_periods_are_half_open(start, end, free):
    assert answer(bookings=[{"start": start, "end": end}])["free"] == free


def test_bookings_that_never_meet_are_not_added_up():
    halves = [("08:00", "14:00"), ("14:00", "20:00")]
    bookings = [{"start": f"2026-11-07T{start}", "end": f"2026-11-07T{end}", "quantity": 4} for start, end in halves]
    assert answer(bookings=bookings) == {"possible": True, "free": 3, "timeline": [{**DAY, "free": 3}]}


def test_an_overbooked_stock_has_nothing_free_never_less():
    bookings = [{**DAY, "quantity": 5}, {**DAY, "start": "2026-11-07T14:00", "quantity": 5}]
    assert answer(bookings=bookings) == {
        "possible": False,
        "free": 0,
        "timeline": [
            {"start": "2026-11-07T08:00", "end": "2026-11-07T14:00", "free": 2},
            {"start": "2026-11-07T14:00", "end": "2026-11-07T20:00", "free": 0},
        ],
    }


def test_buffers_are_real_minutes_in_the_night_of_the_change():
    booking = {"start": "2026-03-29T03:00", "end": "2026-03-29T04:00"}
    night = {"start": "2026-03-29T01:00", "end": "2026-03-29T05:00"}
    found = answer(bookings=[booking], buffers={"before_min": 30, "after_min": 0}, request=night, quantity=1)
    assert [(one["start"], one["free"]) for one in found["timeline"]] == [
        ("2026-03-29T01:00", 1),
        ("2026-03-29T01:30", 0),
        ("2026-03-29T04:00", 1),
    ]


def test_the_second_of_two_equal_hours_carries_its_offset():
    booking = {"start": "2026-10-25T02:30", "end": "2026-10-25T02:30+01:00"}
    night = {"start": "2026-10-25T02:00", "end": "2026-10-25T03:00"}
    assert answer(bookings=[booking], request=night, quantity=1)["timeline"] == [
        {"start": "2026-10-25T02:00", "end": "2026-10-25T02:30", "free": 1},
        {"start": "2026-10-25T02:30", "end": "2026-10-25T02:30+01:00", "free": 0},
        {"start": "2026-10-25T02:30+01:00", "end": "2026-10-25T03:00", "free": 1},
    ]


def test_times_are_those_of_the_time_zone():
    booking = {"start": "2026-11-07T06:00Z", "end": "2026-11-07T07:30Z"}
    assert answer(bookings=[booking], timezone="Indian/Reunion", quantity=1)["timeline"] == [
        {"start": "2026-11-07T08:00", "end": "2026-11-07T10:00", "free": 1},
        {"start": "2026-11-07T10:00", "end": "2026-11-07T11:30", "free": 0},
        {"start": "2026-11-07T11:30", "end": "2026-11-07T20:00", "free": 1},
    ]


def test_datetimes_of_a_zone_are_compared_as_instants():
    first, second = (datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=fold) for fold in (0, 1))
    assert timeline(1, [Booking(first, second)], first, second) == [
        Segment(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC), 0)
    ]


@pytest.mark.parametrize(
    ("changes", "sentence", "where"),
    [
        ({"quantity": -1}, "Ce nombre est trop petit : au moins 0.", "/quantity"),
        ({"quantity": None}, "Un nombre entier est attendu ici, pas null.", "/quantity"),
        ({"bookings": [DAY, {**DAY, "quantity": 0}]}, "Ce nombre est trop petit : au moins 1.", "/bookings/1/quantity"),
        ({"bookings": [{**DAY, "end": DAY["start"]}]}, "La fin doit venir après le début.", "/bookings/0/end"),
        ({"bookings": [{"start": DAY["start"]}]}, "Il manque le membre « end ».", "/bookings/0/end"),
        ({"bookings": {}}, "Une liste est attendue ici, pas un objet.", "/bookings"),
        ({"request": {**DAY, "end": "2026-11-07T07:00"}}, "La fin doit venir après le début.", "/request/end"),
        (
            {"request": {**DAY, "quantity": 1.5}},
            "Un nombre entier est attendu ici, pas un nombre à virgule.",
            "/request/quantity",
        ),
        ({"buffers": {"before_min": -1}}, "Ce nombre est trop petit : au moins 0.", "/buffers/before_min"),
        ({"buffers": {"after_min": 10**6}}, "Ce nombre est trop grand : au plus 527\u202f040.", "/buffers/after_min"),
        (
            {"buffers": {"after": 5}},
            "Le membre « after » n’est pas connu ici : before_min ou after_min.",
            "/buffers/after",
        ),
        ({"timezone": "Paris"}, "Le fuseau horaire « Paris » n’existe pas ; exemple : Europe/Paris.", "/timezone"),
        (
            {"stock": 1},
            "Le membre « stock » n’est pas connu ici : quantity, bookings, buffers, request ou timezone.",
            "/stock",
        ),
    ],
)
def test_a_wrong_document_is_refused(changes, sentence, where):
    assert refusal(**changes) == (sentence, where)


def test_numbers_at_their_limits_are_answered():
    most = 2**53
    bounds = {"start": "1900-01-01T00:00", "end": "2200-12-31T23:59"}
    assert answer(
        quantity=most,
        bookings=[{**bounds, "quantity": most}] * 3,
        buffers={"before_min": 527_040, "after_min": 527_040},
        request={**bounds, "quantity": most},
    ) == {"possible": False, "free": 0, "timeline": [{**bounds, "free": 0}]}


def test_a_hundred_thousand_bookings_are_counted_at_each_instant():
    chance = random.Random(1)
    starts = [PLAIN + chance.randrange(500_000) * MINUTE for _ in range(100_000)]
    bookings = [Booking(start, start + 90 * MINUTE) for start in starts]
    for segment in chance.sample(timeline(50, bookings, PLAIN, PLAIN + timedelta(days=350)), 20):
        assert segment.free == 50 - sum(start <= segment.start < start + 90 * MINUTE for start in starts)
