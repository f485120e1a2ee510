"""Pages of structures, and of the import of registers for an agent."""

import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from maillage.directory.models import RegisterImport, Structure
from maillage.directory.services import forget_abandoned_imports, request_register_import, run_register_import
from maillage.directory.tasks import import_register_file
from tests.directory.registers import register, row, trapped_waldec
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    user = UserFactory(agent=True)
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return user


def queued():
    """Arguments of the imports that wait for the worker."""
    return list(ProcrastinateJob.objects.filter(task_name="directory.import_register").values_list("args", flat=True))


def uploaded(data, name="rna_waldec.csv"):
    return SimpleUploadedFile(name, data, content_type="text/csv")


def found(response):
    return [structure.name for structure in response.context["page"]]


def test_structures_are_found_by_name_commune_and_family(client):
    revel, toulouse = CommuneFactory(revel=True), CommuneFactory(toulouse=True)
    StructureFactory(name="Comité des fêtes", commune=revel, purpose_codes=["009030"])
    StructureFactory(name="Fêtes et jardins", commune=toulouse, purpose_codes=["024000"])
    StructureFactory(name="Fêtes d’antan", commune=revel, dissolved=True)
    url = reverse("structures")
    assert found(client.get(url)) == ["Comité des fêtes", "Fêtes et jardins"]
    assert found(client.get(url, {"nom": "FETE"})) == ["Comité des fêtes", "Fêtes et jardins"]
    assert found(client.get(url, {"nom": "comitté"})) == ["Comité des fêtes"]
    assert found(client.get(url, {"nom": "fêtes", "commune": "Toulouse"})) == ["Fêtes et jardins"]
    assert found(client.get(url, {"famille": "009000"})) == ["Comité des fêtes"]


def test_a_name_that_nobody_has_says_whom_to_tell(client, settings):
    settings.SITE_PHONE = "05 36 49 00 00"
    page = client.get(reverse("structures"), {"nom": "zzyzx"}).content.decode()
    assert "Aucune association de ce nom" in page
    assert "Dites-le à l’équipe du territoire" in page
    assert 'href="tel:+33536490000"' in page
    assert "0\u00a0structure" not in page


def test_structure_list_says_that_a_commune_is_unknown(client):
    StructureFactory()
    response = client.get(reverse("structures"), {"commune": "Nulle-Part-sur-Rien"})
    assert (response.status_code, found(response)) == (422, [])
    assert list(response.context["form"].errors) == ["commune"]


@pytest.mark.parametrize("count", [1, 4])
def test_structure_list_cost_does_not_grow(client, count, django_assert_num_queries):
    StructureFactory.create_batch(count, commune=CommuneFactory(revel=True))
    client.get(reverse("structures"))
    with django_assert_num_queries(7):
        client.get(reverse("structures"))


def test_structure_page_shows_its_facts_and_visible_listings(client):
    structure = StructureFactory(
        name="Les Amis",
        commune=CommuneFactory(revel=True),
        rna_id="W313000001",
        purpose_codes=["009030"],
        official_website="https://amis.fr",
        is_demonstration=True,
    )
    offer = ListingFactory(structure=structure)
    ListingFactory(structure=structure, need=True, title="Besoin caché")
    response = client.get(structure.get_absolute_url())
    text = response.content.decode()
    assert list(response.context["listings"]) == [offer]
    for said in (
        "Les Amis",
        "Revel",
        "Comités des fêtes",
        "W313000001",
        "https://amis.fr",
        "inventée pour la démonstration",
    ):
        assert said in text
    assert "Besoin caché" not in text


def test_structure_page_depends_on_state(client):
    dissolved = StructureFactory(dissolved=True)
    assert "Association dissoute" in client.get(dissolved.get_absolute_url()).content.decode()
    hidden = StructureFactory(state=Structure.State.SUPPRESSED)
    assert client.get(hidden.get_absolute_url()).status_code == 404
    hidden.replaced_by = dissolved
    hidden.save()
    assert client.get(hidden.get_absolute_url()).url == dissolved.get_absolute_url()


def test_old_address_leads_everyone_to_the_successor(client):
    successor = StructureFactory()
    old = StructureFactory(state=Structure.State.SUPPRESSED, replaced_by=successor)
    assert client.get(old.get_absolute_url()).url == successor.get_absolute_url()


def test_structure_page_of_a_huge_number_is_not_found(client):
    assert client.get(f"/structures/{10**30}/").status_code == 404


