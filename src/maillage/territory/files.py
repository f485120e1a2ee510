"""The files of facts that Maillage ships: one line a fact, columns separated by tabs (docs/data.md)."""

import json
import lzma
from pathlib import Path

from maillage.engine.text import fold

DATA_FOLDER = Path(__file__).parent / "data"
COMMUNES = "communes.tsv.xz"
FORMER_CODES = "former-codes.tsv.xz"
EPCI = "epci.tsv"
DEPARTEMENTS = "departements.tsv"
CONTOURS = "contours-{}.topojson"


def commune_columns(*, code, name, departement, epci, population, postal_codes, point):
    longitude, latitude = point
    return code, name, departement, epci, population, " ".join(postal_codes), f"{latitude:.5f}", f"{longitude:.5f}"


def communes():
    """Rows in the order of the columns of the table: see ``services.COMMUNE_COLUMNS``."""
    for code, name, departement, epci, population, postal_codes, latitude, longitude in _lines(COMMUNES):
        yield (
            code,
            name,
            departement,
            epci or None,
            int(population),
            postal_codes.split(),
            float(latitude),
            float(longitude),
            fold(name),
        )


def former_codes():
    return (tuple(line) for line in _lines(FORMER_CODES))


def epci():
    """(code, kind, name)"""
    return (tuple(line) for line in _lines(EPCI))


def departements():
    """(code, name)"""
    return (tuple(line) for line in _lines(DEPARTEMENTS))


def contours(departement):
    """The shipped topology of a département, None when it is not shipped."""
    path = DATA_FOLDER / CONTOURS.format(departement)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _lines(name):
    data = (DATA_FOLDER / name).read_bytes()
    text = (lzma.decompress(data) if name.endswith(".xz") else data).decode()
    return [line.split("\t") for line in text.splitlines()]
