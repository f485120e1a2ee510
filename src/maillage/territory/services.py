"""Loading the territory: communes of the whole of France for distances, contours of the départements asked for."""

import hashlib
import json
from dataclasses import dataclass, field

from django.db import connection, transaction

from maillage.territory import files
from maillage.territory.building import build_contours
from maillage.territory.models import Commune, Departement, DepartementContours, Epci, FormerCommune

COMMUNE_COLUMNS = (
    "code",
    "name",
    "departement_id",
    "epci_id",
    "population",
    "postal_codes",
    "latitude",
    "longitude",
    "search_name",
)


class UnknownDepartement(Exception):
    """The text names the code that is no département and is shown to the operator."""


@dataclass
class LoadReport:
    """How many rows were written (created or changed), by kind; zero everywhere when nothing had changed."""

    written: dict = field(default_factory=dict)
    contours: dict = field(default_factory=dict)  # {département code: number of communes drawn}

    @property
    def changed(self):
        return any(self.written.values())


def load_territory(*, departements):
    """Load all communes of France and draw ``departements`` (codes); writes only what differs from the files.

    Raises UnknownDepartement, or SourceMissing when a contour is not shipped and the package to build it is missing.
    """
    report = LoadReport()
    with transaction.atomic():
        known = dict(files.departements())
        for code in departements:
            if code not in known:
                raise UnknownDepartement(f"« {code} » n’est pas le code d’un département.")
        report.written["départements"] = _write_differences(Departement, ("code", "name"), files.departements())
        report.written["intercommunalités"] = _write_differences(Epci, ("code", "kind", "name"), files.epci())
        report.written["communes"] = _write_differences(Commune, COMMUNE_COLUMNS, files.communes())
        report.written["anciens codes"] = _write_differences(
            FormerCommune, ("code", "commune_id"), files.former_codes()
        )
        report.written["contours"] = 0
        for code in departements:
            report.contours[code], is_written = _load_contours(code)
            report.written["contours"] += is_written
    return report


def _write_differences(model, columns, rows):
    """Copy the rows that are missing or different into the table, through a temporary one; returns how many."""
    present = {row[0]: row for row in model.objects.order_by().values_list(*columns).iterator(chunk_size=10_000)}
    different = [row for row in rows if present.get(row[0]) != row]
    if not different:
        return 0
    table, names = model._meta.db_table, ", ".join(columns)
    changes = ", ".join(f"{column} = EXCLUDED.{column}" for column in columns[1:])
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE incoming AS SELECT {names} FROM {table} LIMIT 0")
        with cursor.copy(f"COPY incoming ({names}) FROM STDIN") as copy:
            for row in different:
                copy.write_row(row)
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {names} FROM incoming ON CONFLICT (code) DO UPDATE SET {changes}"
        )
        cursor.execute("DROP TABLE incoming")
    return len(different)


def _load_contours(code):
    """(number of communes drawn, whether something was written)"""
    shipped = files.contours(code)
    stored = DepartementContours.objects.filter(departement=code).only("digest", "topology").first()
    if shipped is None and stored:
        return _count(stored.topology), False
    topology = shipped or build_contours(code)
    digest = hashlib.sha256(json.dumps(topology, separators=(",", ":")).encode()).hexdigest()
    if stored and stored.digest == digest:
        return _count(topology), False
    DepartementContours.objects.update_or_create(departement_id=code, defaults={"topology": topology, "digest": digest})
    return _count(topology), True


def _count(topology):
    return len(topology["objects"]["communes"]["geometries"])
