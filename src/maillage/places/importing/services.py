"""An import asked, confirmed, undone: each in one transaction, each traced."""

from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from maillage.kernel.audit import acting
from maillage.places.importing import ImportRefused
from maillage.places.importing.plan import Outcome, make_plan, snapshot
from maillage.places.models import Place, PlaceImport, PlaceImportLine

LARGEST_FILE = 5 * 2**20
LOCK = 31_000_002  # imports of places follow one another
KEPT_FACTS = (
    *("kind", "name", "commune_id", "address", "latitude", "longitude", "is_exact", "phone", "email", "website"),
    *("hours", "hours_note", "contact_role", "contact_name", "accessibility", "source", "verified_on", "is_published"),
)


def request_import(*, file, source, asked_by=None):
    """Keep a file until it is confirmed, with what it would do today; what the same person left waiting is forgotten.

    Raises ImportRefused when it cannot be read.
    """
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise ImportRefused("Ce fichier dépasse 5\u00a0Mo. Coupez-le en plusieurs fichiers.")
    plan = make_plan(content, source)
    with transaction.atomic():
        PlaceImport.objects.filter(state=PlaceImport.State.WAITING, asked_by=asked_by).delete()
        name = str(file.name).replace("\0", "").rsplit("/", 1)[-1][:255]
        place_import = PlaceImport.objects.create(
            file_name=name, source=source, content=content, counts=plan.counts, asked_by=asked_by
        )
        told = [_line(place_import, line, reason=line.reason) for line in plan.to_tell]
        PlaceImportLine.objects.bulk_create(told)
    return place_import


def confirm_import(*, import_id):
    """Write what the file says, compared anew with what is there; the file is then forgotten. Raises ImportRefused."""
    with transaction.atomic():
        place_import = _locked(import_id, PlaceImport.State.WAITING, "Cet import est déjà fait.")
        # Locked so that what an agent corrects meanwhile is seen by the plan, and not written over.
        list(Place.objects.filter(source=place_import.source).select_for_update().order_by("pk").values_list("pk"))
        plan = make_plan(bytes(place_import.content), place_import.source)
        with acting(reason=f"import de lieux n°\u00a0{place_import.pk}"):
            lines = _create(place_import, plan) + [
                _update(place_import, line) for line in plan.lines if line.outcome == Outcome.UPDATED
            ]
        lines += [
            _line(place_import, line, reason=line.reason) for line in plan.lines if line.outcome == Outcome.LEFT_ASIDE
        ]
        place_import.lines.all().delete()  # what it would have done when it was handed over
        PlaceImportLine.objects.bulk_create(lines)
        place_import.state, place_import.done_at = PlaceImport.State.DONE, timezone.now()
        place_import.counts, place_import.content = plan.counts, b""
        place_import.save()
    return place_import


def undo_import(*, import_id, agent=None):
    """Take away what an import created and put back what it changed, save what was changed since.

    Returns (taken away, put back, kept because changed since). Raises ImportRefused.
    """
    with transaction.atomic():
        place_import = _locked(import_id, PlaceImport.State.DONE, "Cet import n’est pas fait, ou est déjà défait.")
        removed = restored = kept = 0
        with acting(reason=f"import de lieux n°\u00a0{place_import.pk} défait"):
            for line in place_import.lines.filter(place__isnull=False).select_related("place"):
                place = Place.objects.select_for_update().get(pk=line.place_id)
                untouched = [name for name in line.after if snapshot(place, [name])[name] == line.after[name]]
                if len(untouched) < len(line.after):
                    kept += 1
                if line.outcome == Outcome.CREATED and len(untouched) == len(line.after):
                    place.delete()
                    removed += 1
                elif line.outcome == Outcome.UPDATED and untouched:
                    _write(place, {name: line.before[name] for name in untouched})
                    restored += 1
                PlaceImportLine.objects.filter(pk=line.pk).update(corrected=_corrected(place, line, untouched))
        place_import.state, place_import.undone_at = PlaceImport.State.UNDONE, timezone.now()
        place_import.undone_by = agent
        place_import.save()
    return removed, restored, kept


def _corrected(place, line, restored):
    """What the file said of the facts that differ today by someone's hand, rather than by this undoing."""
    facts = line.facts or {}
    today = snapshot(place, facts)
    return {name: said for name, said in facts.items() if name not in restored and today[name] != said}


def forget_import(*, import_id):
    """Give up a file that was not confirmed."""
    PlaceImport.objects.filter(pk=import_id, state=PlaceImport.State.WAITING).delete()


def _locked(import_id, state, refusal):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    place_import = PlaceImport.objects.select_for_update().filter(pk=import_id, state=state).first()
    if place_import is None:
        raise ImportRefused(refusal)
    return place_import


def _create(place_import, plan):
    new = [line for line in plan.lines if line.outcome == Outcome.CREATED]
    places = Place.objects.bulk_create(
        Place(source=place_import.source, source_key=line.row.key, **_values(line.changes)) for line in new
    )
    for line, place in zip(new, places, strict=True):
        line.place = place
    return [_line(place_import, line, after=snapshot(line.place, KEPT_FACTS)) for line in new]


def _update(place_import, line):
    before = snapshot(line.place, line.changes)
    _write(line.place, line.changes)
    return _line(place_import, line, before=before, after=line.changes)


def _write(place, facts):
    for name, value in _values(facts).items():
        setattr(place, name, value)
    place.save()


def _values(facts):
    """Facts as a line keeps them, as the model takes them."""
    day = facts.get("verified_on")
    return facts | {"verified_on": date.fromisoformat(day)} if day else dict(facts)


def _line(place_import, line, **more):
    return PlaceImportLine(
        place_import=place_import,
        line_number=line.row.line_number,
        name=line.row.name,
        outcome=line.outcome,
        notes=line.notes,
        place=line.place,
        facts=line.row.facts or None,
        **more,
    )
