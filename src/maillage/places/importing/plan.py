"""What an import would do, line by line, compared with what is there and with what the file said before."""

from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO

from django.utils import timezone

from maillage.directory.register import RegisterRefused
from maillage.directory.register.files import open_register
from maillage.directory.register.records import RecordReader
from maillage.places.importing import ImportRefused
from maillage.places.importing.columns import find_columns
from maillage.places.importing.rows import FIELDS, Row, RowReader
from maillage.places.models import Place, PlaceImportLine

MOST_LINES = 10_000
Outcome = PlaceImportLine.Outcome


@dataclass
class Planned:
    """``changes`` is what will be written: every fact for a new place, those that differ for a known one."""

    row: Row
    outcome: str
    place: Place | None = None
    changes: dict = field(default_factory=dict)

    @property
    def notes(self):
        return self.row.notes

    @property
    def reason(self):
        return self.row.refusal


@dataclass
class Plan:
    lines: list

    @property
    def counts(self):
        """{outcome: how many}, every outcome named."""
        counted = Counter(line.outcome for line in self.lines)
        return {outcome: counted[outcome] for outcome in Outcome.values}

    @property
    def to_tell(self):
        """Lines that do something or that have something to say."""
        return [line for line in self.lines if line.outcome != Outcome.UNCHANGED or line.notes]


def make_plan(content, source):
    """The Plan of a file (bytes) that comes from ``source``; raises ImportRefused. Reads, writes nothing."""
    rows = _read_rows(content)
    known = {place.source_key: place for place in Place.objects.filter(source=source, source_key__isnull=False)}
    said_before = _said_before(known.values())
    return Plan([_planned(row, known.get(row.key), said_before) for row in rows])


def _read_rows(content):
    try:
        records = RecordReader(open_register(BytesIO(content)).stream)
        reader = RowReader(find_columns(records.header), timezone.localdate())
        rows, seen = [], {}
        for line_number, cells in records:
            if len(rows) == MOST_LINES:
                raise ImportRefused(f"Ce fichier dépasse {MOST_LINES}\u00a0lignes. Coupez-le en plusieurs fichiers.")
            row = reader.read(line_number, cells)
            if not row.refusal and row.key in seen:
                row.refusal = f"ce lieu est déjà à la ligne {seen[row.key]}"
            seen.setdefault(row.key, line_number)
            rows.append(row)
    except RegisterRefused as refusal:
        raise ImportRefused(str(refusal)) from refusal
    return rows


def _said_before(places):
    """{place key: the facts that its last imports read}: what differs from them today was corrected by hand.

    Of an import that was undone, only what someone had corrected counts: the rest went back to what it was.
    """
    lines = PlaceImportLine.objects.filter(place__in=[place.pk for place in places]).order_by(
        "place_import__done_at", "pk"
    )
    said: dict = {}
    for place, state, read, corrected in lines.values_list("place", "place_import__state", "facts", "corrected"):
        said.setdefault(place, {}).update((read if state == "done" else corrected) or {})
    return said


def _planned(row, place, said_before):
    if row.refusal:
        return Planned(row, Outcome.LEFT_ASIDE)
    if place is None:
        return Planned(row, Outcome.CREATED, changes=dict(row.facts))
    current, before = snapshot(place, row.facts), said_before.get(place.pk, {})
    changes, kept = {}, []
    for name, value in row.facts.items():
        if value == current[name] or value == before.get(name, _NEVER):
            continue
        if name in before and current[name] != before[name]:
            kept.append(str(FIELDS[name].verbose_name))
        else:
            changes[name] = value
    if kept:
        row.notes.append(f"corrigé par l’équipe, gardé\u00a0: {', '.join(kept)}")
    return Planned(row, Outcome.UPDATED if changes else Outcome.UNCHANGED, place, changes)


_NEVER = object()


def snapshot(place, names):
    """The facts of a place as they are kept in a line of an import: JSON."""
    values = {name: getattr(place, name) for name in names}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}
