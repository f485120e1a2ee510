"""Who computes the pieces of a large work: this process, several of this machine, or those of a Dask cluster.

``crew.results(function, pieces)`` gives ``function(*piece)`` for each piece, in their order, whoever computed it.
Pieces are made as they are wanted, so that few are in memory at once. ``function`` is one that other processes find by
its name, and its result depends on the piece alone: a piece that is lost with its worker is computed again.
"""

import gc
import os
import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice, starmap
from multiprocessing import get_context, parent_process

IN_HAND = 2  # pieces given to each worker at once: the one it computes and the next
DEATHS = 3  # of workers in a row without a result: the piece must be to blame
PATIENCE_S = 60  # for a cluster without a worker


class CrewUnavailable(Exception):
    """Its text tells the operator what to do."""


class Alone:
    """This process, on one processor."""

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        pass

    def results(self, function, pieces):
        return starmap(function, pieces)


class Processes:
    """``count`` processes of this machine; when one is killed, what they had in hand is done again by new ones."""

    def __init__(self, count):
        self._count = count

    def __enter__(self):
        self._pool = self._new_pool()
        return self

    def __exit__(self, *exception):
        self._pool.shutdown(cancel_futures=True)

    def _new_pool(self):
        # Nothing of ours is inherited: neither threads, nor connections to the database.
        return ProcessPoolExecutor(self._count, get_context("spawn"), initializer=_leave_with_parent)

    def results(self, function, pieces):
        pieces, given, deaths = iter(pieces), deque(), 0
        while True:
            given.extend(map(_Given, islice(pieces, IN_HAND * self._count - len(given))))
            if not given:
                return
            try:
                for one in given:
                    one.future = one.future or self._pool.submit(function, *one.piece)
                result = given[0].future.result()
            except BrokenProcessPool:
                deaths += 1
                if deaths == DEATHS:
                    raise CrewUnavailable(f"{DEATHS} workers died in a row: is there memory enough?") from None
                self._pool = self._new_pool()
                for one in given:
                    one.forget_if_lost()
            else:
                deaths = 0
                given.popleft()
                yield result


@dataclass(eq=False, slots=True)
class _Given:
    """A piece and the future of its result, None before it is given to a worker."""

    piece: tuple
    future: Future | None = None

    def forget_if_lost(self):
        if self.future and not (self.future.done() and self.future.exception() is None):
            self.future = None


class Cluster:
    """The workers of a Dask scheduler, that come and go; Dask gives the pieces of one that died to another.

    Certificates of a ``tls://`` address come from Dask's own configuration.
    """

    def __init__(self, address):
        self._address = address

    def __enter__(self):
        try:
            import dask
        except ImportError:
            message = "The package distributed is missing: « ./maillage cluster » installs it."
            raise CrewUnavailable(message) from None
        # Pieces travel with their work rather than apart: what was sent apart to a worker is lost with it.
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
        self._client = self._connected()
        try:
            self._client.wait_for_workers(1, timeout=PATIENCE_S)
        except TimeoutError as error:
            self._client.close()
            raise self._unavailable(error) from None
        return self

    def __exit__(self, *exception):
        self._client.close()

    def _connected(self):
        from distributed import Client

        try:
            return Client(self._address, timeout=PATIENCE_S)
        except (OSError, TypeError, ValueError) as error:
            reason = str(error)
        # A client that failed stops its loop when it is collected. Were that in the midst of the start of another one,
        # which holds the lock that stopping takes, both would wait for ever.
        gc.collect()
        raise self._unavailable(reason)

    def results(self, function, pieces):
        pieces, given = iter(pieces), deque()
        while True:
            for piece in islice(pieces, max(0, self._room() - len(given))):
                given.append(self._client.submit(function, *piece, pure=False))
            if not given:
                return
            yield self._result(given.popleft())

    def _room(self):
        return IN_HAND * max(1, sum(self._client.nthreads().values()))

    def _result(self, future):
        from distributed import KilledWorker, wait
        from distributed.client import FutureCancelledError

        try:
            while not future.done():
                try:
                    wait(future, timeout=PATIENCE_S)
                except TimeoutError:
                    if not self._client.nthreads():
                        raise self._unavailable("they have all left") from None
            return future.result()
        except (KilledWorker, FutureCancelledError, OSError) as error:
            raise self._unavailable(error) from None

    def _unavailable(self, reason):
        return CrewUnavailable(f"No worker answers behind the scheduler {self._address}: {reason}")


def crew(*, workers=1, scheduler=""):
    """The crew that an operator asks for; ``workers`` 0: as many as there are processors. Raises CrewUnavailable."""
    if workers < 0:
        raise CrewUnavailable(f"{workers} workers cannot compute: give 1 or more, or 0 for one a processor.")
    if scheduler:
        return Cluster(scheduler)
    count = workers or os.cpu_count() or 1
    return Processes(count) if count > 1 else Alone()


def _leave_with_parent():
    """So that nothing is left behind by a process that was killed."""
    threading.Thread(target=_leave_after, args=(parent_process(),), daemon=True).start()


def _leave_after(process):
    process.join()
    os._exit(1)
