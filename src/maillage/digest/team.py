"""The letter of agents: what waits for the team, at most once a day, and only when something came."""

from urllib.parse import urljoin

from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import links
from maillage.accounts.models import User
from maillage.digest.awaiting import awaiting
from maillage.digest.models import Subscription
from maillage.digest.posting import send_each
from maillage.digest.services import SETTLED, rhythm_of, subscribe
from maillage.engine.french import HYPHEN, NBSP, count_fr
from maillage.kernel.letters import Action, Item, Letter, Section, hello, send


def hears_of_team(person):
    return rhythm_of(person).hears_of_team


def hear_of_team(*, person, hears):
    """Whether ``person``, an agent, wants the letter."""
    with transaction.atomic():
        subscribe([person])
        Subscription.objects.filter(user=person).update(hears_of_team=hears)


def tell_team(*, site, now=None):
    """Write to the agents who want it and were not told what came last; returns how many letters left.

    Run again the same day, it writes to nobody twice, and tries again those whose letter failed.
    """
    until = (now or timezone.now()) - SETTLED
    held = [one for one in awaiting(until) if one.count]
    if not held:
        return 0
    subscribe(User.objects.filter(is_active=True, is_agent=True, subscription=None))
    newest = max(one.newest for one in held)
    untold = Q(team_told_until__isnull=True) | Q(team_told_until__lt=min(newest, _midnight(until)))
    due = Subscription.objects.filter(untold, hears_of_team=True)
    agents = due.filter(user__is_active=True, user__is_agent=True).select_related("user").order_by("pk")
    with get_connection() as post:
        return send_each(
            agents, lambda one: _tell(due, one, held, until, site, post), post=post, what="What waits for the team"
        )


def _tell(due, subscription, held, until, site, post):
    """Whether the letter left. Marking locks the row: another run waits, and finds it told."""
    with transaction.atomic():
        if not due.filter(pk=subscription.pk).update(team_told_until=until):
            return False
        send(team_letter(subscription.user, held, site), to=subscription.user.email, site=site, post=post)
    return True


def _midnight(moment):
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def team_letter(person, held, site):
    """held: an Awaiting for each queue that is not empty."""
    count = sum(one.count for one in held)
    items = [Item(_line(one), urljoin(site, reverse(one.queue.address))) for one in held]
    return Letter(
        subject=f"{count_fr(count, 'chose attend', 'choses attendent')} l’équipe du territoire",
        title=hello(person),
        paragraphs=(
            "Des gens attendent une réponse de l’équipe du territoire. Un seul e\u2011mail par jour vous le dit.",
        ),
        sections=(Section("Ce qui attend l’équipe", tuple(items)),),
        action=Action.to("Voir tout ce qui attend", site, "administration"),
        after=(f"Vous pouvez ne plus recevoir cet e{HYPHEN}mail, en bas de cette page.",),
        why="Vous recevez ce message parce que vous êtes de l’équipe du territoire.",
        leave=urljoin(site, reverse("leave-digest", args=[links.sign("leave-digest", person=person.pk, team=True)])),
    )


def _line(one):
    since = "attend" if one.count == 1 else "la plus ancienne attend"
    return f"{one.counted}{NBSP}: {since} {one.age}"
