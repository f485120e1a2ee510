"""Tables of places: read whatever their shape, compared, written once, undone; hostile lines left aside."""

from io import BytesIO
from threading import Event
from time import sleep

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.places.importing import ImportRefused, services
from maillage.places.importing.columns import TEMPLATE, find_columns
from maillage.places.importing.plan import make_plan
from maillage.places.importing.rows import RowReader
from maillage.places.models import Place, PlaceImport, PlaceImportLine
from maillage.places.services import change_place
from tests.at_once import at_once
from tests.places.tables import CELLS, SCDL_HEADER, SCDL_LINE, imported, scdl

pytestmark = pytest.mark.django_db


def outcomes(content, source="Ville de Revel"):
    return [(line.outcome, line.reason, line.notes) for line in make_plan(content, source).lines]


def test_scdl_is_read():
    imported(scdl())
    place = Place.objects.get()
    assert (place.kind, place.name, place.commune_id) == ("youth_culture_house", "MJC de Revel", "31451")
    assert (place.address, place.phone, place.is_exact) == ("36 bis rue de Dreuilhe", "05 61 83 00 00", True)
    assert (place.latitude, place.longitude) == (43.4590, 2.0045)
    assert place.hours_said == ["lundi et mardi, de 9\u00a0h à 12\u00a0h"]
    assert (place.website, place.email, place.source) == ("https://mjc.example", "a@mjc.example", "Ville de Revel")


def test_our_template_is_read_whole_with_its_example():
    header, example = zip(*TEMPLATE, strict=True)
    imported(";".join(header).encode() + b"\r\n" + ";".join(example).encode() + b"\r\n")
    place = Place.objects.get()
    assert place.hours_said == ["mardi et jeudi, de 9\u00a0h à 12\u00a0h et de 14\u00a0h à 18\u00a0h"]
    assert (place.hours_note, place.contact_role) == ("Fermé en août.", "l’animatrice de la vie associative")
    assert (place.verified_on.isoformat(), place.website) == ("2026-01-15", "https://www.exemple.fr")
    assert not PlaceImportLine.objects.exclude(notes=[]).exists()


@pytest.mark.parametrize(
    ("encoding", "separator"), [("utf-8", ","), ("utf-8-sig", ";"), ("cp1252", "\t"), ("cp1252", "|")]
)
def test_encoding_separator_and_case_do_not_matter(encoding, separator):
    table = f"Nom{separator}SORTE{separator}Code  Postal{separator}Commune\r\nFoyer d’été{separator}foyer rural"
    table += f"{separator}31250{separator}REVEL\r\n"
    imported(table.encode(encoding))
    assert Place.objects.get().name == "Foyer d’été"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (";foyer rural;31250;Revel", "le nom manque"),
        ("Foyer;foyer rural;31250;Atlantis", "la commune n’est pas reconnue"),
        ("Le Repos;Cimetière;31250;Revel", "n’est pas une sorte de lieu connue"),
        ("Accueil;;31250;Revel", "la sorte de lieu manque"),
        ("Foyer rural;foyer rural;75001;Paris", "hors du territoire"),
        ("=HYPERLINK(1);foyer rural;31250;Revel", "formule de tableur"),
        ("@SUM(1);foyer rural;31250;Revel", "formule de tableur"),
        ("x" * 161 + ";foyer rural;31250;Revel", "dépasse 160"),
        ("Foyer;foyer rural;31250", "nombre de colonnes"),
        ("Foyer;foyer rural;31250;Revel;de;trop", "nombre de colonnes"),
    ],
)
def test_line_left_aside_says_why(line, reason):
    content = f"nom;sorte;code postal;commune\n{line}\nBon foyer;foyer rural;31250;Revel\n".encode()
    first, second = outcomes(content)
    assert first[0] == "left_aside"
    assert reason in first[1]
    assert second == ("created", "", [])


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        ({"EQUIP_LAT": "2.0045", "EQUIP_LONG": "43.4590"}, "latitude et longitude étaient échangées"),
        ({"EQUIP_LAT": "48.85", "EQUIP_LONG": "2.35"}, "position loin de la commune, laissée de côté"),
        ({"EQUIP_LAT": "6283946", "EQUIP_LONG": "619821"}, "la position n’est pas un nombre de degrés"),
        ({"EQUIP_LAT": "NaN"}, "la position n’est pas un nombre de degrés"),
        ({"EQUIP_LAT": ""}, "la position n’est pas un nombre de degrés"),
        ({"EQUIP_OUVERTURE": "sur rendez-vous"}, "les horaires ne se lisent pas, gardés comme précision"),
        ({"EQUIP_TEL": "=cmd|calc"}, "le téléphone n’est pas un numéro"),
        ({"EQUIP_EMAIL": "javascript:alert(1)"}, "l’adresse e\u2011mail n’est pas complète"),
        ({"EQUIP_WEB": "javascript:alert(1)"}, "l’adresse du site n’est pas complète"),
        ({"ADR_NOMVOIE": "x" * 5000}, "raccourci à 200"),
        ({"ADR_NUMERO": "99999", "ADR_NOMVOIE": "=1+1"}, "une formule de tableur"),
    ],
)
def test_doubtful_cell_is_left_out_with_a_note_and_the_place_stays(cells, note):
    imported(scdl(cells))
    line, place = PlaceImportLine.objects.get(), Place.objects.get()
    assert any(note in one for one in line.notes)
    place.full_clean()
    assert abs(place.latitude - 43.46) < 0.1


