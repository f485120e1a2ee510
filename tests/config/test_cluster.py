"""``./maillage cluster``: a scheduler and its workers, that answer to their own machine unless told otherwise."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from distributed import Client

COMMAND = [sys.executable, "-P", "-m", "maillage.config.cli", "cluster"]


@pytest.fixture
def programs():
    running = []
    yield running
    for program in running:
        program.terminate()
    for program in running:
        program.wait(20)


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def test_a_scheduler_and_its_workers_compute_for_their_own_machine(programs, tmp_path):
    address = f"tcp://127.0.0.1:{free_port()}"
    start(programs, tmp_path / "scheduler", "scheduler", "--port", address.rpartition(":")[2])
    start(programs, tmp_path / "worker", "worker", address, "--nworkers=1")
    with Client(address, timeout=60) as client:
        client.wait_for_workers(1, timeout=60)
        assert client.submit(sum, [20, 22]).result() == 42
        assert set(client.run(os.getenv, "MAILLAGE_SECRET_KEY").values()) == {None}
        ours = set(client.run(os.getpid).values()) | {program.pid for program in programs}
        ours |= set(client.run(os.getppid).values())
    assert {host for process in ours for host in hosts_listened_to(process)} == {"127.0.0.1"}


def hosts_listened_to(process):
    """The addresses on which a process waits for connections, as Linux tells them."""
    held = {os.readlink(link) for link in Path(f"/proc/{process}/fd").iterdir() if link.is_symlink()}
    for table, zeros in (("tcp", 8), ("tcp6", 32)):
        for line in Path(f"/proc/{process}/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == "0A" and f"socket:[{words[9]}]" in held:
                packed = words[1].partition(":")[0]
                yield socket.inet_ntoa(bytes.fromhex(packed)[::-1]) if zeros == 8 else packed


def test_programs_of_the_current_folder_are_not_run(tmp_path):
    (tmp_path / "click.py").write_text("raise SystemExit('another click')")
    command = [*COMMAND, "scheduler", "--version"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (result.returncode, "another" in result.stderr) == (0, False)


def start(programs, log, *arguments):
    with log.open("w") as output:
        programs.append(subprocess.Popen([*COMMAND, *arguments], stdout=output, stderr=output))
    deadline = time.monotonic() + 60
    while not re.search(r"at:\s+tcp://127.0.0.1", log.read_text()):
        assert programs[-1].poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize(("arguments", "code"), [([], 0), (["--help"], 0), (["tea"], 2)])
def test_help_says_what_to_write(arguments, code):
    result = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout.startswith("Usage: ./maillage cluster scheduler")) == (code, True)
