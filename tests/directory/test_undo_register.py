"""Undoing the import of a register: what goes back, what stays, and in which order."""

import io

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maillage.directory.models import Mandate, RegisterImport, RegisterImportChange, Structure
from maillage.directory.register import RegisterRefused, changes
from maillage.directory.services import describe_structure, import_register
from maillage.directory.undoing import run_undoing, start_undoing, undo_import, why_not
from tests.at_once import at_once
from tests.directory.registers import IMPORT, many, register, row
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, StructureFactory

pytestmark = pytest.mark.django_db


def run(*rows, columns=None, mapping=None, data=None):
    """Import these rows as the page does, and return the RegisterImport."""
    data = data or register(rows, **({"columns": columns} if columns else {}))
    register_import = RegisterImport.objects.create(state=RegisterImport.State.RUNNING, file_name="rna.csv")
    import_register(file=io.BytesIO(data), register_import=register_import, mapping=mapping)
    register_import.refresh_from_db()
    return register_import


def undo(register_import, **options):
    return undo_import(register_import_id=register_import.pk, **options)


def photograph():
    """Every structure as it is, but for when it was last written."""
    rows = Structure.objects.order_by("register_id").values()
    return [{name: value for name, value in one.items() if name != "modified_at"} for one in rows]


def harmonie(**cells):
    return row(**({"id": "W313000001", "titre": "HARMONIE"} | cells))


def test_what_was_created_goes_and_what_was_changed_comes_back():
    run(harmonie(), row(id="W313000002", titre="CHORALE"))
    before = photograph()
    second = run(harmonie(titre="HARMONIE DE REVEL", position="D", date_disso="2020-06-30"), row(id="W313000003"))
    assert photograph() != before
    assert undo(second) == {"removed": 0, "restored": 1, "kept": 0, "changed": 0}
    assert photograph() == before


def test_a_first_import_is_undone_whole():
    first = run(harmonie(), row(id="W313000002", titre="CHORALE"))
    assert undo(first) == {"removed": 2, "restored": 0, "kept": 0, "changed": 0}
    assert not Structure.objects.exists()
    first.refresh_from_db()
    assert (first.state, first.report["undone"]["removed"], first.report["created"]) == ("undone", 2, 2)


def test_undone_then_imported_again_is_as_imported_once():
    run(harmonie())
    new = harmonie(titre="HARMONIE DE REVEL", objet="jouer ensemble")
    second = run(new)
    after = photograph()
    undo(second)
    assert run(new).report["updated"] == 1
    assert photograph() == after


def test_what_the_association_wrote_is_kept():
    run(harmonie())
    second = run(harmonie(titre="HARMONIE DE REVEL"), row(id="W313000002", titre="CHORALE"))
    agent = UserFactory(agent=True)
    first, created = Structure.objects.order_by("register_id")
    describe_structure(structure_id=first.pk, author=agent, presentation="Nous jouons.", siret="78467169500103")
    describe_structure(structure_id=created.pk, author=agent, phone="05 36 49 12 34")
    assert undo(second) == {"removed": 0, "restored": 1, "kept": 1, "changed": 1}
    first.refresh_from_db()
    assert (first.official_title, first.presentation, first.siret) == ("HARMONIE", "Nous jouons.", "78467169500103")
    assert Structure.objects.get(pk=created.pk).phone == "05 36 49 12 34"


def test_a_fact_corrected_by_hand_is_kept_and_the_others_come_back():
    run(harmonie())
    second = run(harmonie(titre="HARMONIE DE REVEL", objet="jouer"))
    Structure.objects.update(official_purpose="jouer et chanter")
    assert undo(second)["changed"] == 1
    structure = Structure.objects.get()
    assert (structure.official_title, structure.official_purpose) == ("HARMONIE", "jouer et chanter")


def test_a_structure_that_someone_acts_for_is_kept():
    first = run(harmonie(), row(id="W313000002", titre="CHORALE"))
    structure = Structure.objects.get(rna_id="W313000001")
    Mandate.objects.create(
        user=UserFactory(), structure=structure, role="representative", starts_on=timezone.localdate()
    )
    assert changes.kept(first, most=5) == [(structure.pk, structure.name)]
    assert undo(first) == {"removed": 1, "restored": 0, "kept": 1, "changed": 0}
    assert Structure.objects.get() == structure


def test_counts_are_told_before_as_they_are_after():
    run(harmonie())
    second = run(harmonie(titre="HARMONIE DE REVEL"), *many(30))
    MandateFactory(structure=Structure.objects.first())
    told = changes.count(second)
    assert undo(second) == told
    assert (told["restored"], told["kept"]) == (1, 1)


def test_a_key_taken_over_comes_back():
    run(row(id="0000000001", titre="HARMONIE"), columns=IMPORT)
    before = photograph()
    undo(run(harmonie(id_ex="313P0000000001")))
    assert photograph() == before


def test_a_replaced_association_is_free_again_and_its_successor_goes():
    run(row(id="0000000001", titre="HARMONIE"), columns=IMPORT)
    before = photograph()
    later = run(harmonie())
    link = run(row(id="0000000001", titre="HARMONIE", position="R", observation="W313000001"), columns=IMPORT)
    assert Structure.objects.get(register_id="313P0000000001").replaced_by is not None
    assert undo(link)["restored"] == 1
    assert undo(later)["removed"] == 1
    assert photograph() == before


