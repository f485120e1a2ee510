"""Announcements: what happened, told to the other processes once it is committed, never before."""

import json

from django.db import connection, transaction

CHANNEL = "maillage_events"


def publish_on_commit(topic, name, payload=None):
    """Tell every process that ``name`` happened to ``topic`` (``"listing:12"``), after commit; nothing on rollback.

    payload  a small dict of numbers and codes (PostgreSQL's NOTIFY carries 8,000 bytes at most); readers fetch the rest
    """
    message = json.dumps({"topic": topic, "name": name, "payload": payload or {}})

    def send():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, message])

    transaction.on_commit(send)
