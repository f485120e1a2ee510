"""Whoever computes the pieces, the results are the same, in the same order; a worker that is killed changes nothing."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from distributed import LocalCluster

from maillage.engine import crews
from maillage.engine.crews import Alone, Cluster, CrewUnavailable, Processes, crew
from tests.clusters import cluster_of_two
from tests.engine.crew_pieces import always_die, fail, sleep, square, square_or_die

NUMBERS = range(12)
PIECES = [(number,) for number in NUMBERS]
SQUARES = [number * number for number in NUMBERS]


@pytest.fixture(scope="module")
def cluster():
    with cluster_of_two() as found:
        yield found


def deadly(folder):
    """Pieces, two of which kill the worker that first takes them."""
    return [(number, str(folder / str(number)) if number in (0, 7) else "") for number in NUMBERS]


def test_crews_give_the_same_results_in_order(cluster):
    for one in (Alone(), Processes(2), Cluster(cluster.scheduler_address)):
        with one:
            assert list(one.results(square, PIECES)) == SQUARES
            assert list(one.results(square, ())) == []


def test_a_killed_process_changes_nothing(tmp_path):
    with Processes(2) as two:
        assert list(two.results(square_or_die, deadly(tmp_path))) == SQUARES
    assert sorted(file.name for file in tmp_path.iterdir()) == ["0", "7"]


def test_a_killed_worker_of_a_cluster_changes_nothing(cluster, tmp_path):
    with Cluster(cluster.scheduler_address) as one:
        assert list(one.results(square_or_die, deadly(tmp_path))) == SQUARES
    assert sorted(file.name for file in tmp_path.iterdir()) == ["0", "7"]


def test_a_piece_that_kills_every_worker_is_given_up():
    with Processes(2) as two, pytest.raises(CrewUnavailable, match="3 workers died in a row"):
        list(two.results(always_die, PIECES))


@pytest.mark.parametrize("kind", ["alone", "processes", "cluster"])
def test_a_failure_of_the_function_is_told(kind, cluster):
    kinds = {"alone": Alone(), "processes": Processes(2), "cluster": Cluster(cluster.scheduler_address)}
    with kinds[kind] as one, pytest.raises(ValueError, match="piece 0"):
        list(one.results(fail, PIECES))


def test_pieces_are_made_as_they_are_wanted():
    made = []
    with Processes(2) as two:
        results = two.results(square, ((made.append(number) or number,) for number in range(100)))
        assert next(results) == 0
        assert len(made) < 10


def test_workers_leave_with_a_parent_that_was_killed(tmp_path):
    program = tmp_path / "parent.py"
    program.write_text(
        "import time\n"
        "from maillage.engine.crews import Processes\n"
        "from tests.engine.crew_pieces import process_number\n"
        "if __name__ == '__main__':\n"
        "    with Processes(2) as two:\n"
        "        print(*two.results(process_number, [()] * 4), flush=True)\n"
        "        time.sleep(60)\n"
    )
    root = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, env=environment) as parent:
        workers = {int(number) for number in parent.stdout.readline().split()}
        parent.kill()
    assert workers
    deadline = time.monotonic() + 10
    while any(map(is_running, workers)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def is_running(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_the_operator_chooses_the_crew():
    assert isinstance(crew(), Alone)
    assert isinstance(crew(workers=2), Processes)
    assert isinstance(crew(workers=4, scheduler="tcp://127.0.0.1:9"), Cluster)


@pytest.mark.parametrize("address", ["nowhere://", "tls://127.0.0.1:9", "tcp://127.0.0.1:9"])
def test_an_address_where_nobody_answers_is_refused_with_a_sentence(address, monkeypatch):
    monkeypatch.setattr(crews, "PATIENCE_S", 1)
    with pytest.raises(CrewUnavailable, match=f"No worker answers behind the scheduler {address}"):
        Cluster(address).__enter__()


def test_a_failed_connection_leaves_no_thread_behind(monkeypatch):
    monkeypatch.setattr(crews, "PATIENCE_S", 1)
    before = set(threading.enumerate())
    for _ in range(3):
        with pytest.raises(CrewUnavailable):
            Cluster("nowhere://").__enter__()
    assert set(threading.enumerate()) <= before


def test_a_scheduler_without_workers_is_left_alone(monkeypatch):
    monkeypatch.setattr(crews, "PATIENCE_S", 1)
    with LocalCluster(n_workers=0, dashboard_address=":0") as empty:
        with pytest.raises(CrewUnavailable):
            Cluster(empty.scheduler_address).__enter__()
        deadline = time.monotonic() + 10
        while any(not name.startswith("fire-and-forget") for name in empty.scheduler.clients):
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_a_cluster_whose_workers_all_leave_is_given_up(monkeypatch):
    monkeypatch.setattr(crews, "PATIENCE_S", 1)
    leaving = LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0")
    with leaving, Cluster(leaving.scheduler_address) as one:
        results = one.results(sleep, [(0,), *[(30,)] * 5])
        next(results)
        leaving.scale(0)
        with pytest.raises(CrewUnavailable, match="they have all left"):
            next(results)


def test_a_piece_that_kills_every_worker_of_a_cluster_is_given_up(cluster):
    with Cluster(cluster.scheduler_address) as one, pytest.raises(CrewUnavailable):
        list(one.results(always_die, [(1,)]))


def test_fewer_workers_than_none_are_refused():
    with pytest.raises(CrewUnavailable, match="-3 workers cannot compute"):
        crew(workers=-3)
