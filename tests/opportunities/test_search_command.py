"""The search of a whole territory, by one process, by several, by a cluster: the same bytes, even when workers die."""

import json
import os
import signal
import threading
import time
from io import StringIO
from multiprocessing import active_children

import pytest
from django.core.management import CommandError, call_command

from maillage.demonstration.services import load_demonstration
from maillage.engine.match import pieces
from maillage.opportunities.models import Opportunity, Run
from tests.clusters import cluster_of_two
from tests.factories.opportunities import circle_mandates

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def cluster():
    with cluster_of_two() as found:
        yield found


def search(**options):
    output = StringIO()
    call_command("opportunities_search", stdout=output, **options)
    return output.getvalue()


class Killer(threading.Thread):
    """Kills the first process that ``find`` names, as soon as it does."""

    def __init__(self, find):
        super().__init__(daemon=True)
        self._find, self.killed = find, None

    def run(self):
        deadline = time.monotonic() + 60
        while self.killed is None and time.monotonic() < deadline:
            for process in self._find():
                os.kill(process, signal.SIGKILL)
                self.killed = process
                return
            time.sleep(0.01)


def test_three_modes_agree_to_the_byte_on_the_demonstration_though_a_worker_is_killed(cluster, monkeypatch):
    load_demonstration()
    alone = search(dry_run=True)
    assert alone.count("\n") > 15
    monkeypatch.setattr(pieces, "NEEDS_AT_MOST", 30)  # as many pieces as a large territory has
    assert search(dry_run=True) == alone

    children = Killer(lambda: [process.pid for process in active_children() if "Spawn" in type(process).__name__][-1:])
    children.start()
    assert search(dry_run=True, workers=2) == alone
    assert children.killed

    workers = Killer(lambda: [nanny.process.pid for nanny in cluster.workers.values() if is_at_work(cluster)])
    workers.start()
    assert search(dry_run=True, scheduler=cluster.scheduler_address) == alone
    assert workers.killed


def is_at_work(cluster):
    return any(worker.processing for worker in cluster.scheduler.workers.values())


def test_what_is_found_is_kept_and_counted():
    circle_mandates(3)
    assert json.loads(search())["circle"] == 1
    assert Opportunity.objects.get().kind == "circle"
    run = Run.objects.get()
    assert (run.state, run.percent, run.counts["new"]) == ("done", 100, 1)


def test_a_dry_run_keeps_nothing():
    circle_mandates(3)
    (found,) = map(json.loads, search(dry_run=True).splitlines())
    assert found["kind"] == "circle"
    assert not Opportunity.objects.exists()
    assert not Run.objects.exists()


def test_a_search_that_was_asked_and_not_begun_is_done_by_the_command():
    circle_mandates(2)
    run = Run.objects.create()
    assert json.loads(search())["circle"] == 1
    assert Run.objects.get() == run


def test_a_second_search_at_the_same_time_is_refused(another_process):
    with pytest.raises(CommandError, match="Another search is under way"):
        search()


def test_a_cluster_that_does_not_answer_is_told_and_the_search_is_over(monkeypatch):
    monkeypatch.setattr("maillage.engine.crews.PATIENCE_S", 1)
    with pytest.raises(CommandError, match=r"No worker answers behind the scheduler tcp://127.0.0.1:9"):
        search(scheduler="tcp://127.0.0.1:9")
    assert Run.objects.get().state == "failed"
