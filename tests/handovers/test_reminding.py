"""Who hears of loans that end or are late, when, and never twice."""

from datetime import time, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.handovers.models import LoanReminder
from maillage.handovers.reminding import remind
from maillage.handovers.services import take_back
from maillage.sharing.bookings.terms import period_between
from tests.factories.directory import MandateFactory
from tests.factories.handovers import confirmed_now, hand, make_loan
from tests.factories.sharing import BookingFactory

pytestmark = pytest.mark.django_db
SITE = "https://maillage.example/"
DAY = timedelta(days=1)


@pytest.fixture
def loan(van, borrower):
    """Out since this morning, due in five days at 20 h."""
    today = timezone.localdate()
    period = period_between(today, today + 5 * DAY, None, time(20))
    return hand(BookingFactory(listing=van, borrower=borrower.structure, confirmed=True, period=period))


def told(loan, days, hour):
    """(address, subject) of what leaves so many days after the end of a loan, at this hour of the morning."""
    due = timezone.localtime(loan.period.upper)
    already = len(mail.outbox)
    with time_machine.travel((due + days * DAY).replace(hour=hour), tick=False):
        remind(site=SITE)
        remind(site=SITE)
    return sorted((one.to[0], one.subject) for one in mail.outbox[already:])


def test_the_borrower_hears_before_on_the_day_and_late_the_lender_when_late(loan, borrower, lender):
    them, us = borrower.user.email, lender.user.email
    assert told(loan, -2, 15) == []
    assert told(loan, -1, 9) == []
    assert told(loan, -1, 15) == [(them, "À rendre demain à 20\u00a0h\u00a0: Minibus")]
    assert told(loan, 0, 9) == [(them, "À rendre aujourd’hui à 20\u00a0h\u00a0: Minibus")]
    assert told(loan, 0, 21) == []
    assert told(loan, 1, 9) == sorted(
        [(them, "En retard de 1\u00a0jour\u00a0: Minibus"), (us, "Pas rendu depuis 1\u00a0jour\u00a0: Minibus")]
    )
    assert told(loan, 2, 9) == []
    assert [subject for _, subject in told(loan, 3, 9)] != []
    assert told(loan, 4, 9) == []


def test_an_outage_is_caught_up_and_not_told_for_ever(loan, borrower, lender):
    assert len(told(loan, 2, 9)) == 2
    assert len(told(loan, 8, 9)) == 2
    LoanReminder.objects.all().delete()
    assert told(loan, 12, 9) == []


def test_what_came_back_is_not_told(loan, borrower, lender):
    seen = {"condition": "good", "words": "", "gave": "Alix", "received": "Noé"}
    take_back(booking_id=loan.pk, author=borrower.user, **seen)
    assert told(loan, 1, 9) == []


def test_who_comes_next_hears_that_it_may_be_late_with_other_days(van, lender):
    late, coming = make_loan(ends=-2, listing=van), MandateFactory()
    confirmed_now(begins=20, ends=30, listing=van, borrower=coming.structure)
    confirmed_now(begins=100, ends=110, listing=van)
    remind(site=SITE)
    remind(site=SITE)
    letters = {one.to[0]: one for one in mail.outbox}
    assert set(letters) == {coming.user.email, lender.user.email}
    assert letters[coming.user.email].subject.startswith("Risque de retard")
    assert "Il est libre aussi à ces moments" in letters[coming.user.email].body
    assert late.borrower.name not in letters[coming.user.email].body


def test_chairs_that_are_enough_worry_nobody(chairs, lender):
    make_loan(ends=-2, listing=chairs, quantity=10)
    confirmed_now(begins=20, ends=30, listing=chairs, quantity=30)
    assert remind(site=SITE) == 0


def test_a_letter_that_fails_is_sent_by_the_next_run(loan, borrower, lender, settings):
    settings.EMAIL_BACKEND = "tests.handovers.test_reminding.Refusing"
    told(loan, 1, 9)
    assert not LoanReminder.objects.exists()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert len(told(loan, 1, 10)) == 2


class Refusing:
    """A server of e-mail that is down."""

    def __init__(self, **options):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def close(self):
        pass

    def send_messages(self, messages):
        raise OSError("no route to host")


def test_the_database_refuses_the_same_reminder_twice(loan, borrower):
    facts = {"person": borrower.user, "booking": loan, "about": loan.period.upper}
    LoanReminder.objects.create(moment="late", **facts)
    for constraint, moment in (("loan_reminder_once", "late"), ("loan_reminder_moment_known", "soon")):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            LoanReminder.objects.create(moment=moment, **facts)
