"""A Dask cluster of this machine, whose workers tests may kill."""

from contextlib import contextmanager, suppress

from distributed import LocalCluster


@contextmanager
def cluster_of_two():
    found = LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0")
    yield found
    with suppress(AssertionError):  # Dask's own, when it closes while a worker that was killed starts again
        found.close()
