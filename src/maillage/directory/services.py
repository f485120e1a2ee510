"""Changes to structures: the import of a register, and what a structure writes about itself."""

import logging
from datetime import timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.directory.helping import note_help
from maillage.directory.models import RegisterImport, RegisterImportLine, Structure
from maillage.directory.register import RegisterRefused, layouts
from maillage.directory.register.columns import OFFICIAL_COLUMNS
from maillage.directory.register.communes import CommuneResolver
from maillage.directory.register.csv_rows import CsvRows
from maillage.directory.register.files import open_register
from maillage.directory.register.records import RecordReader
from maillage.directory.register.report import Report
from maillage.directory.register.rows import RnaRows, search_name
from maillage.directory.register.staging import Staging
from maillage.engine.text import fold
from maillage.kernel.audit import acting

BATCH = 2_000
KEPT_FOR = timedelta(days=1)  # a file that waits for its columns or, once tried, for its import
INTERRUPTED = "L’import a été interrompu. Rien n’a été écrit\u00a0: envoyez le fichier de nouveau."
BROKEN = "L’import s’est arrêté sur une erreur de notre côté. Rien n’a été écrit. Prévenez l’équipe technique."

logger = logging.getLogger(__name__)


def import_register(*, file, mapping=None, dry_run=False, register_import=None, on_progress=None):
    """Read a register and write what it changes, all or nothing; raises RegisterRefused, whose text is shown.

    file             binary and seekable; read as a stream, in bounded memory
    mapping          {"name": "Nom", …} for any CSV (layouts.CSV_FIELDS); None for the RNA, whose layout is recognised
    register_import  the RegisterImport that keeps the report and the lines left aside, if any
    on_progress      called with (bytes read, bytes in all) after each batch, outside of any transaction of ours
    """
    source = open_register(file)
    reader = RecordReader(source.stream)
    layout = layouts.mapped(reader.header, mapping) if mapping else layouts.detect(reader.header)
    rows = (CsvRows if mapping else RnaRows)(layout, CommuneResolver())
    report = Report(layout=layout.name)
    with Staging() as staging:
        records = iter(reader)
        while batch := list(islice(records, BATCH)):
            report.read += len(batch)
            _stage(staging, rows, batch)
            if on_progress:
                on_progress(reader.bytes_read, source.size)
        actor = register_import.asked_by if register_import else None
        with transaction.atomic(), acting(actor, reason=f"import du registre ({layout.name})"):
            staging.lock()
            staging.settle()
            report.fill(staging.outcomes(), staging.reasons())
            if not dry_run:
                staging.write(CsvRows.written_columns(layout) if mapping else OFFICIAL_COLUMNS, register_import)
            if register_import:
                _forget_lines(dry_run)
                _end_interrupted_commands(register_import)
                staging.keep_lines(register_import)
                _end(register_import, RegisterImport.State.DONE, layout=layout.name, report=report.as_dict())
    return report


def _stage(staging, rows, batch):
    all_facts, all_lines = [], []
    for line_number, cells in batch:
        facts, lines = rows.read(line_number, cells)
        if facts:
            all_facts.append(facts)
        all_lines += lines
    staging.add(all_facts, all_lines)


def _forget_lines(dry_run):
    """The lines of a register are kept until the next one; those of a dry run, until the next reading."""
    lines = RegisterImportLine.objects.all()
    (lines.filter(register_import__dry_run=True) if dry_run else lines).delete()


def _end_interrupted_commands(register_import):
    """Commands that were killed could not say so; one that still reads says « done » when it is."""
    others = RegisterImport.objects.filter(state=RegisterImport.State.RUNNING, file="").exclude(pk=register_import.pk)
    others.update(state=RegisterImport.State.REFUSED, refusal=INTERRUPTED, ended_at=timezone.now())


def refuse_import(*, register_import, refusal):
    """Keep why a file could not be imported."""
    _end(register_import, RegisterImport.State.REFUSED, refusal=str(refusal))


def _end(register_import, state, **fields):
    fields |= {"state": state, "ended_at": timezone.now()}
    RegisterImport.objects.filter(pk=register_import.pk).update(**fields)


