"""What waits for an answer of the territory's team: one line a queue, for the hub of agents and for their letter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Count, Max, Min, QuerySet, Value
from django.utils import timezone

from maillage.conversations.models import Report
from maillage.directory.models import Claim
from maillage.engine.french import count_fr
from maillage.opportunities.models import Question
from maillage.places.models import PlaceReport


@dataclass(frozen=True)
class Queue:
    """Things that wait together.

    address  name of the page where the team answers them
    waiting  makes their queryset
    since    the field that says when one came
    one, many  how they are counted: « demande d’association », « demandes d’associations »
    """

    address: str
    waiting: Callable[[], QuerySet]
    since: str
    one: str
    many: str


QUEUES = (
    Queue("claims", Claim.objects.for_the_territory, "made_at", "demande d’association", "demandes d’associations"),
    Queue("questions", Question.objects.waiting, "asked_at", "question", "questions"),
    Queue("reports", Report.objects.waiting, "reported_at", "message signalé", "messages signalés"),
    Queue("place-reports", PlaceReport.objects.waiting, "reported_at", "erreur sur un lieu", "erreurs sur des lieux"),
)


@dataclass(frozen=True)
class Awaiting:
    """What a queue holds: how many, and when the oldest and the newest came."""

    queue: Queue
    count: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None

    @property
    def counted(self):
        return count_fr(self.count, self.queue.one, self.queue.many)

    @property
    def age(self):
        """« depuis 3 jours », of the oldest."""
        days = (timezone.localdate() - timezone.localdate(self.oldest)).days if self.oldest else 0
        return {0: "depuis aujourd’hui", 1: "depuis hier"}.get(days, f"depuis {count_fr(days, 'jour')}")


def awaiting(until=None):
    """An Awaiting for each queue, in their order, from one query whatever they hold; only what came by ``until``."""
    parts = [_summed(queue, until) for queue in QUEUES]
    found = {address: facts for address, *facts in parts[0].union(*parts[1:], all=True)}
    return [Awaiting(queue, *found.get(queue.address, ())) for queue in QUEUES]


def awaiting_count():
    return sum(one.count for one in awaiting())


def _summed(queue, until):
    waiting = queue.waiting().order_by()
    if until:
        waiting = waiting.filter(**{f"{queue.since}__lte": until})
    named = waiting.values(queue_name=Value(queue.address, CharField()))
    summed = named.annotate(count=Count("pk"), oldest=Min(queue.since), newest=Max(queue.since))
    return summed.values_list("queue_name", "count", "oldest", "newest")
