"""The letter about listings that end: to whom, when, what it says, and that nobody hears twice of one end."""

from smtplib import SMTPException

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maillage.digest import reminding
from maillage.digest.models import Reminder, Subscription
from maillage.digest.tasks import forget_reminders
from maillage.digest.tasks import remind as remind_each_morning
from maillage.sharing.models import Listing
from maillage.sharing.services import let_lapse, renew_listings
from tests.at_once import at_once
from tests.digest.conftest import DAY, SITE
from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db
MORNING = timezone.make_aware(timezone.datetime(2026, 11, 25, 7))


@pytest.fixture
def morning():
    with time_machine.travel(MORNING, tick=False) as clock:
        yield clock


@pytest.fixture
def mandate(db):
    return MandateFactory(user__name="Alix", structure__name="Harmonie de Revel")


def ending(mandate, days, **facts):
    """A listing published half a year ago whose last day is in so many days."""
    today = timezone.localdate()
    listing = ListingFactory(structure=mandate.structure, valid_until=today + days * DAY, **facts)
    Listing.objects.filter(pk=listing.pk).update(published_at=timezone.now() - 180 * DAY)
    return listing


def remind():
    return reminding.remind(site=SITE)


def letters():
    return [(letter.subject.replace("\u00a0", " "), letter.body.replace("\u00a0", " ")) for letter in mail.outbox]


@pytest.mark.parametrize(
    ("days", "subject"),
    [
        (15, None),
        (14, "Expire le mercredi 9 décembre : Barnum"),
        (1, "Expire le jeudi 26 novembre : Barnum"),
        (0, "Expire le mercredi 25 novembre : Barnum"),
        (-1, "Annonce expirée : Barnum"),
        (-7, "Annonce expirée : Barnum"),
        (-8, None),
    ],
)
def test_the_letter_leaves_from_two_weeks_before_and_says_the_day(morning, mandate, days, subject):
    ending(mandate, days, title="Barnum")
    assert remind() == (subject is not None)
    assert [said for said, _ in letters()] == ([subject] if subject else [])


def test_a_reminder_that_cannot_be_made_keeps_nobody_else_waiting(morning, mandate):
    ending(mandate, 14, title="Barnum\ndu foyer")
    other = MandateFactory()
    ending(other, 14, title="Barnum")
    assert remind() == 1
    assert [letter.to for letter in mail.outbox] == [[other.user.email]]


@pytest.mark.parametrize(
    "facts",
    [
        {"paused": True},
        {"closed": True},
        {"lapses": True},
        {"structure__dissolved": True},
        {"need": True, "last_day_in": 3},
        {"last_day_in": -1},
    ],
)
def test_nobody_hears_of_what_cannot_or_need_not_be_renewed(morning, facts):
    last = facts.pop("last_day_in", None)
    if last is not None:
        facts["last_day"] = timezone.localdate() + last * DAY
    listing = ListingFactory(valid_until=timezone.localdate() + 3 * DAY, **facts)
    Listing.objects.update(published_at=timezone.now() - 180 * DAY)
    MandateFactory(structure=listing.structure)
    assert remind() == 0


def test_one_letter_gathers_the_listings_of_all_structures_of_a_person(morning, mandate):
    other = MandateFactory(user=mandate.user, structure__name="Foyer rural")
    ending(mandate, 5, title="Barnum")
    ending(other, 0, title="Fourgon")
    assert remind() == 1
    ((subject, body),) = letters()
    assert subject == "2 de vos annonces arrivent à leur fin"
    assert "« Barnum » est en ligne jusqu’au lundi 30 novembre 2026" in body
    assert "« Fourgon » est en ligne jusqu’au mercredi 25 novembre 2026" in body
    assert "Harmonie de Revel" in body
    assert "Foyer rural" in body
    assert body.index("Fourgon") < body.index("Barnum")
    assert body.count("/annonces/renouveler/") == 2
    assert mail.outbox[0].alternatives[0].mimetype == "text/html"
    assert "List-Unsubscribe" in mail.outbox[0].extra_headers


def test_all_who_act_for_the_structure_are_written_to_and_nobody_else(morning, mandate):
    colleague = MandateFactory(structure=mandate.structure)
    MandateFactory(structure=mandate.structure, ended=True)
    MandateFactory(structure=mandate.structure, user__is_active=False)
    MandateFactory()
    ending(mandate, 5)
    assert remind() == 2
    assert {letter.to[0] for letter in mail.outbox} == {mandate.user.email, colleague.user.email}


def test_an_end_is_told_once_before_and_once_on_its_day(morning, mandate):
    ending(mandate, 14)
    left = []
    for _ in range(24):
        left.append((remind(), remind()))
        morning.shift(DAY)
    assert left == [(1, 0)] + [(0, 0)] * 13 + [(1, 0)] + [(0, 0)] * 9