def test_a_csv_is_undone_too():
    StructureFactory(name="Chorale", register_id=None)
    before = photograph()
    undo(run(mapping={"name": "Nom"}, data="Nom\nComité\nComité\n".encode()))
    assert photograph() == before


def test_a_later_import_must_be_undone_first():
    first, second = run(harmonie()), run(harmonie(titre="HARMONIE DE REVEL"))
    with pytest.raises(RegisterRefused, match="défaites d’abord celui-là"):
        undo(first)
    undo(second)
    assert undo(first)["removed"] == 1
    assert not Structure.objects.exists()


def test_an_import_that_is_being_read_must_be_waited_for():
    first = run(harmonie())
    RegisterImport.objects.create(state=RegisterImport.State.RUNNING)
    assert "plus récent" in why_not(first)


def test_an_import_is_undone_once():
    first = run(harmonie())
    undo(first)
    with pytest.raises(RegisterRefused, match="déjà défait"):
        undo(first)


def test_a_dry_run_a_refused_import_and_an_old_one_can_not_be_undone():
    dry = RegisterImport.objects.create(dry_run=True, state=RegisterImport.State.DONE)
    refused = RegisterImport.objects.create(state=RegisterImport.State.REFUSED)
    old = RegisterImport.objects.create(state=RegisterImport.State.DONE, ended_at=timezone.now())
    assert ["essai" in why_not(dry), "pas terminé" in why_not(refused), "trop ancien" in why_not(old)] == [True] * 3
    with pytest.raises(RegisterRefused, match="n’existe pas"):
        undo_import(register_import_id=0)


def test_the_changes_of_the_latest_imports_alone_are_kept():
    imports = [run(harmonie(titre=f"HARMONIE {number}")) for number in range(5)]
    kept = RegisterImportChange.objects.order_by("register_import").values_list("register_import", flat=True)
    assert list(kept) == [one.pk for one in imports[-changes.IMPORTS_KEPT :]]
    marked = RegisterImport.objects.filter(keeps_changes=True).order_by("pk")
    assert list(marked) == imports[-changes.IMPORTS_KEPT :]


def test_the_journal_says_who_undid():
    agent = UserFactory(agent=True)
    run(harmonie())
    undo(run(harmonie(titre="HARMONIE DE REVEL")), agent=agent)
    event = Structure.pgh_event_model.objects.order_by("pgh_id").last()
    assert event.pgh_context.metadata["user"] == agent.pk
    assert "défait" in event.pgh_context.metadata["reason"]


def test_cost_does_not_grow_with_structures():
    costs = []
    for lines in (10, 200):
        register_import = run(*many(lines, first=lines * 1000))
        with CaptureQueriesContext(connection) as queries:
            undo(register_import)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_a_failure_of_the_worker_leaves_the_import_as_it_was():
    run(harmonie())
    second = run(harmonie(titre="HARMONIE DE REVEL"))
    start_undoing(register_import_id=second.pk, agent=UserFactory(agent=True))
    RegisterImportChange.objects.filter(register_import=second).update(before={"state": "une valeur trop longue"})
    run_undoing(register_import=second)
    second.refresh_from_db()
    assert (second.state, second.undone_by, "Rien n’a changé" in second.refusal) == ("done", None, True)
    assert Structure.objects.get().official_title == "HARMONIE DE REVEL"


def test_the_work_is_done_once_even_when_the_worker_starts_again():
    first = run(harmonie())
    start_undoing(register_import_id=first.pk, agent=UserFactory(agent=True))
    for _ in range(2):
        run_undoing(register_import=first)
    first.refresh_from_db()
    assert (first.state, first.report["undone"]["removed"]) == ("undone", 1)
    with pytest.raises(RegisterRefused, match="déjà défait"):
        start_undoing(register_import_id=first.pk, agent=first.undone_by)


@pytest.mark.django_db(transaction=True)
def test_two_agents_undo_at_once():
    first = run(harmonie())
    refused, counts = sorted(at_once(lambda: undo(first), lambda: undo(first)), key=lambda one: isinstance(one, dict))
    assert isinstance(refused, RegisterRefused)
    assert counts["removed"] == 1


@pytest.mark.django_db(transaction=True)
def test_an_import_and_an_undoing_at_once_write_one_after_the_other():
    first = run(harmonie())
    done = at_once(lambda: undo(first), lambda: run(harmonie(titre="HARMONIE DE REVEL")))
    assert Structure.objects.get().official_title == "HARMONIE DE REVEL"
    assert isinstance(done[0], (dict, RegisterRefused))


@pytest.mark.parametrize(
    ("facts", "name"),
    [
        ({"state": "undone"}, "register_import_undone_is_dated"),
        ({"state": "done", "undone_at": timezone.now()}, "register_import_undone_is_dated"),
        ({"state": "undone", "undone_at": timezone.now(), "dry_run": True}, "register_import_undone_was_written"),
    ],
)
def test_the_database_refuses_an_import_half_undone(facts, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        RegisterImport.objects.create(**facts)


@pytest.mark.parametrize(
    "facts", [{}, {"fingerprint": "x", "before": {}, "after": {}}, {"before": {}}, {"fingerprint": "x", "after": {}}]
)
def test_the_database_refuses_a_change_that_is_none(facts):
    first = RegisterImport.objects.create()
    with pytest.raises(IntegrityError, match="register_change_creates_or_updates"), transaction.atomic():
        RegisterImportChange.objects.create(register_import=first, structure_number=1, **facts)
