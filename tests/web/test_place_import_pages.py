"""The import of places through HTTP: preview, confirm, undo, and what is refused with the reason."""

import csv
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from maillage.places.models import Place, PlaceImport
from tests.factories.accounts import UserFactory
from tests.places.tables import imported, scdl

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    client.force_login(UserFactory(agent=True, name="Camille Roux"))
    return client


def text_of(response):
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(plain.replace("\u00a0", " ").replace("\u202f", " ").split())


def hand_over(client, content, **options):
    file = SimpleUploadedFile("équipements.csv", content)
    return client.post(reverse("place-imports"), {"file": file, "source": "Ville de Revel"}, **options)


def test_agent_sees_what_a_file_would_do_then_imports_then_undoes(agent):
    preview = hand_over(agent, scdl() + b"trop,court\r\n", follow=True)
    said = text_of(preview)
    assert "Ajouté : 1" in said
    assert "Laissé de côté : 1" in said
    assert "Cette ligne n’a pas le même nombre de colonnes" in said
    assert not Place.objects.exists()
    one = PlaceImport.objects.get()
    done = agent.post(reverse("confirm-place-import", args=[one.pk]), follow=True)
    assert "Les lieux sont importés." in text_of(done)
    place = Place.objects.get()
    assert place.get_absolute_url() in done.content.decode()
    journal = text_of(agent.get(reverse("journal")))
    assert f"import de lieux n° {one.pk}" in journal
    assert "Camille Roux" in journal
    undone = agent.post(reverse("undo-place-import", args=[one.pk]), follow=True)
    assert "L’import est défait : 1 lieu retiré, 0 lieu remis comme avant." in text_of(undone)
    assert not Place.objects.exists()
    again = agent.post(reverse("undo-place-import", args=[one.pk]), follow=True)
    assert "déjà défait" in text_of(again)


def test_preview_of_the_same_file_again_says_that_it_changes_nothing(agent):
    hand_over(agent, scdl())
    agent.post(reverse("confirm-place-import", args=[PlaceImport.objects.get().pk]))
    said = text_of(hand_over(agent, scdl(), follow=True))
    assert "Ce fichier ne change rien." in said
    assert "Inchangé : 1" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a;b\n1;2\n", "il manque la colonne qui dit le nom, la sorte de lieu et la commune"),
        (b"%PDF-1.7 ...", "un document PDF"),
        (b"PK\x03\x04 not a zip", "abîmée"),
        ("nom;sorte;commune".encode("utf-16"), "UTF-16"),
    ],
)
def test_file_refused_says_why_and_the_source_stays(agent, content, said):
    response = hand_over(agent, content)
    assert response.status_code == 422
    assert said in text_of(response)
    assert 'value="Ville de Revel"' in response.content.decode()
    assert not PlaceImport.objects.exists()


def test_what_the_file_holds_is_shown_as_text(agent):
    page = hand_over(agent, scdl({"EQUIP_NOM": "<script>alert(1)</script> MJC"}), follow=True).content.decode()
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_file_can_be_forgotten(agent):
    hand_over(agent, scdl())
    agent.post(reverse("forget-place-import", args=[PlaceImport.objects.get().pk]))
    assert not PlaceImport.objects.exists()


def test_another_file_replaces_the_one_that_was_not_confirmed(agent):
    hand_over(agent, scdl())
    hand_over(agent, scdl({"EQUIP_TEL": ""}))
    assert PlaceImport.objects.count() == 1


def test_template_opens_in_a_spreadsheet_with_an_example(agent):
    response = agent.get(reverse("place-import-template"))
    header, example = csv.reader(response.content.decode("utf-8-sig").splitlines(), delimiter=";")
    assert "attachment" in response["Content-Disposition"]
    assert dict(zip(header, example, strict=True))["nom"] == "Maison des associations"


@pytest.mark.parametrize("count", [1, 150])
def test_a_preview_costs_the_same_whatever_the_number_of_lines(agent, count, django_assert_num_queries):
    header, line = scdl().decode().splitlines()
    lines = [line.replace("MJC de Revel", f"MJC n° {number}") for number in range(count)]
    address = hand_over(agent, "\r\n".join([header, *lines]).encode())["Location"]
    with django_assert_num_queries(11):
        said = text_of(agent.get(address))
    assert "MJC n° 0" in said
    assert ("MJC n° 99" in said, "MJC n° 100" in said) == (count == 150, False)


def test_a_preview_says_when_it_was_made_and_importing_compares_anew(agent):
    address = hand_over(agent, scdl())["Location"]
    one = PlaceImport.objects.get()
    imported(scdl())
    said = text_of(agent.get(address))
    assert "Ajouté : 1" in said
    assert re.search(r"tels qu’ils étaient le .* à \d+ h .*l’import les comparera à nouveau", said)
    agent.post(reverse("confirm-place-import", args=[one.pk]))
    assert "Inchangé : 1" in text_of(agent.get(address))
    assert Place.objects.count() == 1
