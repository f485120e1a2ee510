"""A PostgreSQL of our own in the data folder: made once, started when it is needed, stopped by its last user.

It listens on a Unix socket alone, inside a folder that only its account may enter: nobody needs a password. Whether it
lives is asked of the socket, never of a file, because a server killed with -9 leaves its files behind.
"""

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn, Ping

from maillage.config.environment import Refusal
from maillage.config.postgres_place import find_place

NAME = "maillage"  # of the superuser and of the database
PORT = 5432  # names the socket: nothing listens on the network
PLAIN_PATH = re.compile(r"[\w/.+-]{1,85}", re.ASCII)  # systems take 104 bytes, the socket's own name included
START_RETRIES_S = 15  # sessions of a killed server may hold its memory for a moment
START_PATIENCE_S = 600  # the recovery of a killed server reads all it had not yet put in place
STOP_PATIENCE_S = 60


class EmbeddedPostgres:
    """``with EmbeddedPostgres(folder) as postgres: postgres.url``, in several processes at once if need be."""

    def __init__(self, data_folder, name="postgres", settings=()):
        self.place = find_place(data_folder, name)
        self.folder, self.log = self.place.folder, data_folder / f"{name}.log"
        self._locks = data_folder / f"{name}.start.lock", data_folder / f"{name}.users.lock"
        self._settings = {
            "listen_addresses": "",
            "port": PORT,
            "jit": "off",
            "log_checkpoints": "off",
        } | dict(settings)
        self._server: subprocess.Popen | None = None
        self.socket_folder = self.folder
        if not PLAIN_PATH.fullmatch(str(self.folder)):
            digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]
            self.socket_folder = Path(f"/tmp/maillage-{digest}")  # noqa: S108  (its owner is checked)

    @property
    def url(self):
        return f"postgresql:///{NAME}?user={NAME}&port={PORT}&host={quote(str(self.socket_folder))}"

    def __enter__(self):
        self._users = open(self._locks[1], "a")  # locked as long as we use the server
        try:
            with self._alone():
                fcntl.flock(self._users, fcntl.LOCK_SH)
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exception):
        with self._alone(), self._users:
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # others use it
            self._stop()

    def start(self):
        """Start the server unless it answers; made first when there is none."""
        with self._alone():
            if not (self.folder / "PG_VERSION").exists():
                self._create()
            self._start()
            with psycopg.connect(self.url, dbname="postgres", autocommit=True) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                    connection.execute(f"CREATE DATABASE {NAME}")

    def answers(self):
        return self._ping() is Ping.OK

    @contextlib.contextmanager
    def _alone(self):
        with open(self._locks[0], "a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _create(self):
        unfinished = self.folder.with_name(self.folder.name + ".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self.place.give(unfinished)
        command = [self.place.programs / "initdb", "--pgdata", unfinished, "--username", NAME, "--no-instructions"]
        command += ["--auth-local=trust", "--auth-host=reject", "--encoding=UTF8", "--locale=C.UTF-8"]
        command += ["--no-sync"] if self._settings.get("fsync") == "off" else []
        result = subprocess.run(command, capture_output=True, text=True, check=False, **self.place.options())
        if result.returncode:
            raise Refusal(f"PostgreSQL could not make its data folder {self.folder}: {result.stderr.strip()}")
        unfinished.rename(self.folder)

    def _ping(self):
        return Ping(PGconn.ping(make_conninfo(self.url, dbname="postgres", connect_timeout=5).encode()))

    def _start(self):
        begun = time.monotonic()
        while (answer := self._ping()) is not Ping.OK:
            waited = time.monotonic() - begun
            ended = self._server is None or self._server.poll() is not None
            if waited > START_PATIENCE_S or (ended and self._server and waited > START_RETRIES_S):
                raise Refusal(f"PostgreSQL does not start: {self._last_words()} (more in {self.log})")
            if ended and answer is not Ping.REJECT:
                time.sleep(0.3 if self._server else 0)
                self._forget_the_dead()
                self._launch()
            time.sleep(0.03)

    def _launch(self):
        if self.socket_folder != self.folder:
            self._make_socket_folder()
        settings = {**self._settings, "unix_socket_directories": self.socket_folder, "unix_socket_permissions": "0700"}
        command = [self.place.programs / "postgres", "-D", self.folder]
        command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with open(self.log, "ab") as log:  # a session of its own: Ctrl-C in the terminal is not for it
            self._server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.place.options(),
            )

    def _make_socket_folder(self):
        """A folder that only our account enters: whoever could write in it could stand in for the server."""
        try:
            self.socket_folder.mkdir(mode=0o700)
            self.place.give(self.socket_folder)
        except FileExistsError:
            found, owner = self.socket_folder.lstat(), self.folder.stat().st_uid
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
                raise Refusal(f"{self.socket_folder} is not a private folder of ours: remove it.") from None

    def _forget_the_dead(self):
        """Put our own number in the files of a server that answers no more.

        Its number may be another process's by now, and PostgreSQL would wait for that one for ever. It takes the number
        of its parent for a dead server's, and still looks whether sessions hold the memory that the file names.
        """
        for file in (self.folder / "postmaster.pid", self.socket_folder / f".s.PGSQL.{PORT}.lock"):
            with contextlib.suppress(FileNotFoundError):
                lines = file.read_text().split("\n")
                file.write_text("\n".join([str(os.getpid()), *lines[1:]]))

    def _last_words(self):
        lines = self.log.read_text(errors="replace").splitlines() if self.log.exists() else []
        reasons = [line for line in lines if "FATAL:" in line or "DETAIL:" in line]
        return " ".join(line.split(":  ")[-1] for line in reasons[-2:]) or "it said nothing"

    def _stop(self):
        """A fast shutdown: sessions end, all is written."""
        pid_file = self.folder / "postmaster.pid"
        if self._server and self._server.poll() is None:
            self._server.send_signal(signal.SIGINT)
            self._server.wait(STOP_PATIENCE_S)
        elif self._ping() is not Ping.NO_RESPONSE:  # started by a process that is gone
            os.kill(int(pid_file.read_text().split()[0]), signal.SIGINT)
            begun = time.monotonic()
            while pid_file.exists() and time.monotonic() - begun < STOP_PATIENCE_S:
                time.sleep(0.03)
