"""Telling people that their listings end: one letter a person a day, once for each term, whatever is killed."""

import logging
from datetime import timedelta

from django.core.mail import get_connection
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from maillage.accounts.models import User
from maillage.digest import letters
from maillage.digest.models import Reminder, Subscription
from maillage.digest.posting import send_each
from maillage.digest.services import AT_A_TIME, subscribe
from maillage.directory.models import Mandate
from maillage.kernel.letters import send
from maillage.sharing.models import Listing

logger = logging.getLogger(__name__)
KEPT_AFTER = timedelta(days=31)  # far more than the days late that a letter may leave


def remind(*, site, now=None):
    """Write to those whose listings end soon or today; returns how many letters left.

    Run again, it goes on where it was stopped. Two runs at once write to nobody twice.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    ends = _ends(now)
    people = _people(ends)
    subscribe(User.objects.filter(pk__in=people, subscription=None))
    free_today = Q(reminded_on__isnull=True) | Q(reminded_on__lt=today)
    open_to_letters = ~Q(rhythm=Subscription.Rhythm.NEVER)
    due = Subscription.objects.filter(free_today, open_to_letters, user__in=people).select_related("user")
    sent, last = 0, 0
    with get_connection() as post:
        while chunk := list(due.filter(pk__gt=last).order_by("pk")[:AT_A_TIME]):
            last = chunk[-1].pk
            told = _told([one.user_id for one in chunk])
            untold = {one: _untold(one.user_id, people[one.user_id], ends, told) for one in chunk}
            sent += send_each(
                [one for one, lines in untold.items() if lines],
                lambda one, untold=untold: _remind(one, untold[one], due, today, site, post),
                post=post,
                what="A reminder",
            )
    return sent


def forget_reminders():
    """Remove those of terms that ended a month ago; returns how many."""
    count, _ = Reminder.objects.filter(valid_until__lt=timezone.localdate() - KEPT_AFTER).delete()
    return count


def _ends(now):
    """{structure: [(Listing, moment)…]}"""
    found: dict[int, list] = {}
    for moment, listings in zip(Reminder.Moment, Listing.objects.to_remind(now), strict=True):
        for listing in listings.select_related("structure").defer("search_vector"):
            found.setdefault(listing.structure_id, []).append((listing, moment))
    return found


def _people(structures):
    """{person: those of the structures that they act for today}, accounts that are closed left out."""
    found: dict[int, list] = {}
    acting = Mandate.objects.current().filter(structure__in=list(structures), user__is_active=True)
    for person, structure in acting.order_by("structure").values_list("user", "structure"):
        found.setdefault(person, []).append(structure)
    return found


def _told(people):
    keys = Reminder.objects.filter(user__in=people).values_list("user", "listing", "valid_until", "moment")
    return set(keys)


def _untold(person, structures, ends, told):
    """The ends that this person has not heard of: [(Listing, moment)…], the first to end first."""
    mine = [line for structure in dict.fromkeys(structures) for line in ends[structure]]
    mine.sort(key=lambda line: (line[0].valid_until, line[0].pk))
    return [(one, moment) for one, moment in mine if (person, one.pk, one.valid_until, moment.value) not in told]


def _remind(subscription, lines, due, today, site, post):
    """Whether the letter left, which another run may have sent meanwhile."""
    try:
        return _mark_and_send(subscription, lines, due, today, site, post)
    except IntegrityError:
        logger.info("Person %s heard of these ends from another run.", subscription.user_id)
        return False


def _mark_and_send(subscription, lines, due, today, site, post):
    """Marking locks the row: another run waits, and finds it done unless we were killed."""
    with transaction.atomic():
        if not due.filter(pk=subscription.pk).order_by().update(reminded_on=today):
            return False
        Reminder.objects.bulk_create(
            Reminder(
                user=subscription.user, listing=listing, valid_until=listing.valid_until, moment=moment, sent_on=today
            )
            for listing, moment in lines
        )
        letter = letters.reminder(subscription.user, [listing for listing, _ in lines], today, site)
        send(letter, to=subscription.user.email, site=site, post=post)
    return True