def test_a_second_end_of_the_same_day_waits_for_tomorrow(morning, mandate):
    ending(mandate, 14)
    assert remind() == 1
    ending(mandate, 9, title="Barnum")
    assert remind() == 0
    morning.shift(DAY)
    assert remind() == 1
    assert letters()[-1][0] == "Expire le vendredi 4 décembre : Barnum"


def test_a_new_term_is_told_anew(morning, mandate):
    listing = ending(mandate, 1)
    assert remind() == 1
    renew_listings(listing_ids=[listing.pk], author=mandate.user)
    morning.shift(DAY)
    assert remind() == 0
    morning.shift(355 * DAY)
    assert remind() == 1


def test_what_one_lets_lapse_is_not_told_again(morning, mandate):
    listing = ending(mandate, 1)
    assert remind() == 1
    let_lapse(listing_id=listing.pk, author=mandate.user)
    morning.shift(DAY)
    assert remind() == 0


def test_who_chose_a_short_term_is_told_on_its_day_alone(morning, mandate):
    ListingFactory(structure=mandate.structure, valid_until=timezone.localdate() + 5 * DAY)
    assert remind() == 0
    morning.shift(5 * DAY)
    assert remind() == 1


def test_who_wants_no_letters_has_none(morning, mandate):
    today = timezone.localdate()
    Subscription.objects.create(user=mandate.user, rhythm="never", told_on=today, told_until=timezone.now())
    ending(mandate, 5)
    assert remind() == 0


def test_a_letter_that_fails_is_tried_by_the_next_run(morning, mandate, monkeypatch):
    ending(mandate, 5)

    def refuse(*arguments, **options):
        raise SMTPException

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", refuse)
        assert remind() == 0
    assert not Reminder.objects.exists()
    assert remind() == 1


def test_the_database_refuses_a_second_reminder_of_one_end(mandate):
    listing = ending(mandate, 5)
    facts = {"user": mandate.user, "listing": listing, "valid_until": listing.valid_until, "sent_on": MORNING.date()}
    Reminder.objects.create(moment="soon", **facts)
    Reminder.objects.create(moment="last", **facts)
    with pytest.raises(IntegrityError, match="reminder_once"), transaction.atomic():
        Reminder.objects.create(moment="soon", **facts)
    with pytest.raises(IntegrityError, match="reminder_moment_known"), transaction.atomic():
        Reminder.objects.create(moment="late", **facts)


@pytest.mark.parametrize("title", ["B" * 120, "Barnum"])
def test_the_subject_fits_a_telephone(morning, mandate, title):
    ending(mandate, 5, title=title)
    remind()
    assert len(mail.outbox[0].subject) <= 60


def test_the_cost_of_a_letter_does_not_grow_with_its_listings(morning):
    def cost(count):
        mandate = MandateFactory()
        for _ in range(count):
            ending(mandate, 5)
        with CaptureQueriesContext(connection) as asked:
            assert remind() == 1
        return len(asked)

    assert cost(1) == cost(6)


def test_the_command_and_the_morning_write_with_the_address_of_the_site(morning, mandate, settings, capsys):
    ending(mandate, 5)
    settings.SITE_URL = ""
    remind_each_morning(0)
    with pytest.raises(CommandError, match="--site"):
        call_command("digest_remind")
    assert mail.outbox == []
    settings.SITE_URL = SITE
    remind_each_morning(0)
    call_command("digest_remind", site=SITE)
    assert (len(mail.outbox), capsys.readouterr().out) == (1, "0 letters\n")


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_to_each_once():
    mandates = MandateFactory.create_batch(12)
    for mandate in mandates:
        ending(mandate, 5)
    counts = at_once(remind, remind)
    assert sum(counts) == 12
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(one.user.email for one in mandates)


@pytest.mark.django_db(transaction=True)
def test_a_run_that_dies_half_way_goes_on_with_those_left(monkeypatch):
    mandates = MandateFactory.create_batch(4)
    for mandate in mandates:
        ending(mandate, 5)
    send = EmailBackend.send_messages

    def die_at_the_third(self, messages):
        if len(mail.outbox) == 2:
            raise KeyboardInterrupt
        return send(self, messages)

    with monkeypatch.context() as patch:
        patch.setattr(EmailBackend, "send_messages", die_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            remind()
    assert Reminder.objects.count() == 2
    assert remind() == 2
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(one.user.email for one in mandates)


def test_reminders_of_terms_long_gone_are_forgotten_at_night(mandate, morning):
    old, lately = ending(mandate, 0), ending(mandate, 10)
    remind()
    assert set(Reminder.objects.values_list("listing", flat=True)) == {old.pk, lately.pk}
    morning.shift(31 * DAY)
    forget_reminders(timestamp=0)
    assert Reminder.objects.count() == 2
    morning.shift(DAY)
    forget_reminders(timestamp=0)
    assert set(Reminder.objects.values_list("listing", flat=True)) == {lately.pk}
