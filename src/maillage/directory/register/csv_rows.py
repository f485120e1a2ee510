"""One record of any CSV, its columns mapped, made into facts; what the file doesn't tell is left as it is."""

from hashlib import blake2b

from maillage.directory.register import values
from maillage.directory.register.display_name import display_name
from maillage.directory.register.rows import Line, facts_with_digest, search_name, skipped
from maillage.engine.text import fold

_COLUMNS_OF = {
    "name": ("official_title", "search_name"),
    "website": ("official_website",),
    "purpose": ("official_purpose",),
    "siret": ("siret",),
    "commune": ("commune_id", "official_commune_label"),
    "postal_code": ("commune_id",),
    "insee_code": ("commune_id",),
}


class CsvRows:
    """Reads records of a CSV. The key is the RNA number, else the SIRET, else the name with the commune.

    Two lines with the same name and commune and no number stay two structures: staging numbers them.
    """

    def __init__(self, layout, communes):
        self._columns = layout.columns
        self._communes = communes

    @staticmethod
    def written_columns(layout):
        """Columns of Structure that a later import of the same file may change."""
        return sorted({column for field in layout.columns for column in _COLUMNS_OF.get(field, ())})

    def read(self, line_number, cells):
        if cells is None:
            return skipped(line_number, "", "wrong_column_count")

        def cell(name):
            position = self._columns.get(name)
            return "" if position is None else cells[position]

        title = values.text(cell("name"))[:500]
        if not title:
            return skipped(line_number, "", "no_title")
        rna_id = "".join(cell("rna_id").split()).upper()
        siret, siret_note = values.siret(cell("siret"))
        website, website_note = values.website(cell("website"))
        label = values.text(cell("commune"))[:80]
        commune = self._communes.resolve(cell("insee_code"), cell("postal_code"), label)
        asks_commune = any(name in self._columns for name in ("commune", "postal_code", "insee_code"))
        is_rna_id = values.RNA_ID.fullmatch(rna_id) is not None
        key = rna_id if is_rna_id else siret or _name_key(title, commune or fold(label))
        facts = facts_with_digest(
            line_number,
            register_id=key,
            former_id="",
            rna_id=rna_id if is_rna_id else None,
            state="active",
            name=display_name(title),
            official_title=title,
            official_acronym="",
            official_purpose=values.paragraphs(cell("purpose")),
            official_website=website,
            official_commune_label=label,
            purpose_codes=[],
            is_public_utility=False,
            created_on=None,
            published_on=None,
            dissolved_on=None,
            register_updated_at=None,
            siret=siret,
            commune_id=commune,
            search_name=search_name(title, ""),
        )
        notes = [
            "rna_id_invalid" if rna_id and not is_rna_id else None,
            siret_note,
            website_note,
            "commune_unknown" if asks_commune and not commune else None,
        ]
        return facts, [Line(line_number, key, "noted", note) for note in notes if note]


def _name_key(title, place):
    return f"csv:{blake2b(f'{fold(title)}|{place}'.encode(), digest_size=6).hexdigest()}"
