"""Something damaged: opened by its return, said by both, ended by both or by the lender alone, out of service."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from maillage.handovers import incidents
from maillage.handovers.incidents import agree, assess, end_alone, put_back_in_service, put_out_of_service, say
from maillage.handovers.loans import HandoverRefused
from maillage.handovers.models import Incident, IncidentWord
from maillage.handovers.services import take_back
from maillage.sharing.models import Closure, Occupation
from tests.factories.directory import MandateFactory
from tests.factories.handovers import confirmed_now, make_loan
from tests.letters import deliver
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db
SITE = "http://testserver/"
DAY = timedelta(days=1)


@pytest.fixture
def incident(van, borrower, lender):
    """Opened by a return with damage, that the lender wrote."""
    loan = make_loan(listing=van, borrower=borrower.structure)
    seen = {"condition": "damaged", "words": "Un rétroviseur est cassé.", "gave": "Alix", "received": "Noé"}
    take_back(booking_id=loan.pk, author=lender.user, site=SITE, **seen)
    return Incident.objects.get()


def test_a_return_with_damage_opens_an_incident_and_ends_the_loan(incident, borrower):
    assert (incident.state, incident.side, incident.what) == ("open", "lender", "Un rétroviseur est cassé.")
    assert incident.booking.returned_at is not None
    subjects = {one.subject for one in deliver() if one.to == [borrower.user.email]}
    assert subjects == {"Un problème\u00a0: Minibus", "Le retour est noté\u00a0: Minibus"}


def test_wear_opens_none(van, borrower, lender):
    loan = make_loan(listing=van, borrower=borrower.structure)
    take_back(booking_id=loan.pk, author=lender.user, condition="worn", words="", gave="Alix", received="Noé")
    assert not Incident.objects.exists()


def test_both_agree_on_an_end_and_are_told(incident, borrower, lender):
    deliver()
    who = {"incident_id": incident.pk}
    with pytest.raises(HandoverRefused, match="Personne n’a encore proposé"):
        agree(author=borrower.user, proposal_id=None, **who)
    read = say(author=borrower.user, text="Nous le remplaçons.", proposes="repaired", site=SITE, **who)
    (told,) = deliver()
    assert told.to == [lender.user.email]
    assert "réparé ou remplacé" in told.body
    with pytest.raises(HandoverRefused, match="C’est à l’autre association"):
        agree(author=borrower.user, proposal_id=read.pk, **who)
    ended = agree(author=lender.user, proposal_id=read.pk, site=SITE, **who)
    assert (ended.state, ended.alone) == ("repaired", False)
    assert {one.to[0] for one in deliver()} == {lender.user.email, borrower.user.email}
    with pytest.raises(HandoverRefused, match="déjà clos"):
        say(author=lender.user, text="Encore une chose", **who)


def test_one_agrees_to_the_end_that_one_read_and_to_no_other(incident, borrower, lender):
    who = {"incident_id": incident.pk}
    read = say(author=borrower.user, text="Nous le remplaçons.", proposes="repaired", **who)
    say(author=borrower.user, text="Finalement, non.", proposes="dropped", **who)
    with pytest.raises(HandoverRefused, match="vient de proposer une autre issue"):
        agree(author=lender.user, proposal_id=read.pk, **who)
    client = Client()
    sign_in(client, lender.user)
    answer = client.post(incident.get_absolute_url(), {"faire": "accepter", "issue": read.pk}, follow=True)
    assert "vient de proposer une autre issue" in answer.content.decode()
    incident.refresh_from_db()
    assert incident.is_open


def test_a_repair_that_lasts_longer_is_closed_again(incident, lender):
    who = {"incident_id": incident.pk, "author": lender.user}
    put_out_of_service(until=timezone.localdate() + DAY, **who)
    with time_machine.travel(timezone.now() + 3 * DAY):
        client = Client()
        sign_in(client, lender.user)
        assert "Mettre le bien hors service" in client.get(incident.get_absolute_url()).content.decode()
        put_out_of_service(until=timezone.localdate() + 7 * DAY, **who)
        incident.refresh_from_db()
        assert incident.closure.period.upper > timezone.now()


def test_the_lender_ends_it_alone_after_a_while_and_drops_it_at_once(incident, borrower, lender):
    who = {"incident_id": incident.pk}
    with pytest.raises(HandoverRefused, match="C’est à Foyer rural"):
        end_alone(author=borrower.user, outcome="dropped", **who)
    with pytest.raises(HandoverRefused, match="15 jours pour répondre"):
        end_alone(author=lender.user, outcome="settled", **who)
    with time_machine.travel(timezone.now() + incidents.ALONE_AFTER + DAY):
        ended = end_alone(author=lender.user, outcome="settled", **who)
    assert (ended.state, ended.alone) == ("settled", True)
    Incident.objects.update(state="open", resolved_at=None)
    assert end_alone(author=lender.user, outcome="dropped", **who).state == "dropped"


def test_the_lender_says_who_bears_it_and_for_how_much(incident, borrower, lender):
    who = {"incident_id": incident.pk, "bears": "borrower", "value_cents": 4000}
    assess(author=lender.user, **who)
    incident.refresh_from_db()
    assert (incident.bears, incident.value_cents) == ("borrower", 4000)
    with pytest.raises(HandoverRefused, match="C’est à Foyer rural"):
        assess(author=borrower.user, **who)


def test_what_is_broken_is_out_of_service_until_it_is_put_back(incident, lender, van):
    until = timezone.localdate() + 7 * DAY
    put_out_of_service(incident_id=incident.pk, author=lender.user, until=until)
    closure = Closure.objects.get()
    assert (closure.reason, closure.listing) == ("repair", van)
    assert Occupation.objects.filter(closure=closure, listing=van).count() == 1
    put_back_in_service(incident_id=incident.pk, author=lender.user)
    assert not Occupation.objects.filter(closure__isnull=False).exists()


def test_a_booking_keeps_it_from_being_closed_without_a_word(incident, lender, van):
    confirmed_now(begins=48, ends=60, listing=van)
    with pytest.raises(HandoverRefused, match="réservation"):
        put_out_of_service(incident_id=incident.pk, author=lender.user, until=timezone.localdate() + 7 * DAY)
    assert not Closure.objects.exists()


def test_either_side_says_it_after_the_hand_over_and_nobody_else(van, borrower):
    loan = make_loan(listing=van, borrower=borrower.structure)
    opened = incidents.report_incident(booking_id=loan.pk, author=borrower.user, what="Crevaison")
    assert opened.side == "borrower"
    with pytest.raises(HandoverRefused, match="Vous n’agissez pas pour"):
        incidents.report_incident(booking_id=loan.pk, author=MandateFactory().user, what="Crevaison")
    van.bookings.update(handed_at=None)
    with pytest.raises(HandoverRefused, match="après la remise"):
        incidents.report_incident(booking_id=loan.pk, author=borrower.user, what="Crevaison")


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("incident_resolved_at_a_time", {"state": "settled"}),
        ("incident_in_words", {"what": " "}),
        ("incident_bears_known", {"bears": "nobody"}),
        ("incident_value_positive", {"value_cents": 0}),
    ],
)
def test_the_database_refuses_what_must_never_be(incident, constraint, change):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Incident.objects.update(**change)


@pytest.mark.parametrize(
    ("constraint", "facts"),
    [
        ("incident_word_has_text", {"text": ""}),
        ("incident_word_proposes_an_end", {"text": "Tant pis", "proposes": "open"}),
    ],
)
def test_the_database_refuses_empty_words_and_ends_that_are_none(incident, constraint, facts):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        IncidentWord.objects.create(incident=incident, side="lender", **facts)
