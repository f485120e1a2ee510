"""Searches on demand and each night: one at a time, with what they found."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from maillage.opportunities import services, tasks
from maillage.opportunities.models import Opportunity, Run
from maillage.opportunities.queries import latest_run
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.opportunities import RunFactory, circle_mandates

pytestmark = pytest.mark.django_db


def test_a_search_that_is_asked_waits_for_the_worker_then_tells_what_it_found():
    circle_mandates(2)
    agent = UserFactory(agent=True)
    run = services.ask_search(asked_by=agent)
    (job,) = ProcrastinateJob.objects.filter(task_name="opportunities.search")
    assert job.args == {"run_id": run.pk}
    assert (run.state, run.asked_by) == ("waiting", agent)
    tasks.search(**job.args)
    run.refresh_from_db()
    assert (run.state, run.percent, run.counts["circle"], run.counts["new"]) == ("done", 100, 1, 1)
    assert run.started_at <= run.ended_at


def test_a_second_click_gives_the_search_under_way():
    run = services.ask_search()
    assert services.ask_search() == run
    assert ProcrastinateJob.objects.filter(task_name="opportunities.search").count() == 1


def test_a_search_whose_process_died_no_longer_stands_in_the_way():
    lost = RunFactory(state="running")
    assert latest_run().state == "failed"
    assert services.ask_search() != lost
    lost.refresh_from_db()
    assert lost.state == "failed"


def test_a_search_that_another_process_does_stands_however_long_it_waited_before(another_process):
    run = RunFactory(state="running")
    Run.objects.update(asked_at=timezone.now() - timedelta(days=1))
    assert latest_run().state == "running"
    assert services.ask_search() == run
    tasks.search(run.pk)
    assert Run.objects.get().state == "running"
    assert not Opportunity.objects.exists()


def test_a_job_that_starts_again_after_its_process_died_does_its_search():
    circle_mandates(2)
    run = services.ask_search()
    Run.objects.update(state="running", percent=40)
    tasks.search(run.pk)
    run.refresh_from_db()
    assert (run.state, run.counts["circle"]) == ("done", 1)


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_time_make_one_search():
    found = [run.pk for run in at_once(*[services.ask_search] * 8)]
    assert len(found) == 8
    assert set(found) == {Run.objects.get().pk}


def test_a_job_that_is_run_twice_searches_once():
    circle_mandates(2)
    run = services.ask_search()
    tasks.search(run.pk)
    Opportunity.objects.all().delete()
    tasks.search(run.pk)
    tasks.search(404_404)
    assert not Opportunity.objects.exists()


def test_a_search_that_breaks_says_so(monkeypatch):
    run = services.ask_search()
    monkeypatch.setattr(services, "find_all", lambda crew, on_progress: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        tasks.search(run.pk)
    run.refresh_from_db()
    assert (run.state, run.ended_at is None) == ("failed", False)


def test_each_night_at_three_a_search_is_asked():
    crons = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert crons["opportunities.search_nightly"] == "0 3 * * *"
    tasks.search_nightly(timestamp=0)
    assert Run.objects.get().asked_by is None
