"""Jobs whose worker was killed start again."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from maillage.directory.tasks import import_register_file
from maillage.kernel.tasks import retry_stalled_jobs


@pytest.mark.django_db(transaction=True)
def test_a_job_left_by_a_killed_worker_starts_again_and_frees_its_lock():
    number = import_register_file.defer(register_import_id=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [number])

    async def run():
        worker_app = app.with_connector(app.connector.get_worker_connector())
        async with worker_app.open_async():
            await retry_stalled_jobs.func(SimpleNamespace(app=worker_app), 0)

    with ThreadPoolExecutor(1) as apart:  # Playwright's loop may run in this thread
        apart.submit(asyncio.run, run()).result()
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [number])
        assert cursor.fetchone() == ("todo",)
