"""What tests of searches share."""

import psycopg
import pytest
from django.db import connection

from maillage.opportunities.searching import LOCK


@pytest.fixture
def another_process():
    """A connection of another process that searches."""
    parameters = {name: connection.get_connection_params()[name] for name in ("dbname", "user", "host", "port")}
    with psycopg.connect(**parameters, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", LOCK)
        yield other
        other.execute("SELECT pg_advisory_unlock_all()")  # at once, where closing would free it a moment later
