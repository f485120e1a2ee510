"""``./maillage up``: bring everything up to date, then serve pages and run jobs until Ctrl-C."""

import asyncio
import contextlib
import errno
import fcntl
import hashlib
import logging
import os
import socket
import sys
import threading

import uvicorn

from maillage.config import content, environment
from maillage.config.environment import Refusal
from maillage.config.installation import database, prepare

PORT = 8000
PORTS_TRIED = 20
GRACE_S = 3
JOBS_AT_ONCE = 3  # a long search must not keep letters waiting
WATCH_EVERY_S = 2

log = logging.getLogger(__name__)


def up():
    folder = prepare()
    with _only_one(folder) as remember_address, _listen() as listener, database(folder) as postgres:
        import django

        django.setup()
        _bring_up_to_date()
        address = _address(listener)
        remember_address(address)
        _announce(address)
        try:
            _serve(listener, postgres)
        except KeyboardInterrupt:
            print("\nMaillage stops.")
    # Threads of jobs are not waited for: a search may last minutes, and one that was cut short begins again.
    sys.stdout.flush()
    os._exit(0)


@contextlib.contextmanager
def _only_one(folder):
    """Refuse a second ``up`` on the same data folder, and say where the first one is."""
    with open(folder / "up.lock", "a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Refusal(f"Maillage already runs on this data folder: {lock.read() or 'it is starting'}") from None

        def remember(address):
            lock.truncate(0)
            lock.write(address)
            lock.flush()

        remember("")
        yield remember


def _listen():
    """A socket on the port asked for; on the first free one from 8000 when none was asked for."""
    bind = environment.text("MAILLAGE_BIND") or "127.0.0.1"
    asked = environment.number("MAILLAGE_PORT", 0)
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    for port in [asked] if asked else range(PORT, PORT + PORTS_TRIED):
        try:
            return socket.create_server((bind, port), family=family, backlog=256)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Refusal(f"Pages cannot be served on {bind}, port {port}: {error.strerror}.") from None
            print(f"Port {port} is taken by another program.", file=sys.stderr)
    raise Refusal("No port is free: choose one with MAILLAGE_PORT.")


def _address(listener):
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _bring_up_to_date():
    from django.conf import settings

    from maillage.demonstration.services import load_demonstration
    from maillage.directory.models import Structure

    content.prepare_tables()
    content.load_missing_territory()
    if _wants_demonstration() and not Structure.objects.exists():
        content.say("Loading the demonstration")
        load_demonstration()
    _collect_static_files(settings)


def _wants_demonstration():
    """Its people share a password that everyone can read: never by default on a site that others can reach."""
    open_to_others = any(map(environment.text, ("MAILLAGE_BIND", "MAILLAGE_HTTPS", "MAILLAGE_BEHIND_PROXY")))
    return environment.flag("MAILLAGE_DEMONSTRATION", default=not open_to_others)


def _collect_static_files(settings):
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    from maillage.web import assets

    assets.build()
    digest = hashlib.sha256()
    for path, storage in (found for finder in get_finders() for found in finder.list([])):
        status = os.stat(storage.path(path))
        digest.update(f"{storage.path(path)} {status.st_size} {status.st_mtime_ns}\n".encode())
    stamp = settings.STATIC_ROOT / ".sources"
    if not stamp.exists() or stamp.read_text() != digest.hexdigest():
        content.say("Collecting styles, scripts and fonts")
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(digest.hexdigest())


def _announce(address):
    from maillage.accounts.models import User
    from maillage.demonstration.people import personas
    from maillage.demonstration.services import PASSWORD

    print(f"\nMaillage is at {address}  (Ctrl-C stops it)\n")
    if User.objects.filter(is_demonstration=True).exists():
        print(f"Accounts of the demonstration, password {PASSWORD}:")
        for email, _, persona in personas():
            print(f"  {email:<40} {persona}")
    _say_what_pages_miss()
    sys.stdout.flush()


def _say_what_pages_miss():
    """The law asks who publishes a site, and people need someone to call."""
    from maillage.kernel.territory_settings import what_the_territory_says

    said = what_the_territory_says()
    if not (said["legal_notice"] or said["host"]):
        print("\nNobody is named as the publisher: an agent writes it in /administration/reglages/.")
    if not (said["email"] or said["phone"]):
        print("Pages give no way to reach your team: the same page takes its telephone and its address.")


def _serve(listener, postgres):
    config = uvicorn.Config(
        "maillage.config.asgi:application",
        lifespan="off",
        log_level="warning",
        access_log=False,
        proxy_headers=environment.flag("MAILLAGE_BEHIND_PROXY"),  # else anyone could choose the address we count
        timeout_graceful_shutdown=GRACE_S,
    )
    with _jobs(), _watch(postgres) if postgres else contextlib.nullcontext():
        uvicorn.Server(config).run(sockets=[listener])


@contextlib.contextmanager
def _jobs():
    """Run background jobs in a thread of this process."""
    from procrastinate.contrib.django import app
    from procrastinate.exceptions import ConnectorException

    async def work():
        worker = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
        async with worker.open_async():
            await worker.run_worker_async(
                concurrency=JOBS_AT_ONCE, install_signal_handlers=False, shutdown_graceful_timeout=GRACE_S
            )

    async def work_on():
        while True:
            try:
                await work()
            except ConnectorException:
                log.warning("Background jobs wait for the database.")
            except Exception:
                log.exception("The worker of background jobs stopped; it starts again.")
            await asyncio.sleep(1)

    loop = asyncio.new_event_loop()
    task = loop.create_task(work_on())

    def run():
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)

    thread = threading.Thread(target=run, name="jobs", daemon=True)
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(2 * GRACE_S)


@contextlib.contextmanager
def _watch(postgres):
    """Start PostgreSQL again when it dies under us."""
    stopping = threading.Event()

    def watch():
        while not stopping.wait(WATCH_EVERY_S):
            try:
                if not postgres.answers():
                    log.warning("PostgreSQL stopped; it starts again.")
                    postgres.start()
            except Exception:
                log.exception("PostgreSQL did not start again.")

    thread = threading.Thread(target=watch, name="postgres", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
