"""« Règles de prêt »: what the owner sets, what borrowers read of it."""

from datetime import time

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.sharing.bookings.moments import moments_of
from maillage.sharing.bookings.terms import rules_of
from maillage.sharing.models import Booking, LendingRules, Listing
from tests.factories.directory import MandateFactory
from tests.factories.sharing import BookingFactory, ListingFactory, next_saturday
from tests.web.test_publishing_pages import text_of

pytestmark = pytest.mark.django_db
TYPED = {
    "rhythm": "day",
    "notice_days": "3",
    "longest_days": "2",
    "horizon_days": "366",
    "minutes_before": "0",
    "minutes_after": "30",
    "approvals": "1",
    "most_each": "1",
    "cancel_days": "1",
    "word": "Permis B depuis deux ans.",
}


def plain(response):
    return text_of(response).replace("\u00a0", " ")


def address(listing, query=""):
    return reverse("lending-rules", args=[listing.pk]) + query


def test_rules_are_saved_and_told_to_borrowers(member, mandate, client):
    van = ListingFactory(structure=mandate.structure)
    MandateFactory(structure=mandate.structure)
    assert member.post(address(van), TYPED | {"approvals": "2"}).status_code == 302

    kept = LendingRules.objects.get(listing=van)
    assert (kept.notice_days, kept.longest_days, kept.minutes_after, kept.approvals) == (3, 2, 30, 2)
    page = plain(client.get(van.get_absolute_url()))
    assert "Se prête à la journée, à demander 3 jours avant, 2 jours de suite au plus." in page
    assert "Deux personnes de l’association donnent leur accord." in page
    assert "Permis B depuis deux ans." in page


def test_two_approvals_are_asked_of_two_people_at_least(member, mandate):
    response = member.post(address(ListingFactory(structure=mandate.structure)), TYPED | {"approvals": "2"})
    assert response.status_code == 422
    assert "Une seule personne agit pour Harmonie de Revel" in plain(response)


def test_who_had_given_the_first_of_two_approvals_gives_the_only_one(member, mandate):
    booking = BookingFactory(listing__structure=mandate.structure)
    rules = LendingRules.objects.create(listing=booking.listing, approvals=2)
    accept = reverse("accept-booking", args=[booking.pk])
    member.post(accept)
    assert accept not in member.get(booking.get_absolute_url()).content.decode()

    rules.approvals = 1
    rules.save()
    assert accept in member.get(booking.get_absolute_url()).content.decode()
    member.post(accept)
    booking.refresh_from_db()
    assert booking.state == Booking.State.CONFIRMED


def test_rules_that_change_leave_a_trace_of_who_changed_them(member, mandate):
    van = ListingFactory(structure=mandate.structure)
    member.post(address(van), TYPED)
    member.post(address(van), TYPED | {"notice_days": "5"})

    kept = LendingRules.objects.get().events.order_by("pgh_id")
    changes = kept.values_list("notice_days", "pgh_context__metadata__user")
    assert list(changes) == [(3, mandate.user.pk), (5, mandate.user.pk)]


def test_a_preset_fills_the_form_and_saves_nothing(member, mandate):
    van = ListingFactory(structure=mandate.structure)
    response = member.get(address(van, "?modele=vehicule"))

    assert response.context["form"]["notice_days"].value() == 3
    assert not LendingRules.objects.exists()


def test_what_cannot_be_says_why_and_keeps_what_was_typed(member, mandate):
    van = ListingFactory(structure=mandate.structure)
    response = member.post(address(van), TYPED | {"notice_days": "40", "horizon_days": "30"})

    assert response.status_code == 422
    assert "le délai le plus court est plus petit que le plus long" in plain(response)
    assert response.context["form"]["word"].value() == TYPED["word"]


def test_a_room_says_how_many_people_and_where_that_comes_from(member, mandate):
    room = ListingFactory(structure=mandate.structure, category="technical.premises.hall", title="Grande salle")
    refused = member.post(address(room), TYPED | {"most_people": "80"})
    assert "Dites d’où vient l’effectif maximal" in plain(refused)
    member.post(address(room), TYPED | {"most_people": "80", "most_people_source": "Procès-verbal de 2024"})
    assert LendingRules.objects.get().most_people == 80


def test_what_is_booked_already_keeps_its_hours(member, mandate):
    van = ListingFactory(structure=mandate.structure)
    booking = BookingFactory(listing=van, confirmed=True)
    member.post(address(van), TYPED)

    assert booking.occupations.get().period == booking.period
    assert rules_of(Listing.objects.get(pk=van.pk)).minutes_after == 30


def test_what_is_not_lent_has_no_rules(member, mandate):
    advice = ListingFactory(structure=mandate.structure, category="information.publishing")
    assert member.get(address(advice)).status_code == 404


def test_half_days_are_asked_by_their_moment_within_the_hours_of_the_offer(member, mandate):
    room = ListingFactory(category="technical.premises.hall", starts_at=time(9), ends_at=time(17))
    MandateFactory(structure=room.structure)
    LendingRules.objects.create(listing=room, rhythm="half_day")
    saturday = next_saturday(timezone.localdate())
    asked = {"first_day": f"{saturday:%d/%m/%Y}", "people": "12", "purpose": "Une réunion"}
    page = reverse("book", args=[room.pk])

    assert list(member.get(page).context["form"].moments) == ["morning", "afternoon", "day"]
    assert member.post(page, asked).status_code == 422
    assert member.post(page, asked | {"moment": "evening"}).status_code == 422
    assert member.post(page, asked | {"moment": "morning"}).status_code == 302
    booking = Booking.objects.get()
    period = booking.period
    assert [timezone.localtime(one).hour for one in (period.lower, period.upper)] == [9, 13]


def test_an_offer_without_hours_is_lent_by_all_the_moments():
    assert list(moments_of(ListingFactory())) == ["morning", "afternoon", "evening", "day"]
    evenings = ListingFactory(starts_at=time(19), ends_at=time(22))
    assert moments_of(evenings) == {"evening": (time(19), time(22))}
