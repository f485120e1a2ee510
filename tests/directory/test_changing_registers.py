"""What happens to a structure as registers say one thing, then another."""

import io

import pytest

from maillage.directory.models import RegisterImport, RegisterImportLine, Structure
from maillage.directory.services import import_register
from tests.directory.registers import IMPORT, register, row

pytestmark = pytest.mark.django_db
SIRET = "78467169500103"


def run(*rows, columns=None, **options):
    return import_register(file=io.BytesIO(register(rows, **({"columns": columns} if columns else {}))), **options)


def csv(text, **options):
    mapping = {"name": "Nom", "siret": "SIRET"} if "SIRET" in text else {"name": "Nom"}
    return import_register(file=io.BytesIO(text.encode()), mapping=mapping, **options)


def test_an_association_that_comes_back_is_shown_again():
    active = row(id="0000000001", titre="HARMONIE")
    successor = row(id="W313000001", titre="HARMONIE DE REVEL")
    run(active, columns=IMPORT)
    run(successor)
    run(row(id="0000000001", titre="HARMONIE", position="R", observation="W313000001"), columns=IMPORT)
    old = Structure.objects.get(register_id="313P0000000001")
    assert (old.state, old.replaced_by.rna_id) == ("suppressed", "W313000001")
    run(active, columns=IMPORT)
    old.refresh_from_db()
    assert (old.state, old.replaced_by) == ("active", None)


def test_of_two_lines_with_one_former_key_one_goes_on_and_the_other_is_created():
    run(row(id="0000000001", titre="HARMONIE"), columns=IMPORT)
    pair = [row(id=f"W31399999{number}", id_ex="313P0000000001", titre=f"HARMONIE {number}") for number in (1, 2)]
    report = run(*pair)
    assert (report.created, report.updated, report.skipped) == (1, 1, 0)
    assert sorted(Structure.objects.values_list("rna_id", flat=True)) == ["W313999991", "W313999992"]


def test_a_structure_of_a_csv_is_found_again_in_the_register_by_its_siret():
    csv(f"Nom;SIRET\nHarmonie de Revel;{SIRET}\n")
    run(row(id="W313000001", titre="HARMONIE DE REVEL", siret=SIRET))
    (structure,) = Structure.objects.all()
    assert (structure.rna_id, structure.siret) == ("W313000001", SIRET)


def test_a_thousand_namesakes_are_as_many_structures():
    report = csv("Nom\n" + "Comité des fêtes\n" * 1001)
    assert (report.created, Structure.objects.count()) == (1001, 1001)


def test_a_dry_run_leaves_the_lines_of_the_last_import():
    real, dry = RegisterImport.objects.create(), RegisterImport.objects.create(dry_run=True)
    run(row(id="W313000001", titre=""), register_import=real)
    run(row(id="W313000001", titre=""), register_import=dry, dry_run=True)
    assert set(RegisterImportLine.objects.values_list("register_import", flat=True)) == {real.pk, dry.pk}


def test_a_command_that_was_killed_is_said_to_be_interrupted_by_the_next():
    killed = RegisterImport.objects.create(state=RegisterImport.State.RUNNING)
    run(row(id="W313000001", titre="HARMONIE"), register_import=RegisterImport.objects.create())
    killed.refresh_from_db()
    assert (killed.state, killed.refusal) == (
        "refused",
        "L’import a été interrompu. Rien n’a été écrit\u00a0: envoyez le fichier de nouveau.",
    )