def describe_structure(*, structure_id, author, **own):
    """Change what a structure says of itself; no import changes it afterwards (but a SIRET it left empty).

    own  among ``name``, ``presentation``, ``summary``, ``website``, ``phone``, ``whereabouts`` and ``siret``
    """
    with transaction.atomic(), acting(author):
        structure = Structure.objects.select_for_update(of=("self",)).get(pk=structure_id)
        note_help(author, structure)
        for field, value in own.items():
            setattr(structure, field, value)
        structure.siret = structure.siret or None
        official = search_name(structure.official_title, structure.official_acronym)
        folded = fold(structure.name)
        structure.search_name = official if folded in official else f"{folded} {official}".strip()[:600]
        structure.save(update_fields=[*{"search_name", "modified_at", *own}])
    return structure


def request_register_import(*, file, asked_by, dry_run):
    """Keep an uploaded file until its import; for any CSV the mapping of columns comes next."""
    forgotten = RegisterImport.objects.filter(state=RegisterImport.State.WAITING, asked_by=asked_by)
    for register_import in forgotten:
        register_import.file.delete(save=False)
    forgotten.delete()
    return RegisterImport.objects.create(
        file=file, file_name=file.name[:255], bytes_total=file.size, asked_by=asked_by, dry_run=dry_run
    )


def start_register_import(*, register_import, mapping=None):
    """Queue the import for the worker, on commit; a second click changes nothing."""
    waiting = RegisterImport.objects.filter(pk=register_import.pk, state=RegisterImport.State.WAITING)
    if waiting.update(state=RegisterImport.State.RUNNING, column_mapping=mapping or {}):
        _queue(register_import)


def import_for_real(*, register_import, asked_by):
    """Import the file that a dry run has read and left, with the same columns; a second click changes nothing."""
    tried = RegisterImport.objects.filter(pk=register_import.pk, dry_run=True, state=RegisterImport.State.DONE)
    afresh = {"report": {}, "bytes_read": 0, "ended_at": None, "asked_at": timezone.now(), "asked_by": asked_by}
    if tried.exclude(file="").update(dry_run=False, state=RegisterImport.State.RUNNING, **afresh):
        _queue(register_import)


def _queue(register_import):
    task = app.configure_task("directory.import_register", lock="directory.import_register", queue="imports")
    task.defer(register_import_id=register_import.pk)


def run_register_import(*, register_import):
    """Import the kept file, then remove it, unless it was only tried; how far it is can be read meanwhile."""
    kept = RegisterImport.objects.filter(pk=register_import.pk)

    def progress(done, total):
        kept.update(bytes_read=done, bytes_total=total)

    try:
        with register_import.file.open("rb") as file:
            import_register(
                file=file,
                mapping=register_import.column_mapping or None,
                dry_run=register_import.dry_run,
                register_import=register_import,
                on_progress=progress,
            )
    except RegisterRefused as refusal:
        refuse_import(register_import=register_import, refusal=refusal)
    except FileNotFoundError:
        refuse_import(register_import=register_import, refusal="Le fichier a été retiré. Envoyez-le de nouveau.")
    except Exception:
        logger.exception("Register import %s failed.", register_import.pk)
        refuse_import(register_import=register_import, refusal=BROKEN)
    else:
        if register_import.dry_run:
            return
    _forget_file(register_import)


def forget_abandoned_imports():
    """Take away the files that wait for more than a day, and those that no import names."""
    old = RegisterImport.objects.exclude(file="").filter(asked_at__lt=timezone.now() - KEPT_FOR)
    for register_import in old:
        if register_import.state != RegisterImport.State.DONE:
            refuse_import(register_import=register_import, refusal=INTERRUPTED)
        _forget_file(register_import)
    storage = RegisterImport._meta.get_field("file").storage
    named = set(RegisterImport.objects.exclude(file="").values_list("file", flat=True))
    for name in storage.listdir("")[1] if storage.exists("") else ():
        if name not in named and storage.get_modified_time(name) < timezone.now() - KEPT_FOR:
            storage.delete(name)


def _forget_file(register_import):
    register_import.file.delete(save=False)
    RegisterImport.objects.filter(pk=register_import.pk).update(file="")
