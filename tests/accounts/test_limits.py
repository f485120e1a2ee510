"""Counts of tries: shared by all, about one person or place, forgotten after a while."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from maillage.accounts import limits
from maillage.accounts.limits import LIMITS, Limit, allow, forget, place_of
from maillage.accounts.models import Attempts


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setitem(LIMITS, "letter", {"place": Limit(5, 3600), "about": Limit(2, 3600)})


@pytest.mark.django_db
@pytest.mark.usefixtures("few")
def test_tries_are_counted_by_subject_and_by_place():
    assert [allow("letter", place="192.0.2.1", about="a@exemple.fr") for _ in range(3)] == [True, True, False]
    assert [allow("letter", place="192.0.2.1", about=f"{n}@exemple.fr") for n in range(3)] == [True, True, False]
    assert allow("letter", place="192.0.2.2", about="z@exemple.fr")


@pytest.mark.django_db
@pytest.mark.usefixtures("few")
def test_a_try_about_nothing_is_not_about_someone():
    assert [allow("letter", place="192.0.2.1", about="") for _ in range(4)] == [True] * 4


@pytest.mark.django_db
def test_a_count_starts_again_after_its_time(monkeypatch):
    monkeypatch.setitem(LIMITS, "code", {"about": Limit(1, 60)})
    assert [allow("code", about="x"), allow("code", about="x")] == [True, False]
    Attempts.objects.update(ends_at=timezone.now() - timezone.timedelta(seconds=1))
    assert [allow("code", about="x"), allow("code", about="x")] == [True, False]


@pytest.mark.django_db(transaction=True)
def test_two_processes_count_together(monkeypatch):
    monkeypatch.setitem(LIMITS, "code", {"about": Limit(10, 60)})

    def tries(_):
        try:
            return [allow("code", about="x") for _ in range(10)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as apart:  # each thread has its connection, as a process has
        answers = [answer for part in apart.map(tries, range(4)) for answer in part]
    assert sum(answers) == 10
    assert Attempts.objects.get().count == 40


@pytest.mark.django_db
def test_what_is_kept_names_nobody():
    allow("letter", place="192.0.2.1", about="odile@exemple.fr")
    kept = list(Attempts.objects.values_list("key", flat=True))
    assert [len(key) for key in kept] == [32, 32]
    assert b"odile" not in b"".join(map(bytes, kept))


@pytest.mark.django_db
def test_old_counts_are_forgotten():
    allow("letter", place="192.0.2.1", about="odile@exemple.fr")
    assert forget() == 0
    with time_machine.travel(timezone.now() + timezone.timedelta(hours=2)):
        assert forget() == 2


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_the_addresses_of_a_home_are_one_place(address, place):
    assert place_of(SimpleNamespace(META={"REMOTE_ADDR": address})) == place


@pytest.mark.django_db
def test_a_count_of_nothing_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="attempts_count_is_positive"), transaction.atomic():
        Attempts.objects.create(key=b"x", count=0, ends_at=timezone.now())


def test_each_limit_is_of_a_kind_that_pages_give():
    assert {kind for kinds in limits.LIMITS.values() for kind in kinds} == {"place", "about"}
