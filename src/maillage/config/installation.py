"""What every command finds ready: the data folder, the secret key, a database that answers."""

import contextlib
import os
import secrets
import sys
import tempfile

import psycopg

from maillage.config import environment
from maillage.config.embedded_postgres import EmbeddedPostgres
from maillage.config.environment import Refusal
from maillage.config.postgres_place import OLDEST_VERSION

TEST_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def prepare():
    """Make the data folder and its secret key, and tell Django where things are; returns the folder."""
    folder = environment.data_folder()
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True)
            folder.chmod(0o711)  # PostgreSQL's account passes through it when we are root
        key = _secret_key(folder)
    except OSError as error:
        raise Refusal(
            f"The data folder {folder} cannot be used: {error.strerror} (MAILLAGE_DATA gives another)."
        ) from None
    os.environ["MAILLAGE_DATA"] = str(folder)
    os.environ["MAILLAGE_SECRET_KEY"] = environment.text("MAILLAGE_SECRET_KEY") or key
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    os.environ.setdefault("NUMBA_CACHE_DIR", str(folder / "numba"))  # the code's own folder may be read-only
    return folder


def _secret_key(folder):
    file = folder / "secret-key"
    if not file.exists():
        with tempfile.NamedTemporaryFile("w", dir=folder) as new:  # only its owner may read it
            new.write(secrets.token_urlsafe(50))
            new.flush()
            with contextlib.suppress(FileExistsError):
                os.link(new.name, file)
    return file.read_text()


@contextlib.contextmanager
def database(folder, *, for_tests=False):
    """A database that answers, its address in DATABASE_URL; yields what starts it again, None when it isn't ours."""
    url = os.environ.get("DATABASE_URL")
    if url:
        _check(url)
        yield None
        return
    postgres = EmbeddedPostgres(folder, "postgres-tests", TEST_SETTINGS) if for_tests else EmbeddedPostgres(folder)
    if postgres.place.notice:
        print(postgres.place.notice, file=sys.stderr)
    with postgres:
        os.environ["DATABASE_URL"] = postgres.url
        # psql for « dbshell », pg_dump: those of this very PostgreSQL, which refuses older ones
        os.environ["PATH"] = f"{postgres.place.programs}{os.pathsep}{os.environ['PATH']}"
        yield postgres


def _check(url):
    settings = environment.database(url)
    where = f"PostgreSQL of DATABASE_URL ({settings['HOST'] or 'local socket'}, database {settings['NAME']!r})"
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10_000
    except psycopg.Error as error:
        raise Refusal(f"{where} does not answer: {str(error).strip().splitlines()[0]}") from None
    if version < OLDEST_VERSION:
        raise Refusal(f"{where} is of version {version}: Maillage needs {OLDEST_VERSION} or later.")