@pytest.mark.parametrize(
    ("siret", "message"),
    [
        ("784671695", "C’est un SIREN"),
        ("7846716950010", "vous en avez écrit 13"),
        ("78467169500104", "un chiffre est sans doute faux"),
        ("78467169500I03", "que des chiffres"),
    ],
)
def test_wrong_siret_is_explained(client, agent, siret, message):
    structure = StructureFactory()
    response = client.post(reverse("edit-section", args=[structure.pk, "siret"]), {"siret": siret})
    assert response.status_code == 422
    assert message in response.context["form"].errors["siret"][0]
    assert siret in response.content.decode()


def test_a_siret_is_kept_without_its_spaces(client, agent):
    structure = StructureFactory()
    client.post(reverse("edit-section", args=[structure.pk, "siret"]), {"siret": "784 671 695 00103"})
    structure.refresh_from_db()
    assert structure.siret == "78467169500103"


@pytest.mark.parametrize("name", ["register-imports", "register-import", "register-import-columns"])
def test_registers_are_for_agents(client, name):
    pk = RegisterImport.objects.create(file_name="rna.csv").pk
    url = reverse(name, args=[] if name == "register-imports" else [pk])
    assert client.get(url).status_code == 302
    client.force_login(MandateFactory().user, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(url).status_code == 403
    assert client.post(url).status_code in (403, 405)


def test_upload_is_imported_in_the_background_then_erased(client, agent):
    response = client.post(reverse("register-imports"), {"file": uploaded(register(trapped_waldec()))})
    register_import = RegisterImport.objects.get()
    assert response.url == reverse("register-import", args=[register_import.pk])
    assert queued() == [{"register_import_id": register_import.pk}]
    assert "L’import va commencer" in client.get(response.url).content.decode()
    kept = Path(register_import.file.path)
    import_register_file(register_import.pk)
    register_import.refresh_from_db()
    assert (register_import.state, register_import.file.name, register_import.report["created"]) == ("done", "", 20)
    assert not kept.exists()
    text = client.get(response.url).content.decode()
    assert "pas de titre" in text
    assert "W313000001" in text


def test_progress_is_a_part_of_the_page(client, agent):
    running = RegisterImport.objects.create(file_name="rna.csv", state="running", bytes_total=200, bytes_read=50)
    url = reverse("register-import", args=[running.pk])
    part = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "25\u00a0%" in part
    assert part.strip() in client.get(url).content.decode()


def test_dry_run_by_page_writes_no_structure(client, agent):
    client.post(reverse("register-imports"), {"file": uploaded(register(trapped_waldec())), "dry_run": "on"})
    register_import = RegisterImport.objects.get()
    import_register_file(register_import.pk)
    register_import.refresh_from_db()
    assert (register_import.report["created"], Structure.objects.count()) == (20, 0)


@pytest.fixture
def tried(client, agent):
    """A dry run that has ended; its file waits."""
    client.post(
        reverse("register-imports"), {"file": uploaded(b"Nom;Ville\nMJC;Revel\n", "lieux.csv"), "dry_run": "on"}
    )
    register_import = RegisterImport.objects.get()
    columns = reverse("register-import-columns", args=[register_import.pk])
    client.post(columns, {"name": "Nom", "commune": "Ville"})
    import_register_file(register_import.pk)
    ProcrastinateJob.objects.all().delete()
    register_import.refresh_from_db()
    return register_import


def for_real(tried):
    return reverse("register-import-for-real", args=[tried.pk])


def test_the_file_of_a_dry_run_is_imported_for_real_without_sending_it_again(client, tried):
    kept = Path(tried.file.path)
    address = reverse("register-import", args=[tried.pk])
    page = client.get(address).content.decode()
    assert (Structure.objects.count(), kept.exists(), for_real(tried) in page) == (0, True, True)
    colleague = UserFactory(agent=True)
    client.force_login(colleague, "allauth.account.auth_backends.AuthenticationBackend")
    assert [client.post(for_real(tried)).url for _ in "ab"] == [address, address]
    assert queued() == [{"register_import_id": tried.pk}]
    assert "L’import va commencer" in client.get(address).content.decode()
    import_register_file(tried.pk)
    tried.refresh_from_db()
    assert (tried.state, tried.dry_run, tried.file.name, tried.asked_by) == ("done", False, "", colleague)
    assert (Structure.objects.get().name, kept.exists()) == ("MJC", False)
    assert client.post(for_real(tried)).url == address
    assert len(queued()) == 1


def test_the_page_of_a_dry_run_says_how_long_its_file_is_kept(client, tried):
    RegisterImport.objects.update(asked_at=datetime(2026, 11, 24, 13, 5, tzinfo=UTC))
    text = client.get(reverse("register-import", args=[tried.pk])).content.decode()
    assert "jusqu’au mercredi 25\u00a0novembre à 14\u00a0h\u00a005" in text


def test_the_file_of_a_dry_run_is_erased_after_a_day_and_its_report_stays(client, tried):
    kept = Path(tried.file.path)
    RegisterImport.objects.update(asked_at=timezone.now() - timedelta(days=2))
    forget_abandoned_imports()
    tried.refresh_from_db()
    assert (kept.exists(), tried.state, tried.report["created"]) == (False, "done", 1)
    client.post(for_real(tried))
    assert queued() == []
    assert "envoyez‑le de nouveau" in client.get(reverse("register-import", args=[tried.pk])).content.decode()


def test_a_day_begins_again_when_the_import_is_asked(client, tried):
    RegisterImport.objects.update(asked_at=timezone.now() - timedelta(hours=23, minutes=59))
    client.post(for_real(tried))
    tried.refresh_from_db()
    assert timezone.now() - tried.asked_at < timedelta(minutes=1)


def test_refusal_in_the_middle_is_told(client, agent):
    data = register([row(id="W313000001", titre="UN")])[:-9]
    client.post(reverse("register-imports"), {"file": uploaded(data)})
    register_import = RegisterImport.objects.get()
    import_register_file(register_import.pk)
    text = client.get(reverse("register-import", args=[register_import.pk])).content.decode()
    assert "Ligne 2" in text
    assert "Rien n’a été écrit" in text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "Le fichier est vide."),
        (b"\x89PNG\r\n", "C’est une image"),
        (b"bonjour\n", "n’a qu’une colonne"),
        (register([], ["id", "titre", "objet_social1", "position"]), "n’est pas un registre RNA"),
    ],
)
def test_what_is_no_register_is_refused_at_once(client, agent, data, message):
    response = client.post(reverse("register-imports"), {"file": uploaded(data)})
    assert response.status_code == 422
    assert message.lower() in response.context["form"].errors["file"][0].lower()
    assert not RegisterImport.objects.exists()


