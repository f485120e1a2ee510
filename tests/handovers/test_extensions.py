"""More time: asked and accepted before the thing is due, unless someone else has it."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.handovers.extensions import answer_extension, ask_extension
from maillage.handovers.loans import HandoverRefused
from maillage.handovers.models import Extension
from maillage.sharing.models import Occupation
from tests.factories.handovers import confirmed_now, make_loan
from tests.letters import deliver

pytestmark = pytest.mark.django_db
SITE = "http://testserver/"
HOUR = timedelta(hours=1)


@pytest.fixture
def loan(van, borrower):
    """Due in a day."""
    return make_loan(listing=van, borrower=borrower.structure)


def asked(loan, borrower, hours=5, **more):
    until = loan.period.upper + hours * HOUR
    return ask_extension(booking_id=loan.pk, author=borrower.user, until=until, **more)


def test_more_time_is_asked_accepted_and_written_to_both(loan, borrower, lender):
    extension = asked(loan, borrower, words="Le spectacle est décalé.", site=SITE)
    (letter,) = deliver()
    assert letter.to == [lender.user.email]
    answer_extension(extension_id=extension.pk, author=lender.user, accepts=True, site=SITE)

    loan.refresh_from_db()
    assert (loan.period.upper, loan.sequence) == (extension.until, 1)
    assert Occupation.objects.get().period.upper == extension.until
    letters = deliver()
    assert {one.to[0] for one in letters} == {borrower.user.email, lender.user.email}
    assert all("SEQUENCE:1" in str(one.attachments[0].content) for one in letters)


def test_a_refusal_changes_nothing(loan, borrower, lender):
    extension = asked(loan, borrower)
    assert answer_extension(extension_id=extension.pk, author=lender.user, accepts=False).state == "refused"
    due = loan.period.upper
    loan.refresh_from_db()
    assert (loan.period.upper, loan.sequence) == (due, 0)


def test_what_someone_else_has_booked_is_not_kept_longer(loan, van, borrower, lender):
    extension = asked(loan, borrower)
    confirmed_now(begins=26, ends=30, listing=van)
    with pytest.raises(HandoverRefused, match="autre association l’a réservé"):
        answer_extension(extension_id=extension.pk, author=lender.user, accepts=True)
    Extension.objects.all().delete()
    with pytest.raises(HandoverRefused, match="autre association l’a réservé"):
        asked(loan, borrower)
    assert asked(loan, borrower, hours=1).state == "asked"


def test_it_is_asked_and_accepted_before_the_thing_is_due(loan, borrower, lender):
    extension = asked(loan, borrower)
    with time_machine.travel(timezone.now() + 25 * HOUR):
        with pytest.raises(HandoverRefused, match="trop tard pour prolonger"):
            answer_extension(extension_id=extension.pk, author=lender.user, accepts=True)
        Extension.objects.all().delete()
        with pytest.raises(HandoverRefused, match="trop tard pour prolonger"):
            asked(loan, borrower)


def test_each_side_does_its_part_once(loan, borrower, lender):
    with pytest.raises(HandoverRefused, match="de demander plus de temps"):
        asked(loan, lender)
    with pytest.raises(HandoverRefused, match="déjà à vous"):
        asked(loan, borrower, hours=-1)
    extension = asked(loan, borrower)
    with pytest.raises(HandoverRefused, match="attend déjà une réponse"):
        asked(loan, borrower)
    with pytest.raises(HandoverRefused, match="C’est à Foyer rural de répondre"):
        answer_extension(extension_id=extension.pk, author=borrower.user, accepts=True)


def test_the_database_refuses_two_at_once_and_unknown_states(loan, borrower):
    asked(loan, borrower)
    with pytest.raises(IntegrityError, match="extension_one_at_a_time"), transaction.atomic():
        loan.extensions.create(until=loan.period.upper)
    with pytest.raises(IntegrityError, match="extension_state_known"), transaction.atomic():
        Extension.objects.update(state="maybe")
