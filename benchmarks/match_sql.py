"""The same match in PostgreSQL, tuned: a GiST index on category and place, sets of stems and of days that C compares.

The best of each need come from a lateral join. Offers are stored in the order of the index, nothing is written to the
log, and as many needs are asked at the same time as there are processors.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import numpy as np
import psycopg
from match_brute_force import DAY
from match_listings import DAYS
from psycopg.conninfo import make_conninfo

from maillage.engine.geo import EARTH_RADIUS_KM, bounding_box
from maillage.engine.match import OPEN

NAME = "maillage_benchmark_match"
AT_ONCE = os.cpu_count() or 1
SETTINGS = {
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "maintenance_work_mem": "1GB",
    "max_wal_size": "8GB",
}
FAR = 99_999  # kilometres: no limit
LISTING = """
    id int, structure int, category smallint, x float8, y float8, z float8, place point, radius float8, quantity int,
    price int, size int, stems int[], calendar int
"""
PREPARE = f"""
    CREATE EXTENSION IF NOT EXISTS btree_gist;
    CREATE EXTENSION IF NOT EXISTS intarray;
    DROP TABLE IF EXISTS copied, calendars, offers, needs, visits;
    CREATE UNLOGGED TABLE calendars (calendar int PRIMARY KEY, days bit({DAYS}));
    CREATE UNLOGGED TABLE copied (is_need bool, reach box, {LISTING});
    CREATE UNLOGGED TABLE visits (asked smallint, category smallint, levels int);
"""
ARRANGE = """
    CREATE UNLOGGED TABLE offers AS SELECT copied.*, days FROM copied JOIN calendars USING (calendar) WHERE NOT is_need;
    CREATE UNLOGGED TABLE needs AS SELECT copied.*, days FROM copied JOIN calendars USING (calendar) WHERE is_need;
    CREATE INDEX offers_place ON offers USING gist (category, place);
    CLUSTER offers USING offers_place;
    CREATE INDEX ON visits (asked);
    CREATE INDEX ON needs (id);
"""
MATCH = f"""
    SELECT need.id, best.id, best.score FROM needs AS need CROSS JOIN LATERAL (
        SELECT offer.id, round(1e6 * (
            0.4::float8 / (1 + levels) + 0.25::float8 / (1 + km / 20) + 0.1::float8 * coalesce(share, 1)
            + 0.25::float8 * icount(offer.stems & need.stems) / sqrt(greatest(1, offer.size * need.size))
        )) / 1e6 AS score
        FROM visits JOIN offers AS offer ON offer.category = visits.category AND offer.place <@ need.reach
        CROSS JOIN LATERAL (SELECT
            {2 * EARTH_RADIUS_KM} * asin(least(1, sqrt(
                (offer.x - need.x) ^ 2 + (offer.y - need.y) ^ 2 + (offer.z - need.z) ^ 2) / 2)) AS km,
            bit_count(offer.days & need.days)::float8 / bit_count(need.days) AS share
        ) AS compared
        WHERE visits.asked = need.category
            AND offer.structure <> need.structure AND offer.quantity >= need.quantity AND offer.price <= need.price
            AND km <= need.radius AND km <= offer.radius AND (share IS NULL OR share > 0)
        ORDER BY score DESC, offer.id LIMIT %s
    ) AS best WHERE need.id = ANY(%s) ORDER BY need.id, best.score DESC, best.id
"""


@contextmanager
def database():
    """The address of a database of our own: on the server of DATABASE_URL, else on an embedded one made for the run."""
    if "DATABASE_URL" in os.environ:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {NAME}")
        yield make_conninfo(os.environ["DATABASE_URL"], dbname=NAME)
        return
    from maillage.config.embedded_postgres import EmbeddedPostgres

    folder = Path(mkdtemp(prefix="maillage-match-"))
    folder.chmod(0o755)  # PostgreSQL's account, when we are root, must enter
    try:
        with EmbeddedPostgres(folder, settings=SETTINGS | {"fsync": "off"}) as postgres:
            yield postgres.url
    finally:
        rmtree(folder)


def load(url, needs, offers, asked):
    """All the offers, and the needs of the rows ``asked``."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(PREPARE)
        _copy(connection, "calendars", _calendars(needs.calendars))
        _copy(connection, "visits", _visits(needs.codes))
        _copy(connection, "copied", _rows(offers, np.arange(len(offers)), is_need=False))
        _copy(connection, "copied", _rows(needs, asked, is_need=True))
        for statement in ARRANGE.split(";"):
            connection.execute(statement)
        connection.execute("VACUUM ANALYZE")


def answers(url, asked, top):
    """{need: its [(offer, score)…]}, asked by as many connections as there are processors."""

    def ask(some):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SET jit = off; SET work_mem = '256MB'; SET max_parallel_workers_per_gather = 0")
            return connection.execute(MATCH, [top, some.tolist()]).fetchall()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        rows = [row for found in threads.map(ask, np.array_split(asked, AT_ONCE)) for row in found]
    found = {need: [] for need in asked.tolist()}
    for need, offer, score in rows:
        found[need].append((offer, score))
    return found


def _copy(connection, table, rows):
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _calendars(calendars):
    first_day = (calendars.starts // DAY).min().item()
    for number, (first, end) in enumerate(
        zip(calendars.first[:-1].tolist(), calendars.first[1:].tolist(), strict=True)
    ):
        days = ["0"] * DAYS
        for start, stop in zip(calendars.starts[first:end] // DAY, calendars.ends[first:end] // DAY, strict=True):
            days[start - first_day : stop - first_day] = "1" * int(stop - start)
        yield number, "".join(days) if end > first else None


def _visits(codes):
    for number in codes.categories.values():
        for levels, above in enumerate(codes.lineage(number)):
            yield above, number, levels


def _rows(columns, rows, *, is_need):
    lat, lon = np.radians(columns.lat[rows]), np.radians(columns.lon[rows])
    price, radius = columns.price_cents[rows], np.minimum(columns.radius_km[rows], FAR)
    arrays = (
        *(rows, columns.structure[rows], columns.category[rows]),
        *(np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat), columns.lat[rows], columns.lon[rows]),
        *(radius, columns.quantity[rows], np.where(price == OPEN, 2**31 - 1 if is_need else 0, price)),
        *(columns.first_stem[rows], columns.first_stem[rows + 1], columns.calendar[rows]),
    )
    for *known, lat, lon, radius, quantity, price, first, end, calendar in zip(
        *(array.tolist() for array in arrays), strict=True
    ):
        south, west, north, east = bounding_box(lat, lon, min(radius, 20_000))
        stems = sorted(columns.stems[first:end].tolist())
        reach = f"({west},{south}),({east},{north})" if is_need else None
        yield is_need, reach, *known, f"({lon},{lat})", radius, quantity, price, end - first, stems, calendar
