"""« Mes affaires »: each thing that awaits someone is a line, and what is of others is not."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from maillage.agreements.models import Side
from maillage.sharing.models import Booking
from tests.factories.agreements import make_agreement
from tests.factories.directory import MandateFactory
from tests.factories.handovers import make_loan
from tests.factories.sharing import BookingFactory, ListingFactory
from tests.factories.town import make_town

pytestmark = pytest.mark.django_db


def lines(client, user):
    client.force_login(user)
    groups = client.get(reverse("affairs")).context["groups"]
    return {title: [(affair.what, affair.url) for affair in affairs] for _, title, affairs in groups}


def test_what_awaits_a_member_of_the_town(client):
    town = make_town()
    found = lines(client, town.member)
    answers = dict(found["À répondre"])
    assert answers["Répondre à la demande du foyer rural de Saint-Félix".replace("du foyer", "de Foyer")] == (
        town.asked_booking.get_absolute_url()
    )
    assert answers["Répondre à une occasion"] == reverse("opportunity", args=[town.party.pk])
    assert found["À lire"][0][1].startswith(town.conversation.get_absolute_url())


def test_an_agreement_awaits_those_who_may_sign_it_until_they_have(client):
    agreement = make_agreement(state="signed_by_one")
    lender, borrower = (agreement.structure_of(side).mandates.get(may_commit=True).user for side in Side)
    assert lines(client, borrower) == {"À répondre": [("Lire et signer un accord", agreement.get_absolute_url())]}
    assert lines(client, lender) == {}
    assert lines(client, MandateFactory(structure=agreement.borrower).user) == {}


def test_what_is_handed_over_soon_or_is_late_is_to_do(client):
    lender, borrower = MandateFactory(), MandateFactory()
    van = ListingFactory(structure=lender.structure)
    today = timezone.localdate()
    tomorrow = BookingFactory(listing=van, borrower=borrower.structure, confirmed=True, day=today + timedelta(days=1))
    late = BookingFactory(listing=van, borrower=borrower.structure, confirmed=True, day=today - timedelta(days=2))
    BookingFactory(listing=van, borrower=borrower.structure, confirmed=True, day=today + timedelta(days=9))
    Booking.objects.filter(pk=late.pk).update(handed_at=timezone.now() - timedelta(days=2))
    loans = [reverse("loan", args=[one.pk]) for one in (late, tomorrow)]
    assert lines(client, lender.user) == {
        "À faire": list(zip(["Faire revenir, c’est en retard", "Remettre"], loans, strict=True))
    }
    assert lines(client, borrower.user) == {
        "À faire": list(zip(["Rendre, c’est en retard", "Aller chercher"], loans, strict=True))
    }
    assert lines(client, MandateFactory().user) == {}


def test_more_time_asked_for_what_is_back_awaits_nobody(client):
    lender = MandateFactory()
    loan = make_loan(listing=ListingFactory(structure=lender.structure))
    loan.extensions.create(until=loan.period.upper + timedelta(hours=5))
    client.force_login(lender.user)
    asked = "Répondre à une prolongation"
    assert asked in client.get(reverse("affairs")).content.decode()
    Booking.objects.filter(pk=loan.pk).update(returned_at=timezone.now())
    assert asked not in client.get(reverse("affairs")).content.decode()


def test_the_list_costs_the_same_for_one_thing_and_for_ten(client, django_assert_max_num_queries):
    lender = MandateFactory()
    van = ListingFactory(structure=lender.structure)
    client.force_login(lender.user)
    counts = []
    for number in (1, 9):
        for _ in range(number):
            BookingFactory(listing=van)
        with django_assert_max_num_queries(30) as seen:
            assert client.get(reverse("affairs")).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
