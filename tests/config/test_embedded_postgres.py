"""The real thing each time: a cluster made in a folder of its own, killed, started again."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from maillage.config import postgres_place
from maillage.config.embedded_postgres import EmbeddedPostgres
from maillage.config.environment import Refusal

AS_ROOT = os.geteuid() == 0
FAST = {"fsync": "off"}


@pytest.fixture
def folder():
    """A data folder that PostgreSQL's account may enter (pytest's own folders are private)."""
    path = Path(tempfile.mkdtemp(prefix="maillage-test-"))
    path.chmod(0o755)
    yield path
    for file in path.rglob("postmaster.pid"):  # of a test that failed
        os.kill(int(file.read_text().split()[0]), signal.SIGKILL)
    shutil.rmtree(path)


def server_number(postgres):
    return int((postgres.folder / "postmaster.pid").read_text().split()[0])


def is_alive(number):
    """A killed process that no parent has fetched yet is not alive."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def ends(number):
    """Its files are gone an instant before it is."""
    deadline = time.monotonic() + 10
    while is_alive(number) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(number)


def answer(postgres, query):
    with psycopg.connect(postgres.url) as connection:
        return connection.execute(query).fetchone()[0]


def test_cluster_speaks_french_and_listens_on_no_network(folder):
    with EmbeddedPostgres(folder, settings=FAST) as postgres:
        assert answer(postgres, "SELECT lower('ÉTÉ À LA CAFÉTÉRIA')") == "été à la cafétéria"
        assert answer(postgres, "SHOW listen_addresses") == ""
        assert postgres.folder.stat().st_mode & 0o077 == 0


def test_cluster_stops_with_its_last_user_and_keeps_what_was_written(folder):
    with EmbeddedPostgres(folder, settings=FAST) as first:
        number = server_number(first)
        with EmbeddedPostgres(folder, settings=FAST) as second, psycopg.connect(second.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS n")
        assert is_alive(number)
        assert answer(first, "SELECT n FROM kept") == 42
    assert ends(number)
    with EmbeddedPostgres(folder, settings=FAST) as again:
        assert answer(again, "SELECT n FROM kept") == 42


def test_concurrent_starters_share_one_server(folder):
    program = (
        "import sys; from pathlib import Path; from maillage.config.embedded_postgres import EmbeddedPostgres\n"
        "with EmbeddedPostgres(Path(sys.argv[1]), settings={'fsync': 'off'}) as postgres:\n"
        "    print((postgres.folder / 'postmaster.pid').read_text().split()[0], flush=True); sys.stdin.read()\n"
    )
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", program, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    numbers = {starter.stdout.readline().strip() for starter in starters}
    assert len(numbers) == 1
    for starter in starters:
        starter.communicate()
    assert [starter.returncode for starter in starters] == [0, 0, 0, 0]
    assert ends(int(numbers.pop()))


def test_killed_server_starts_again_with_all_that_was_committed(folder):
    postgres = EmbeddedPostgres(folder)
    with postgres:
        with psycopg.connect(postgres.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 5000) AS n")
        os.kill(server_number(postgres), signal.SIGKILL)
        while postgres.answers():
            time.sleep(0.01)
        postgres.start()
        assert answer(postgres, "SELECT count(*) FROM kept") == 5000


def test_server_whose_launcher_was_killed_is_taken_over_and_stopped(folder):
    program = (
        "import os, signal, sys; from pathlib import Path\n"
        "from maillage.config.embedded_postgres import EmbeddedPostgres\n"
        "EmbeddedPostgres(Path(sys.argv[1])).__enter__(); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", program, folder], check=False)
    postgres = EmbeddedPostgres(folder)
    number = server_number(postgres)
    assert is_alive(number)
    with postgres:
        assert server_number(postgres) == number
    assert ends(number)


def test_number_of_a_dead_server_that_another_process_bears_now_is_no_obstacle(folder):
    with EmbeddedPostgres(folder, settings=FAST) as postgres:
        traces = (postgres.folder / "postmaster.pid").read_text()
    other = subprocess.Popen(["sleep", "60"], **postgres.place.options())
    try:
        (postgres.folder / "postmaster.pid").write_text("\n".join([str(other.pid), *traces.split("\n")[1:]]))
        with EmbeddedPostgres(folder, settings=FAST) as again:
            assert server_number(again) != other.pid
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_folder_with_a_long_or_strange_name_gets_its_socket_elsewhere(folder):
    strange = folder / ("l'été, " + "très " * 20 + "long")
    strange.mkdir()
    with EmbeddedPostgres(strange, settings=FAST) as postgres:
        assert postgres.socket_folder.parent == Path("/tmp")
        assert answer(postgres, "SELECT 1") == 1
    postgres.socket_folder.rmdir()


def test_socket_folder_that_others_may_write_in_is_refused(folder):
    strange = folder / "l'été"
    strange.mkdir()
    postgres = EmbeddedPostgres(strange, settings=FAST)
    postgres.socket_folder.mkdir()
    postgres.socket_folder.chmod(0o777)
    try:
        with pytest.raises(Refusal, match="is not a private folder of ours"), postgres:
            pass
    finally:
        postgres.socket_folder.rmdir()


@pytest.mark.skipif(not AS_ROOT, reason="only root lends PostgreSQL another account")
def test_private_folder_of_root_is_left_for_one_that_postgresql_can_enter(folder, monkeypatch):
    monkeypatch.setattr(postgres_place, "SHARED_HOME", folder / "shared")
    private = folder / "private"
    private.mkdir(mode=0o700)
    with EmbeddedPostgres(private, settings=FAST) as postgres:
        assert postgres.folder.is_relative_to(folder / "shared")
        assert "which cannot enter this folder: its data is kept in" in postgres.place.notice
        assert postgres.folder.stat().st_uid != 0
    private.chmod(0o755)
    assert EmbeddedPostgres(private).folder == postgres.folder, "data that exists is never left behind"


@pytest.mark.skipif(not AS_ROOT, reason="only root lends PostgreSQL another account")
def test_private_programs_of_root_are_copied_and_run(folder, monkeypatch):
    package = Path(shutil.copytree(postgres_place.find_programs().parents[1], folder / "private" / "embedded_postgres"))
    (folder / "private").chmod(0o700)
    libraries = postgres_place.find_programs().parents[2] / "embedded_postgres.libs"
    shutil.copytree(libraries, folder / "private" / "embedded_postgres.libs")
    monkeypatch.setattr(postgres_place, "SHARED_HOME", folder / "shared")
    monkeypatch.setattr(postgres_place, "find_programs", lambda: package / "pginstall" / "bin")
    with EmbeddedPostgres(folder, settings=FAST) as postgres:
        assert postgres.place.programs.is_relative_to(folder / "shared")
        assert answer(postgres, "SELECT 1") == 1
