"""Asking for many dates at once, answering for all of them, and cancelling the end of the series."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.sharing.models import Booking, BookingSeries, LendingRules
from tests.factories.directory import MandateFactory
from tests.factories.sharing import BookingFactory, ListingFactory, next_saturday
from tests.web.test_publishing_pages import text_of

pytestmark = pytest.mark.django_db
ANSWERED = {"act": "accept", "oui-word": "Les clés sont au café."}


@pytest.fixture
def lender():
    return MandateFactory()


@pytest.fixture
def hall(lender):
    hall = ListingFactory(structure=lender.structure, category="technical.premises.hall", title="Salle des fêtes")
    LendingRules.objects.create(listing=hall, rhythm="hour")
    return hall


def typed(**more):
    first = next_saturday(timezone.localdate())
    return {
        "first_day": f"{first:%d/%m/%Y}",
        "starts_at": "18 h",
        "ends_at": "20 h",
        "every": "week",
        "until": f"{first + timedelta(weeks=3):%d/%m/%Y}",
        "people": "12",
        "purpose": "Répétition de la chorale",
        "clashes": "skip",
    } | more


def address(listing):
    return reverse("book-series", args=[listing.pk])


def sent(member, hall):
    answer = member.post(address(hall), typed(send="1"))
    assert answer.status_code == 302
    return BookingSeries.objects.get()


def test_dates_are_shown_before_anything_leaves(member, mandate, hall):
    BookingFactory(listing=hall, confirmed=True)
    response = member.post(address(hall), typed())

    assert response.status_code == 200
    assert [state for _, _, state in response.context["planned"]] == ["déjà pris", "libre", "libre", "libre"]
    assert not BookingSeries.objects.exists()
    assert response.context["form"]["purpose"].value() == "Répétition de la chorale"
    whole = member.post(address(hall), typed(clashes="all"))
    assert not whole.context["may_send"]
    assert member.post(address(hall), typed(clashes="all", send="1")).status_code == 422


def test_a_series_is_asked_and_read_by_both_sides_only(client, member, mandate, hall, lender):
    found = sent(member, hall)
    assert set(found.bookings.values_list("borrower", flat=True)) == {mandate.structure.pk}
    page = reverse("booking-series", args=[found.pk])
    assert "Tous les samedis" in text_of(member.get(page))
    member.force_login(lender.user)
    assert "Accepter toutes les dates" in text_of(member.get(page))
    member.force_login(MandateFactory().user)
    assert member.get(page).status_code == 404


def test_the_lender_answers_for_all_and_the_borrower_cancels_the_end(member, mandate, hall, lender):
    found = sent(member, hall)
    page = reverse("booking-series", args=[found.pk])
    assert member.post(page, ANSWERED).status_code == 403
    member.force_login(lender.user)
    assert member.post(page, {"act": "refuse"}).status_code == 422
    assert member.post(page, ANSWERED).status_code == 302
    assert set(found.bookings.values_list("state", flat=True)) == {Booking.State.CONFIRMED}

    member.force_login(mandate.user)
    last = found.bookings.order_by("period").last()
    assert member.post(page, {"act": "cancel", "annuler-since": last.pk}).status_code == 302
    assert list(found.bookings.filter(state=Booking.State.CANCELLED)) == [last]


def test_what_cannot_be_planned_says_why(member, mandate, hall):
    response = member.post(address(hall), typed(until="01/01/2020"))
    assert response.status_code == 422
    assert "avant la première" in text_of(response)
