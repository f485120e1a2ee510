"""The two layouts of the RNA, recognised by their header, and any CSV by a mapping of its columns.

Only the columns named here are ever read: telephone, e-mail, title of the person, administrative and street addresses
stay in the file (docs/registers.md § Personal data).
"""

from dataclasses import dataclass

from maillage.directory.register import RegisterRefused

_COMMON = ("id", "siret", "gestion", "date_creat", "date_publi", "nature", "titre", "objet", "objet_social1")
_COMMON += ("objet_social2", "adrs_codeinsee", "adrs_codepostal", "position", "maj_time")

WALDEC_REQUIRED = (*_COMMON, "date_disso", "titre_court", "adrs_libcommune")
OPTIONAL = ("id_ex", "rup_mi", "siteweb", "publiweb", "observation")
IMPORT_REQUIRED = (*_COMMON, "libcom")

CSV_FIELDS = {
    "name": "Nom de la structure",
    "commune": "Commune",
    "postal_code": "Code postal",
    "insee_code": "Code INSEE de la commune",
    "siret": "SIRET",
    "rna_id": "Numéro RNA",
    "website": "Site internet",
    "purpose": "Objet, activité",
}


@dataclass(frozen=True)
class Layout:
    """Where each fact is: ``columns`` gives the position in a record of every column that we read and the file has."""

    name: str  # waldec, import or csv
    columns: dict


def normalise(name):
    return "_".join(name.strip().strip('"').lower().split())


def detect(header):
    """The RNA layout of a header; RegisterRefused names what is missing."""
    names = [normalise(name) for name in header]
    kinds = {"waldec": WALDEC_REQUIRED, "import": IMPORT_REQUIRED}
    canonical = ["date_disso" if name == "dte_disso" else name for name in names]
    kind = max(kinds, key=lambda kind: sum(column in canonical for column in kinds[kind]))
    required = kinds[kind]
    missing = [column for column in required if column not in canonical]
    if len(missing) > len(required) / 2:
        raise RegisterRefused(
            "Ligne 1\u00a0: ce fichier n’est pas un registre RNA. Sa première ligne devrait nommer les colonnes "
            "«\u00a0id\u00a0», «\u00a0titre\u00a0», «\u00a0position\u00a0»… "
            "Si c’est un autre tableau, indiquez à quoi correspondent ses colonnes."
        )
    if missing:
        raise RegisterRefused(
            f"Ligne 1\u00a0: il manque {'des colonnes' if len(missing) > 1 else 'une colonne'} du format "
            f"«\u00a0rna_{kind}\u00a0»\u00a0: {', '.join(missing)}."
        )
    columns = {column: canonical.index(column) for column in (*required, *OPTIONAL) if column in canonical}
    if kind == "import":
        columns["adrs_libcommune"] = columns.pop("libcom")
    return Layout(kind, columns)


def looks_like_rna(header):
    names = {normalise(name) for name in header}
    return {"id", "titre", "objet_social1"} <= names


def mapped(header, mapping):
    """The layout of any CSV: ``mapping`` is {"name": "Nom de l’association", …} with keys of CSV_FIELDS."""
    unknown = [field for field in mapping if field not in CSV_FIELDS]
    if unknown:
        raise RegisterRefused(
            f"Champ inconnu\u00a0: {', '.join(unknown)}. Les champs possibles sont {', '.join(CSV_FIELDS)}."
        )
    if "name" not in mapping:
        raise RegisterRefused("Indiquez la colonne qui contient le nom de la structure (name).")
    names = [normalise(name) for name in header]
    absent = [column for column in mapping.values() if normalise(column) not in names]
    if absent:
        quoted = ", ".join(f"«\u00a0{column}\u00a0»" for column in absent)
        raise RegisterRefused(
            f"Ligne 1\u00a0: le fichier n’a pas de colonne {quoted}. "
            f"Ses colonnes sont\u00a0: {', '.join(name for name in header if name)[:400]}."
        )
    return Layout("csv", {field: names.index(normalise(column)) for field, column in mapping.items()})


def guess_mapping(header):
    """A first proposal for the page: the columns whose name says plainly what they hold."""
    usual = {
        "name": ("nom", "titre", "association", "structure", "raison_sociale", "denomination", "dénomination", "name"),
        "commune": ("commune", "ville", "libcom", "adrs_libcommune", "nom_commune"),
        "postal_code": ("code_postal", "cp", "codepostal", "adrs_codepostal", "postal_code"),
        "insee_code": ("code_insee", "insee", "codeinsee", "adrs_codeinsee", "code_commune"),
        "siret": ("siret", "n°_siret", "numero_siret"),
        "rna_id": ("rna", "n°_rna", "numero_rna", "id_rna", "rna_id"),
        "website": ("site", "site_internet", "site_web", "siteweb", "url", "website"),
        "purpose": ("objet", "activite", "activité", "description", "purpose"),
    }
    by_name = {normalise(name): name for name in header}
    return {
        field: by_name[candidate]
        for field, candidates in usual.items()
        for candidate in [next((name for name in candidates if name in by_name), None)]
        if candidate
    }
