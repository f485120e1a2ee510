"""Telling people what is new: each at their rhythm, once, whatever is killed meanwhile."""

from datetime import timedelta

from django.core.mail import get_connection
from django.db import transaction
from django.utils import timezone

from maillage.accounts.models import User
from maillage.digest import letters
from maillage.digest.models import Subscription
from maillage.digest.news import Bulletin
from maillage.digest.posting import send_each
from maillage.kernel.letters import send

AT_A_TIME = 500  # people whose news are read together
SETTLED = timedelta(minutes=2)  # what is being published when a run begins belongs to the next one
OLDEST_NEWS = timedelta(days=31)
FIRST_NEWS = timedelta(days=7)


def choose_rhythm(*, person, rhythm, weekday):
    """When ``person`` wants news. What came while they wanted none is not told."""
    with transaction.atomic():
        subscribe([person])
        subscription = Subscription.objects.select_for_update().get(user=person)
        if subscription.rhythm == Subscription.Rhythm.NEVER:
            subscription.told_on, subscription.told_until = timezone.localdate(), timezone.now()
        subscription.rhythm, subscription.weekday = rhythm, weekday
        subscription.save()
    return subscription


def leave(*, person):
    """No more letters of news, from one press."""
    with transaction.atomic():
        subscribe([person])
        Subscription.objects.filter(user=person).update(rhythm=Subscription.Rhythm.NEVER)


def rhythm_of(person):
    """The Subscription of ``person``, or what theirs would be."""
    return Subscription.objects.filter(user=person).first() or Subscription(user=person)


def tell_news(*, site, now=None):
    """Write to all those whose day of news has come; returns how many letters left.

    Run again, it goes on where it was stopped. Two runs at once write to nobody twice.
    """
    until = (now or timezone.now()) - SETTLED
    today = timezone.localdate(until)
    subscribe(User.objects.filter(is_active=True, subscription=None).iterator())
    due = Subscription.objects.due(today)
    oldest = due.order_by("told_until").values_list("told_until", flat=True).first()
    if oldest is None:
        return 0
    bulletin = Bulletin(since=max(oldest, until - OLDEST_NEWS), until=until, today=today)
    sent, last = 0, 0
    with get_connection() as post:
        while chunk := list(due.filter(pk__gt=last).select_related("user").order_by("pk")[:AT_A_TIME]):
            last = chunk[-1].pk
            sent += _tell_chunk(bulletin, chunk, site, post)
    return sent


def _tell_chunk(bulletin, chunk, site, post):
    news = dict(zip(chunk, bulletin.news_of(chunk), strict=True))
    silent = [one.pk for one, found in news.items() if not found.is_worth_a_letter]
    told = send_each(
        [one for one, found in news.items() if found.is_worth_a_letter],
        lambda one: _tell(bulletin, one, news[one], site, post),
        post=post,
        what="News",
    )
    Subscription.objects.due(bulletin.today).filter(pk__in=silent).update(
        told_on=bulletin.today, told_until=bulletin.until
    )
    return told


def _tell(bulletin, subscription, news, site, post):
    """Whether the letter left. Marking locks the row: another run waits, and finds it told unless we were killed."""
    as_read = Subscription.objects.filter(
        pk=subscription.pk, told_until=subscription.told_until, rhythm=subscription.rhythm
    )
    with transaction.atomic():
        if not as_read.update(told_on=bulletin.today, told_until=bulletin.until):
            return False
        send(letters.digest(news, site), to=news.person.email, site=site, post=post)
    return True


def subscribe(people):
    """Give these people what they receive unless they choose otherwise; those who chose keep their choice."""
    now = timezone.now()
    Subscription.objects.bulk_create(
        (
            Subscription(
                user=person,
                told_on=timezone.localdate(person.joined_at),
                told_until=max(person.joined_at, now - FIRST_NEWS),
            )
            for person in people
        ),
        ignore_conflicts=True,
        batch_size=5_000,
    )
