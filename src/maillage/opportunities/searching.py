"""Which process searches: the one that holds a lock of PostgreSQL, which dies with it."""

from contextlib import contextmanager

from django.db import connection

LOCK, BEGINNING = (1901, 7), (1901, 8)  # a number of ours, and those of searches


@contextmanager
def search_lock():
    """Hold the lock of searches; yields whether it was free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", LOCK)
        (is_ours,) = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", LOCK)


def begin_one_by_one():
    """Wait until no other transaction begins a search: whoever comes second finds the run of the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", BEGINNING)


def search_is_alive():
    """Whether some process holds the lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = ("
            "SELECT oid FROM pg_database WHERE datname = current_database()) AND (classid, objid) = (%s, %s))",
            LOCK,
        )
        return cursor.fetchone()[0]
