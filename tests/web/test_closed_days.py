"""« Jours fermés »: closing days, ticking holidays, opening again; what was booked is shown before it is cancelled."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.sharing.holidays import holiday_on, school_holidays
from maillage.sharing.models import Booking, Closure
from tests.factories.sharing import BookingFactory, ListingFactory, next_saturday
from tests.web.test_publishing_pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def van(mandate):
    return ListingFactory(structure=mandate.structure)


def address(listing, name="closed-days"):
    return reverse(name, args=[listing.pk])


def typed(day, **more):
    return {"first_day": f"{day:%d/%m/%Y}", "reason": "own_use", "word": "Notre fête"} | more


def plain(response):
    return text_of(response).replace("\u00a0", " ")


def test_a_day_is_closed_shown_and_opened_again(member, van):
    saturday = next_saturday(timezone.localdate())
    assert member.post(address(van), typed(saturday)).status_code == 302
    closure = Closure.objects.get()
    period = closure.period
    assert timezone.localtime(period.lower).date() == saturday
    assert "Nous nous en servons : Notre fête" in plain(member.get(address(van)))

    member.post(reverse("reopen-day", args=[van.pk, closure.pk]))
    assert "Aucun jour fermé" in plain(member.get(address(van)))


def test_what_is_booked_is_shown_and_cancelled_on_a_second_word(member, van):
    booking = BookingFactory(listing=van, confirmed=True)
    form = typed(next_saturday(timezone.localdate()))
    warned = member.post(address(van), form)
    assert warned.status_code == 409
    assert booking.borrower.name in plain(warned)
    assert warned.context["form"]["word"].value() == "Notre fête"

    assert member.post(address(van), form | {"cancels": "1"}).status_code == 302
    booking.refresh_from_db()
    assert (booking.state, booking.word) == (Booking.State.CANCELLED, "Notre fête")


def test_days_in_the_wrong_order_say_so(member, van):
    saturday = next_saturday(timezone.localdate())
    wrong = typed(saturday, last_day=f"{saturday - timedelta(days=1):%d/%m/%Y}")
    response = member.post(address(van), wrong)
    assert response.status_code == 422
    assert "est avant le début" in plain(response)


def test_school_and_public_holidays_are_ticked_together(member, van):
    url = address(van, "close-holidays")
    offered = member.get(url, {"zone": "c"}).context["form"].offered
    chosen = list(offered)[:2]
    assert member.post(url, {"zone": "c", "days": chosen}).status_code == 302
    assert Closure.objects.count() == 2
    assert member.post(url, {"zone": "c"}).status_code == 422


def test_someone_else_neither_closes_nor_reopens(member):
    other = ListingFactory()
    assert member.post(address(other), typed(timezone.localdate())).status_code == 403
    assert member.post(reverse("reopen-day", args=[other.pk, 1])).status_code == 403


@pytest.mark.parametrize(
    ("zone", "day", "name"),
    [
        ("c", "2027-02-06", "vacances d’hiver"),
        ("c", "2027-02-21", "vacances d’hiver"),
        ("c", "2027-02-22", ""),
        ("a", "2027-02-06", ""),
        ("c", "2027-05-06", "Ascension"),
        ("", "2027-02-10", ""),
        ("b", "2028-02-05", "vacances d’hiver"),
    ],
)
def test_holidays_are_those_of_the_journal_officiel(zone, day, name):
    assert holiday_on(date.fromisoformat(day), zone) == name


def test_school_holidays_of_a_zone_are_in_order_and_never_overlap():
    for zone in "abc":
        found = school_holidays(zone, date(2026, 9, 1))
        assert all(one.last_day < following.first_day for one, following in pairwise(found))
        assert len(found) == 8
