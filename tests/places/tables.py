"""Tables of places as files hold them: SCDL, with the cells that a test changes."""

import csv
from io import BytesIO, StringIO

from maillage.places.importing.services import confirm_import, request_import

CELLS = {
    "COLL_NOM": "Revel",
    "EQUIP_UID": "uid-1",
    "EQUIP_TYPE": "MJC",
    "EQUIP_NOM": "MJC de Revel",
    "ADR_NUMERO": "36 bis",
    "ADR_NOMVOIE": "rue de Dreuilhe",
    "ADR_CODEPOSTAL": "31250",
    "ADR_COMMUNE": "Revel",
    "ADR_CLE_INTEROP": "31451_0040_00036_bis",
    "EQUIP_LAT": "43.4590",
    "EQUIP_LONG": "2.0045",
    "EQUIP_OUVERTURE": "Mo,Tu 09:00-12:00",
    "EQUIP_TEL": "0561830000",
    "EQUIP_EMAIL": "a@mjc.example",
    "EQUIP_WEB": "https://mjc.example",
}
SCDL_HEADER = list(CELLS)


def _written(rows):
    table = StringIO()
    csv.writer(table, lineterminator="\r\n").writerows(rows)
    return table.getvalue()


SCDL_LINE = _written([CELLS.values()])


def scdl(changed=()):
    """The bytes of a table of one place, with some of its cells changed."""
    return _written([SCDL_HEADER, (CELLS | dict(changed)).values()]).encode("utf-8", "replace")


def handed_over(content, source="Ville de Revel", asked_by=None):
    """The import of these bytes, which waits."""
    file = BytesIO(content)
    file.name = "lieux.csv"
    return request_import(file=file, source=source, asked_by=asked_by)


def imported(content, source="Ville de Revel", asked_by=None):
    """The import of these bytes, confirmed."""
    return confirm_import(import_id=handed_over(content, source, asked_by).pk)
