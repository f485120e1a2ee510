"""The post of accounts: tried again when the server does not answer, forgotten once it left."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from maillage.accounts import services, tasks
from maillage.accounts.limits import allow
from maillage.accounts.models import Attempts
from tests.factories.accounts import UserFactory

SITE = "https://maillage.example/"


@pytest.mark.django_db
def test_a_letter_that_cannot_leave_is_tried_again_for_an_hour(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    services.ask_to_join(email="odile@exemple.fr", site=SITE)
    job = ProcrastinateJob.objects.get()
    with pytest.raises(OSError, match="refused") as failure:
        app.tasks[job.task_name](**job.args)
    strategy = app.tasks[job.task_name].retry_strategy
    waits = []
    for attempts in range(9):
        decision = strategy.get_retry_decision(exception=failure.value, job=SimpleNamespace(attempts=attempts))
        if decision:
            waits.append((decision.retry_at - timezone.now()).total_seconds())
    assert timedelta(minutes=50) < timedelta(seconds=sum(waits)) < timedelta(hours=2)


@pytest.mark.django_db(transaction=True)
def test_letters_that_left_are_forgotten_after_a_day():
    for email in ("vieille@exemple.fr", "recente@exemple.fr", "attend@exemple.fr"):
        services.ask_to_join(email=email, site=SITE)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE args->>'email' NOT LIKE 'attend%'")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE args->>'email' LIKE 'recente%'")
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE args->>'email' LIKE 'vieille%'")
        cursor.execute(
            "UPDATE procrastinate_events SET at = now() - interval '2 days' WHERE job_id IN"
            " (SELECT id FROM procrastinate_jobs WHERE args->>'email' LIKE 'vieille%')"
        )

    async def run():
        worker_app = app.with_connector(app.connector.get_worker_connector())
        async with worker_app.open_async():
            await tasks.forget_letters.func(SimpleNamespace(app=worker_app), 0)

    with ThreadPoolExecutor(1) as apart:  # Playwright's loop may run in this thread
        apart.submit(asyncio.run, run()).result()
    kept = [job.args["email"] for job in ProcrastinateJob.objects.order_by("pk")]
    assert kept == ["recente@exemple.fr", "attend@exemple.fr"]


@pytest.mark.django_db
def test_counts_and_sessions_that_ended_are_forgotten(client):
    allow("code", place="192.0.2.1", about="x")
    allow("letter", place="192.0.2.1", about="x")
    latest = Attempts.objects.latest("ends_at")
    Attempts.objects.exclude(pk=latest.pk).update(ends_at=timezone.now() - timedelta(minutes=1))
    client.force_login(UserFactory())
    old = Session.objects.get()
    old.expire_date = timezone.now() - timedelta(minutes=1)
    old.save()
    tasks.forget_what_ended(0)
    assert [count.pk for count in Attempts.objects.all()] == [latest.pk]
    assert not Session.objects.exists()
