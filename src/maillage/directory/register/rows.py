"""One record of the register made into the official facts of a structure, or into the reason to leave it aside."""

from datetime import date, datetime
from hashlib import blake2b
from operator import itemgetter
from typing import NamedTuple

from maillage.directory.register import values
from maillage.directory.register.display_name import display_name
from maillage.engine.text import fold

STATES = {"A": "active", "D": "dissolved", "S": "suppressed", "I": "inactive"}
KEY_LENGTH = 20


class Facts(NamedTuple):
    """What the register says of one structure, in the order of the columns of the staging table."""

    line_number: int
    register_id: str
    former_id: str  # the key that the structure had in rna_import, "" when it had none
    rna_id: str | None
    state: str
    name: str
    official_title: str
    official_acronym: str
    official_purpose: str
    official_website: str
    official_commune_label: str
    purpose_codes: list
    is_public_utility: bool
    created_on: date | None
    published_on: date | None
    dissolved_on: date | None
    register_updated_at: datetime | None
    siret: str | None
    commune_id: str | None
    search_name: str
    register_digest: bytes


class Line(NamedTuple):
    """A line left aside (« skipped ») or kept with a remark (« noted »)."""

    line_number: int
    register_id: str
    outcome: str
    reason: str
    successor: str = ""


def skipped(line_number, key, reason, successor=""):
    return None, [Line(line_number, key[:KEY_LENGTH], "skipped", reason, successor)]


def facts_with_digest(line_number, **official):
    """Facts and the digest of everything but the line number: equal digests, nothing to write."""
    content = repr(list(official.values())).encode()
    return Facts(line_number, **official, register_digest=blake2b(content, digest_size=16).digest())


def search_name(title, acronym):
    return fold(f"{title} {acronym}" if acronym else title)[:600]


class Record(NamedTuple):
    """The cells that we read, by the ministry's names; "" for a column that the file doesn't have."""

    id: str
    id_ex: str
    siret: str
    rup_mi: str
    gestion: str
    date_creat: str
    date_publi: str
    date_disso: str
    nature: str
    titre: str
    titre_court: str
    objet: str
    objet_social1: str
    objet_social2: str
    adrs_codeinsee: str
    adrs_codepostal: str
    adrs_libcommune: str
    siteweb: str
    publiweb: str
    observation: str
    position: str
    maj_time: str


class RnaRows:
    """Reads records of rna_waldec or rna_import; ``layout`` says where each column is."""

    def __init__(self, layout, communes):
        self._pick = itemgetter(*(layout.columns.get(name, -1) for name in Record._fields))
        self._keys_are_old = layout.name == "import"
        self._communes = communes

    def read(self, line_number, cells):
        """(Facts, [Line, …]) or (None, [Line]) when the line is skipped."""
        if cells is None:
            return skipped(line_number, "", "wrong_column_count")
        record = Record._make(self._pick([*cells, ""]))
        raw_key = "".join(record.id.split()).upper()
        key = self._key(raw_key, record)
        if key is None:
            return skipped(line_number, raw_key, "bad_id" if raw_key else "no_id")
        position = record.position.strip().upper()
        if position == "R":
            successor = values.RNA_ID.search(record.observation.upper())
            return skipped(line_number, key, "replaced", successor[0] if successor else "")
        if position not in STATES:
            return skipped(line_number, key, "unknown_position")
        title = values.text(record.titre)[:500]
        if not title:
            return skipped(line_number, key, "no_title")
        return self._facts(line_number, key, STATES[position], title, record)

    def _key(self, raw_key, record):
        if values.RNA_ID.fullmatch(raw_key):
            return raw_key
        if not self._keys_are_old or raw_key.startswith("W"):
            return None
        return _old_key(raw_key, record.gestion) or _old_key(record.id_ex, record.gestion)

    def _facts(self, line_number, key, state, title, record):
        siret, siret_note = values.siret(record.siret)
        website, website_note = values.website(record.siteweb) if record.publiweb.strip() == "1" else ("", None)
        label = values.text(record.adrs_libcommune)[:80]
        commune = self._communes.resolve(record.adrs_codeinsee, record.adrs_codepostal, label)
        acronym = values.text(record.titre_court)[:80]
        acronym = "" if acronym.casefold() == title.casefold() else acronym
        is_rna_id = values.RNA_ID.fullmatch(key) is not None
        facts = facts_with_digest(
            line_number,
            register_id=key,
            former_id=(_old_key(record.id_ex, record.gestion) or "") if is_rna_id and record.id_ex else "",
            rna_id=key if is_rna_id else None,
            state=state,
            name=display_name(title, acronym),
            official_title=title,
            official_acronym=acronym,
            official_purpose=values.paragraphs(record.objet),
            official_website=website,
            official_commune_label=label,
            purpose_codes=values.purpose_codes(record.objet_social1, record.objet_social2),
            is_public_utility=record.nature.strip().upper() == "R" or bool(values.text(record.rup_mi).strip("0")),
            created_on=values.day(record.date_creat),
            published_on=values.day(record.date_publi),
            dissolved_on=values.day(record.date_disso) if state == "dissolved" else None,
            register_updated_at=values.moment(record.maj_time),
            siret=siret,
            commune_id=commune,
            search_name=search_name(title, acronym),
        )
        notes = [siret_note, website_note, None if commune else "commune_unknown"]
        return facts, [Line(line_number, key, "noted", note) for note in notes if note]


def _old_key(old_id, gestion):
    """The key of a structure in rna_import: gestion code then old number, « 313P » + « 0313025648 »."""
    old_id, gestion = "".join(old_id.split()).upper(), gestion.strip().upper()
    for candidate in (old_id, gestion + old_id):
        if old_id and len(candidate) <= KEY_LENGTH and values.OLD_ID.fullmatch(candidate):
            return candidate
    return None