def test_hours_that_cannot_be_read_are_kept_as_a_note():
    imported(scdl({"EQUIP_OUVERTURE": "Mo-Fr 09:00-12:00; PH off"}))
    assert Place.objects.get().hours_note == "Fermé les jours fériés."
    imported(scdl({"EQUIP_OUVERTURE": "sur rendez-vous"}))
    assert (Place.objects.get().hours, Place.objects.get().hours_note) == ([], "sur rendez-vous")


def test_the_same_place_twice_in_a_file_is_one():
    line = "Foyer;foyer rural;31250;Revel\n"
    content = ("nom;sorte;code postal;commune\n" + line + "FOYER;Foyer Rural;31250;revel\n").encode()
    assert [reason for _, reason, _ in outcomes(content)] == ["", "ce lieu est déjà à la ligne 2"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vide"),
        (b"\x89PNG\r\n\x1a\n", "une image"),
        ("nom;sorte;commune\n".encode("utf-16"), "UTF-16"),
        (b"a;b;c\n1;2;3\n", "il manque la colonne qui dit le nom, la sorte de lieu et la commune"),
        (b"nom;sorte\nFoyer;foyer rural\n", "il manque la colonne qui dit la commune"),
        (b'nom;sorte;commune\n"Foyer;foyer rural;Revel\n', "guillemet ouvert"),
        (b"nom;sorte;commune\n" + b"x" * (2**20 + 10), "dépasse un million"),
    ],
)
def test_file_that_is_no_table_of_places_is_refused(content, said):
    with pytest.raises(ImportRefused, match=said):
        make_plan(content, "Ville de Revel")


def test_file_too_long_is_refused(monkeypatch):
    lines = b"Foyer;foyer rural;31250;Revel\n" * 10_001
    with pytest.raises(ImportRefused, match="dépasse 10000"):
        make_plan(b"nom;sorte;code postal;commune\n" + lines, "Ville de Revel")


def test_importing_again_changes_nothing():
    imported(scdl())
    before = list(Place.objects.values())
    again = imported(scdl())
    assert again.counts == {"created": 0, "updated": 0, "unchanged": 1, "left_aside": 0}
    assert list(Place.objects.values()) == before


def test_only_what_the_file_changed_is_written_and_what_the_team_corrected_is_kept():
    imported(scdl())
    place = Place.objects.get()
    change_place(place_id=place.pk, phone="05 61 99 99 99", accessibility="De plain-pied.")
    assert outcomes(scdl()) == [("unchanged", "", [])]
    newer = {"EQUIP_EMAIL": "b@mjc.example", "EQUIP_TEL": "0561111111"}
    assert outcomes(scdl(newer)) == [("updated", "", ["corrigé par l’équipe, gardé\u00a0: téléphone"])]
    imported(scdl(newer))
    place.refresh_from_db()
    assert (place.email, place.phone, place.accessibility) == ("b@mjc.example", "05 61 99 99 99", "De plain-pied.")


@pytest.mark.django_db(transaction=True)
def test_what_an_agent_corrects_during_an_import_is_kept():
    imported(scdl())
    place, corrected = Place.objects.get(), Event()
    newer = BytesIO(scdl({"EQUIP_EMAIL": "b@mjc.example"}))
    newer.name = "lieux.csv"
    waiting = services.request_import(file=newer, source="Ville de Revel")

    def correct():
        with transaction.atomic(), connection.cursor() as cursor:
            change_place(place_id=place.pk, accessibility="De plain-pied.")
            corrected.set()
            for _ in range(200):  # until the import waits for this transaction
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    break
                sleep(0.05)

    def confirm():
        corrected.wait()
        services.confirm_import(import_id=waiting.pk)

    assert at_once(correct, confirm) == [None, None]
    place.refresh_from_db()
    assert (place.email, place.accessibility) == ("b@mjc.example", "De plain-pied.")


