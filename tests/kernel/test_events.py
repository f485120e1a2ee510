import json

import psycopg
import pytest
from django.db import connection, transaction

from maillage.kernel.events import CHANNEL, publish_on_commit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def listener():
    """Another connection, as another process would have."""
    parameters = connection.get_connection_params()
    wanted = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if parameters.get(name)}
    with psycopg.connect(**wanted, autocommit=True) as other:
        other.execute(f"LISTEN {CHANNEL}")
        yield lambda: [json.loads(notice.payload) for notice in other.notifies(timeout=0.3)]


def test_an_event_is_told_after_commit_only(listener):
    with transaction.atomic():
        publish_on_commit("listing:12", "listing.published", {"listing": 12})
        assert listener() == []
    assert listener() == [{"topic": "listing:12", "name": "listing.published", "payload": {"listing": 12}}]


def test_a_rollback_tells_nothing(listener):
    def interrupted():
        with transaction.atomic():
            publish_on_commit("listing:12", "listing.published")
            raise LookupError

    with pytest.raises(LookupError):
        interrupted()
    assert listener() == []
