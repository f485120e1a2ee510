"""An import killed in the middle, by the client's side or PostgreSQL's, leaves what was there and can be done again."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection

from maillage.directory.models import Structure
from maillage.directory.services import import_register
from tests.directory.registers import many, register

LINES = 20_000


def start_import(path):
    url = connection.settings_dict
    host, port = url["HOST"] or "", url["PORT"] or ""
    address = f"postgresql://{url['USER']}:{url['PASSWORD']}@/{url['NAME']}?host={host}&port={port}"
    environment = os.environ | {"DATABASE_URL": address.rstrip("&port=") if not port else address}
    return subprocess.Popen(
        [sys.executable, "-m", "django", "directory_import_rna", str(path)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def backend_writing():
    """The process of PostgreSQL that writes structures now, None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND query LIKE '%INSERT INTO directory_structure (%' AND state = 'active'"
        )
        row = cursor.fetchone()
    return row and row[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("victim", ["client", "session"])
def test_killed_import_leaves_nothing_half_written(tmp_path, victim):
    path = tmp_path / "rna.csv"
    path.write_bytes(register(many(10)))
    with open(path, "rb") as file:
        import_register(file=file)
    before = list(Structure.objects.values())
    path.write_bytes(register(many(LINES)))

    process = start_import(path)
    deadline = time.monotonic() + 120
    while (backend := backend_writing()) is None and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    assert backend is not None
    if victim == "client":
        process.send_signal(signal.SIGKILL)
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [backend])
    process.wait(timeout=60)
    wait_for_the_end_of(backend)

    assert list(Structure.objects.values()) == before
    with open(path, "rb") as file:
        report = import_register(file=file)
    assert (report.unchanged, report.created) == (len(before), Structure.objects.count() - len(before))


def wait_for_the_end_of(backend):
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [backend])
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.02)
