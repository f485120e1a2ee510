"""Once each, whatever happens: two runs at once, and a run that is killed between two people."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.core import mail
from django.db import connection

from maillage.digest.models import Subscription
from maillage.sharing.models import SavedSearch
from tests.at_once import at_once
from tests.digest.conftest import SITE, publish_a_while_ago, subscribe, tell
from tests.factories.accounts import UserFactory
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory

PEOPLE = 40


@pytest.fixture
def people(transactional_db):
    publish_a_while_ago(ListingFactory(structure__commune=CommuneFactory(revel=True)))
    people = UserFactory.create_batch(PEOPLE)
    for person in people:
        SavedSearch.objects.create(user=person, direction="offer", words="camionnette")
        subscribe(person)
    return people


def test_two_runs_at_once_write_to_each_once(people):
    counts = at_once(tell, tell)
    assert sum(counts) == PEOPLE
    assert Counter(letter.to[0] for letter in mail.outbox) == {person.email: 1 for person in people}


def test_a_run_killed_between_two_people_goes_on_where_it_was(people, tmp_path):
    process = start(tmp_path)
    deadline = time.monotonic() + 120
    while not 5 <= told() < PEOPLE and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = told()
    assert 5 <= before < PEOPLE
    wait_until_alone()
    assert tell() == PEOPLE - before
    already = Counter(line.split()[1] for file in tmp_path.iterdir() for line in file.open() if line.startswith("To: "))
    received = already + Counter(letter.to[0] for letter in mail.outbox)
    assert set(received) == {person.email for person in people}
    assert sum(received.values()) <= PEOPLE + 1  # the one whose letter was leaving when the run was killed


def start(folder):
    """The command in a process of its own, that writes its letters in ``folder``."""
    settings = connection.settings_dict
    address = f"postgresql://{settings['USER']}:{settings['PASSWORD']}@/{settings['NAME']}?host={settings['HOST']}"
    address += f"&port={settings['PORT']}" if settings["PORT"] else ""
    program = (
        "import django; from django.conf import settings; django.setup();"
        "settings.EMAIL_BACKEND = 'django.core.mail.backends.filebased.EmailBackend';"
        f"settings.EMAIL_FILE_PATH = {str(folder)!r};"
        f"from maillage.digest.services import tell_news; tell_news(site={SITE!r})"
    )
    environment = os.environ | {"DATABASE_URL": address}
    return subprocess.Popen([sys.executable, "-c", program], env=environment)


def told():
    return Subscription.objects.exclude(told_until__lt=Subscription.objects.latest("told_until").told_until).count()


def wait_until_alone():
    """Until PostgreSQL knows that the killed process has gone, and rolls back what it had not committed."""
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    for _ in range(1000):
        with connection.cursor() as cursor:
            cursor.execute(others)
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.01)