def test_another_source_is_another_place():
    imported(scdl(), source="Ville de Revel")
    imported(scdl(), source="Département")
    assert Place.objects.count() == 2


def test_undoing_takes_away_what_was_created_and_puts_back_what_was_changed():
    first = imported(scdl())
    before = Place.objects.values().get()
    second = imported(scdl({"EQUIP_EMAIL": "b@mjc.example"}) + SCDL_LINE.replace("uid-1", "uid-2").encode())
    assert (Place.objects.count(), second.counts["updated"]) == (2, 1)
    assert services.undo_import(import_id=second.pk) == (1, 1, 0)
    assert Place.objects.values().get() | {"modified_at": None} == before | {"modified_at": None}
    assert services.undo_import(import_id=first.pk) == (1, 0, 0)
    assert not Place.objects.exists()
    with pytest.raises(ImportRefused, match="déjà défait"):
        services.undo_import(import_id=first.pk)


def test_undoing_keeps_what_was_changed_since():
    done = imported(scdl())
    place = Place.objects.get()
    change_place(place_id=place.pk, verified_on=timezone.localdate())
    assert services.undo_import(import_id=done.pk) == (0, 0, 1)
    assert Place.objects.get().verified_on == timezone.localdate()


def test_undone_import_can_be_done_again():
    services.undo_import(import_id=imported(scdl()).pk)
    assert imported(scdl()).counts["created"] == 1


def test_import_after_an_undone_one_keeps_what_was_corrected_by_hand():
    first = imported(scdl())
    place = Place.objects.get()
    change_place(place_id=place.pk, phone="05 61 99 99 99")
    assert services.undo_import(import_id=first.pk) == (0, 0, 1)
    assert outcomes(scdl()) == [("unchanged", "", [])]
    newer = {"EQUIP_EMAIL": "b@mjc.example", "EQUIP_TEL": "0561111111"}
    imported(scdl(newer))
    place.refresh_from_db()
    assert (place.email, place.phone) == ("b@mjc.example", "05 61 99 99 99")


def test_import_after_an_undone_one_writes_again_what_was_put_back():
    imported(scdl())
    newer = {"EQUIP_EMAIL": "b@mjc.example", "EQUIP_TEL": "0561111111"}
    second = imported(scdl(newer))
    place = Place.objects.get()
    change_place(place_id=place.pk, phone="05 61 99 99 99")
    assert services.undo_import(import_id=second.pk) == (0, 1, 1)
    again = imported(scdl(newer))
    place.refresh_from_db()
    assert again.counts["updated"] == 1
    assert (place.email, place.phone) == ("b@mjc.example", "05 61 99 99 99")


def test_confirmed_import_forgets_the_file_and_is_confirmed_once():
    done = imported(scdl())
    assert bytes(PlaceImport.objects.get(pk=done.pk).content) == b""
    with pytest.raises(ImportRefused, match="déjà fait"):
        services.confirm_import(import_id=done.pk)


@pytest.mark.parametrize("dry_run", [True, False])
def test_command_imports_and_reports(tmp_path, capsys, dry_run):
    path = tmp_path / "lieux.csv"
    path.write_bytes(scdl() + SCDL_LINE.replace("uid-1", "uid-2").replace("MJC", "Cimetière").encode())
    call_command("places_import", str(path), "--source", "Ville de Revel", *(["--dry-run"] if dry_run else []))
    said = capsys.readouterr().out
    assert "ajouté" in said
    assert "ligne 3, Cimetière de Revel\u00a0: «\u00a0Cimetière\u00a0» n’est pas une sorte de lieu connue" in said
    assert Place.objects.exists() is not dry_run


@pytest.mark.parametrize("content", [b"", b"a;b\n"])
def test_command_refuses_and_writes_nothing(tmp_path, capsys, content):
    path = tmp_path / "lieux.csv"
    path.write_bytes(content)
    with pytest.raises(SystemExit) as left:
        call_command("places_import", str(path), "--source", "Ville de Revel")
    assert left.value.code == 2
    assert "Rien n’a été écrit." in capsys.readouterr().err


def test_any_cell_gives_a_valid_place_or_a_reason():
    reader = RowReader(find_columns(SCDL_HEADER), timezone.localdate())
    printable = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300)
    changeable = st.sampled_from([name for name in SCDL_HEADER if name != "ADR_CLE_INTEROP"])

    @settings(deadline=None)
    @given(st.dictionaries(changeable, printable))
    def check(changed):
        row = reader.read(2, list((CELLS | changed).values()))
        assert bool(row.refusal) != bool(row.key)
        if row.key:
            Place(source="Ville de Revel", source_key=row.key, **row.facts).full_clean()

    check()