def test_columns_of_any_csv_are_asked(client, agent):
    data = b"Nom;Ville\nMJC de Revel;Revel\n"
    response = client.post(reverse("register-imports"), {"file": uploaded(data, "lieux.csv")})
    register_import = RegisterImport.objects.get()
    columns = reverse("register-import-columns", args=[register_import.pk])
    assert (response.url, queued()) == (columns, [])
    asked = client.get(columns)
    assert asked.context["form"].initial == {"name": "Nom", "commune": "Ville"}
    assert "MJC de Revel" in asked.content.decode()
    assert client.post(columns, {"commune": "Ville"}).status_code == 422
    assert client.post(columns, {"name": "Nom", "commune": "Ville"}).url == reverse(
        "register-import", args=[register_import.pk]
    )
    import_register_file(register_import.pk)
    assert Structure.objects.get().commune_id == "31451"


def test_unanswered_upload_makes_room_for_the_next(client, agent):
    for _ in range(2):
        client.post(reverse("register-imports"), {"file": uploaded(b"Nom;Ville\nUn;Revel\n", "lieux.csv")})
    assert RegisterImport.objects.count() == 1


def test_an_upload_is_for_our_account_alone_under_a_name_that_says_nothing(agent):
    file = SimpleUploadedFile("benevoles.csv", b"Nom;Ville\n")
    waiting = request_register_import(file=file, asked_by=agent, dry_run=True)
    path = Path(waiting.file.path)
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    assert re.fullmatch(r"[0-9a-f]{32}", path.name)


def test_an_upload_that_nobody_imports_is_erased_after_a_day(agent):
    waiting = request_register_import(file=SimpleUploadedFile("rna.csv", b"Nom;Ville\n"), asked_by=agent, dry_run=True)
    forget_abandoned_imports()
    assert Path(waiting.file.path).exists()
    RegisterImport.objects.update(asked_at=timezone.now() - timedelta(days=2))
    forget_abandoned_imports()
    assert not Path(waiting.file.path).exists()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.file.name) == ("refused", "")


def test_import_that_breaks_says_so_and_leaves_no_file(agent):
    waiting = request_register_import(file=SimpleUploadedFile("rna.csv", b"id;titre\n"), asked_by=agent, dry_run=True)
    path = Path(waiting.file.path)
    waiting.column_mapping = {"name": ["not", "a", "column"]}
    run_register_import(register_import=waiting)
    waiting.refresh_from_db()
    assert waiting.state == "refused"
    assert waiting.refusal.startswith("L’import s’est arrêté")
    assert not path.exists()


def test_import_of_a_removed_file_is_refused(agent):
    register_import = RegisterImport.objects.create(file_name="rna.csv", file="imports/2026/absent.csv", asked_by=agent)
    import_register_file(register_import.pk)
    register_import.refresh_from_db()
    assert (register_import.state, register_import.refusal) == (
        "refused",
        "Le fichier a été retiré. Envoyez-le de nouveau.",
    )
