"""The page of a loan, its two forms, and the answer from the letter, through HTTP."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from maillage.accounts import links
from maillage.handovers.models import ConditionReport
from maillage.sharing.models import Booking
from tests.factories.town import make_town
from tests.letters import address_in, deliver
from tests.sessions import sign_in
from tests.sharing.test_photos import photo_file
from tests.web.test_publishing_pages import text_of

pytestmark = pytest.mark.django_db
SEEN = {"condition": "good", "gave": "Noé", "received": "Alix"}


@pytest.fixture
def town():
    return make_town()


def as_(user):
    client = Client()
    sign_in(client, user)
    return client


def test_a_hand_over_is_written_with_its_photos_and_shown_to_both(town):
    address = reverse("hand-over-loan", args=[town.to_hand.pk])
    sent = SEEN | {"camera": photo_file(), "gallery": [photo_file(), photo_file()]}
    answer = as_(town.outsider).post(address, sent)

    report = ConditionReport.objects.get(booking=town.to_hand)
    assert answer.url == report.get_absolute_url()
    assert (report.side, report.photos.count()) == ("lender", 3)
    for person in (town.outsider, town.member):
        client = as_(person)
        assert "Remise, le" in text_of(client.get(reverse("loan", args=[town.to_hand.pk])))
        assert client.get(report.photos.first().get_absolute_url()).status_code == 200


def test_handing_over_none_is_refused(town):
    Booking.objects.filter(pk=town.to_hand.pk).update(quantity=3)
    address = reverse("hand-over-loan", args=[town.to_hand.pk])
    answer = as_(town.outsider).post(address, SEEN | {"quantity": "0"})
    assert answer.status_code == 422
    assert "Écrivez combien, de 1 à 3." in text_of(answer)
    assert not ConditionReport.objects.filter(booking=town.to_hand).exists()


def test_what_was_typed_stays_when_a_form_is_refused(town):
    address = reverse("take-back-loan", args=[town.loan.pk])
    answer = as_(town.member).post(address, SEEN | {"condition": "damaged", "camera": photo_file()})

    assert answer.status_code == 422
    page = text_of(answer)
    assert "Dites ce qui est abîmé" in page
    assert "Prenez à nouveau vos photos" in page
    assert 'value="Noé"' in answer.content.decode()
    assert not ConditionReport.objects.filter(kind="returned").exists()


def test_a_return_shows_the_state_at_the_hand_over(town):
    page = text_of(as_(town.member).get(reverse("take-back-loan", args=[town.loan.pk])))
    assert "Bon état\u00a0: Un pneu est plus usé que les autres." in page


def test_what_is_lost_needs_no_condition(town):
    sent = {"missing": "on", "words": "Volée samedi devant la salle.", "gave": "Alix", "received": "Noé"}
    as_(town.member).post(reverse("take-back-loan", args=[town.loan.pk]), sent)
    report = ConditionReport.objects.get(kind="returned")
    assert (report.missing, report.quantity, report.condition) == (1, 0, "broken")


def test_one_press_in_the_letter_agrees_without_signing_in(town):
    as_(town.outsider).post(reverse("hand-over-loan", args=[town.to_hand.pk]), SEEN | {"camera": photo_file()})
    (letter,) = deliver()
    assert letter.to == [town.member.email]
    visitor, address = Client(), address_in(letter)
    page = visitor.get(address)
    assert "Est‑ce bien ce que vous avez vu\u202f?" in text_of(page)
    photo = ConditionReport.objects.get(booking=town.to_hand).photos.get()
    token = address.split("/")[3]
    assert visitor.get(reverse("report-photo-by-letter", args=[token, photo.pk])).status_code == 200

    assert visitor.post(address, {"reponse": "daccord"}).status_code == 302
    assert "C’est noté" in text_of(visitor.get(address))
    assert ConditionReport.objects.get(booking=town.to_hand).answered_by == town.member
    assert len(mail.outbox) == 1


def test_the_link_of_the_letter_ends_with_the_mandate(town):
    token = links.sign("handover", person=town.member.pk, report=town.condition.pk)
    assert Client().get(reverse("answer-report-by-letter", args=[token])).status_code == 200
    town.mandate.delete()
    assert Client().get(reverse("answer-report-by-letter", args=[token])).status_code == 410
    assert Client().post(reverse("answer-report-by-letter", args=[token]), {"reponse": "daccord"}).status_code == 410


def test_a_disagreement_says_what_is_wrong_and_both_versions_are_shown(town):
    member, address = as_(town.member), reverse("answer-report", args=[town.condition.pk])
    refused = member.post(address, {"reponse": "desaccord", "words": ""})
    assert refused.status_code == 422
    assert "Dites ce qui n’est pas juste" in text_of(refused)
    member.post(address, {"reponse": "desaccord", "words": "Le pneu est crevé."})
    page = text_of(as_(town.outsider).get(reverse("loan", args=[town.loan.pk])))
    assert "Le pneu est crevé." in page
    assert "Un pneu est plus usé que les autres." in page


def test_labels_lead_to_what_is_to_do_with_the_thing(town):
    lender = as_(town.outsider)
    page = lender.get(reverse("labels")).content.decode()
    assert page.count('class="label"') == 1  # « Fourgon du foyer », the one offer that it still lends
    assert "data:image/svg+xml" in page
    scanned = reverse("item", args=[town.loan.listing_id])
    assert reverse("take-back-loan", args=[town.loan.pk]) in as_(town.member).get(scanned).content.decode()
    to_hand = reverse("item", args=[town.to_hand.listing_id])
    assert reverse("hand-over-loan", args=[town.to_hand.pk]) in lender.get(to_hand).content.decode()


def test_a_label_scanned_by_others_leads_to_the_listing_if_they_see_it(town):
    other = as_(town.agent)
    assert other.get(reverse("item", args=[town.offer.pk])).url == town.offer.get_absolute_url()
    assert other.get(reverse("item", args=[town.ended.pk])).status_code == 404
