"""Which process searches: the one that holds a lock of PostgreSQL, which dies with it."""

from contextlib import contextmanager

from django.db import connection

LOCK = 1901, 7  # a number of ours, and that of searches


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


def search_is_alive():
    """Whether some process holds the lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND database = ("
            "SELECT oid FROM pg_database WHERE datname = current_database()) AND (classid, objid) = (%s, %s))",
            LOCK,
        )
        return cursor.fetchone()[0]
