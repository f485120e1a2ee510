"""How fast a register enters, and leaves when its import is undone: 100,000 lines, against one ``Model.save()`` per
line on a sample.

    python benchmarks/register_import.py [lines]

Makes a test database on the server of DATABASE_URL, loads the territory into it, and drops it afterwards.
"""

import io
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = 2_000


def timed(function):
    start = time.perf_counter()
    result = function()
    return result, time.perf_counter() - start


def write_register(path, lines):
    """A file in the ministry's layout, written by batches so that the generator costs no memory."""
    from tests.directory.registers import many, register

    with open(path, "wb") as file:
        file.write(register([]))
        for first in range(0, lines, 5_000):
            batch = register(many(min(5_000, lines - first), first=first))
            file.write(batch[batch.index(b"\n") + 1 :])


def save_one_by_one(data):
    """What one writes first: look for the structure, fill it, save it."""
    from maillage.directory.models import Structure
    from maillage.directory.register import layouts
    from maillage.directory.register.communes import CommuneResolver
    from maillage.directory.register.records import RecordReader
    from maillage.directory.register.rows import RnaRows

    reader = RecordReader(io.BytesIO(data))
    rows = RnaRows(layouts.detect(reader.header), CommuneResolver())
    for number, cells in reader:
        facts, _ = rows.read(number, cells)
        structure = Structure.objects.filter(register_id=facts.register_id).first() or Structure()
        for name in facts._fields[1:]:
            if name != "former_id":
                setattr(structure, name, getattr(facts, name))
        structure.save()


def measure(lines):
    from django.db import connection

    from maillage.directory.models import RegisterImport
    from maillage.directory.register import changes
    from maillage.directory.services import import_register
    from maillage.directory.undoing import latest, undo_import
    from tests.directory.registers import many, register

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rna_waldec.csv"
        write_register(path, lines)
        base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

        def whole():
            kept = RegisterImport.objects.create(state=RegisterImport.State.RUNNING)
            with open(path, "rb") as file:
                return import_register(file=file, register_import=kept)

        def undone():
            return undo_import(register_import_id=latest().pk)

        first, first_time = timed(whole)
        again, again_time = timed(whole)
        undone()
        told, told_time = timed(lambda: changes.count(latest()))
        back, back_time = timed(undone)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"first import   {lines / first_time:9,.0f} lines/s  ({first.created:,} created, {first.skipped:,} skipped)")
    print(f"same again     {lines / again_time:9,.0f} lines/s  ({again.unchanged:,} unchanged)")
    print(f"undone         {lines / back_time:9,.0f} lines/s  ({back['removed']:,} removed in {back_time:.1f} s)")
    print(f"told before    {told_time:9.1f} s        ({told['removed']:,} to remove)")
    print(f"peak memory    {peak:9,.0f} MB       ({base:,.0f} MB before)")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE directory_structure CASCADE")
    _, naive_time = timed(lambda: save_one_by_one(register(many(SAMPLE))))
    print(f"one by one     {SAMPLE / naive_time:9,.0f} lines/s  (on {SAMPLE:,} lines)")
    print(f"ratio          {lines / first_time / (SAMPLE / naive_time):9.1f}")


def main():
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maillage.config.settings")
    django.setup()
    from django.db import connection

    from maillage.territory.services import load_territory

    name = connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        load_territory(departements=["31"])
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


if __name__ == "__main__":
    main()
