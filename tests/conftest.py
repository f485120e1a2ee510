"""What every test may lean on: fast password hashing, plain static files, a clock in Paris."""

import pytest
from django.core.cache import cache
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import override_settings

from maillage.territory.services import load_territory

TABLES_OF_JOBS = ("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers")


def plain_settings(folder):
    return {
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        "MEDIA_ROOT": folder / "media",
        "UPLOADS_FOLDER": folder / "uploads",
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
    }


@pytest.fixture(autouse=True)
def _quick_and_plain(tmp_path):
    cache.clear()  # what allauth counted of the test before
    with override_settings(**plain_settings(tmp_path)):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The real territory (communes of France, contours of Haute-Garonne) is there for every test, loaded once.

    The tests that really commit empty the tables afterwards: those of the territory are left as they are, those of the
    jobs, which Django does not manage, are emptied too. For every connection, because Playwright's loop gives its tests
    another one than the others'.
    """
    with django_db_blocker.unblock():
        load_territory(departements=["31"])
    empty = DatabaseOperations.sql_flush

    def empty_other_tables(operations, style, tables, **options):
        others = [table for table in tables if not table.startswith("territory_")]
        return empty(operations, style, [*others, *TABLES_OF_JOBS], **options)

    DatabaseOperations.sql_flush = empty_other_tables
    yield
    DatabaseOperations.sql_flush = empty
