"""The import as a whole: what it writes, what it leaves alone, what it says."""

import io

import pytest

from maillage.directory.models import RegisterImport, RegisterImportLine, Structure
from maillage.directory.register import RegisterRefused
from maillage.directory.services import describe_structure, import_register
from tests.directory.registers import IMPORT, PERSONAL, WALDEC_WITH_CONTACTS, register, row, trapped_waldec
from tests.factories.accounts import UserFactory
from tests.factories.directory import StructureFactory

pytestmark = pytest.mark.django_db


def run(rows, columns=None, **options):
    data = rows if isinstance(rows, bytes) else register(rows, **({"columns": columns} if columns else {}))
    return import_register(file=io.BytesIO(data), **options)


def totals(report):
    return report.read, report.created, report.updated, report.unchanged, report.skipped


@pytest.fixture
def trapped():
    report = run(trapped_waldec())
    return report, {structure.register_id: structure for structure in Structure.objects.all()}


def test_report_counts_each_line_once(trapped):
    report, _ = trapped
    assert totals(report) == (27, 20, 0, 0, 7)
    assert report.skipped_reasons == dict.fromkeys(
        ["bad_id", "dissolved", "inactive", "no_id", "no_title", "replaced", "suppressed"], 1
    )
    assert report.noted_reasons == {"siret_invalid": 1, "commune_unknown": 1, "website_refused": 1}
    assert report.first_lines["dissolved"] == [22]


def test_second_import_changes_nothing(trapped):
    assert totals(run(trapped_waldec())) == (27, 0, 0, 20, 7)


def test_fillers_become_nothing(trapped):
    _, structures = trapped
    structure = structures["W313000004"]
    assert (structure.created_on, structure.published_on, structure.register_updated_at) == (None, None, None)
    assert structures["W313000005"].siret is None
    assert not structures["W313000005"].is_public_utility
    assert structures["W313000027"].is_public_utility
    assert structures["W313000007"].siret == "78467169500103"


def test_communes_are_resolved(trapped):
    _, structures = trapped
    communes = {
        "W2A1000012": "2A004",
        "W9R2000013": "97411",
        "W313000009": "69123",
        "W313000010": "75056",
        "W313000011": "31085",
        "W313000012": "31555",
        "W313000013": "01004",
        "W313000014": None,
        "W313000015": "31193",
    }
    assert {key: structures[key].commune_id for key in communes} == communes
    assert structures["W313000015"].official_commune_label == "Le Fousseret"


def test_texts_are_repaired(trapped):
    _, structures = trapped
    structure = structures["W313000008"]
    assert structure.official_title == "L’ŒIL D’OC…"
    assert structure.official_purpose == 'Une première ligne ;\nune « seconde » ; avec "guillemets".'
    assert structures["W313000016"].purposes == ["Activités religieuses, spirituelles ou philosophiques"]
    assert structures["W313000017"].purpose_codes == ["006035"]


def test_website_is_kept_only_when_its_publication_is_allowed(trapped):
    _, structures = trapped
    assert structures["W313000001"].official_website == "https://www.fetes-revel.fr"
    assert structures["W313000018"].official_website == ""
    assert structures["W313000019"].official_website == ""


def test_nothing_personal_is_kept(trapped):
    run([row(id="W313000090", titre="CONTACTS")], WALDEC_WITH_CONTACTS)
    run([row(id="313P0313025648", titre="ANCIENNE")], IMPORT)
    kept = " ".join(str(values) for values in Structure.objects.values())
    personal = [value for name, value in PERSONAL.items() if name != "dir_civilite"]
    assert [value for value in personal if value in kept] == []


def test_import_layout_is_keyed_by_gestion_and_old_number():
    report = run(
        [
            row(id="313P0313025648", titre="CLE ENTIERE"),
            row(id="0313025649", gestion="313P", titre="CLE SANS GESTION"),
            row(id="913S-09130A2577", titre="CLE A TIRET"),
            row(id="W313000001", titre="NUMERO RNA"),
            row(id="???", gestion="", titre="CLE FAUSSE"),
        ],
        IMPORT,
    )
    keys = dict(Structure.objects.values_list("register_id", "rna_id"))
    assert keys == {
        "313P0313025648": None,
        "313P0313025649": None,
        "913S-09130A2577": None,
        "W313000001": "W313000001",
    }
    assert report.skipped_reasons == {"bad_id": 1}


def test_namesakes_stay_apart():
    assert run([row(id=f"W31300000{number}", titre="LES AMIS") for number in range(3)]).created == 3


def test_later_line_of_a_doubled_key_wins():
    report = run([row(id="W313000001", titre="AVANT"), row(id="W313000001", titre="APRES")])
    assert (totals(report), report.first_lines) == ((2, 1, 0, 0, 1), {"duplicate": [2]})
    assert Structure.objects.get().official_title == "APRES"


@pytest.mark.parametrize(("position", "state"), [("D", "dissolved"), ("S", "suppressed"), ("I", "inactive")])
def test_end_of_a_known_association_is_written(position, state):
    run([row(id="W313000001", titre="UN")])
    report = run([row(id="W313000001", titre="UN", position=position, date_disso="2020-06-30")])
    assert (totals(report), Structure.objects.get().state) == ((1, 0, 1, 0, 0), state)


def test_absence_from_the_next_file_changes_nothing():
    run([row(id="W313000001", titre="UN"), row(id="W313000002", titre="DEUX")])
    run([row(id="W313000002", titre="DEUX")])
    assert Structure.objects.active().count() == 2


def test_what_a_structure_wrote_is_left_alone():
    run([row(id="W313000001", titre="LES AMIS DU LIVRE", siteweb="a.fr", publiweb="1")])
    structure = Structure.objects.get()
    own = {"name": "Le Cercle", "presentation": "Lire.", "website": "https://cercle.fr", "siret": "78467169500103"}
    describe_structure(structure_id=structure.pk, author=UserFactory(), **own)
    report = run(
        [row(id="W313000001", titre="LES AMIES DU LIVRE", siret="35600000009075", siteweb="b.fr", publiweb="1")]
    )
    structure.refresh_from_db()
    assert totals(report) == (1, 0, 1, 0, 0)
    assert {name: getattr(structure, name) for name in own} == own
    assert (structure.official_title, structure.official_website) == ("LES AMIES DU LIVRE", "https://b.fr")
    assert structure.search_name == "les amies du livre le cercle"


def test_structure_follows_its_new_number():
    run([row(id="313P0313025648", titre="ANCIENNE"), row(id="313P0000000002", titre="AUTRE")], IMPORT)
    old, other = Structure.objects.order_by("pk")
    run([row(id="W313000001", id_ex="0313025648", gestion="313P", titre="NOUVELLE")])
    run([row(id="313P0000000002", titre="AUTRE", position="R", observation="Remplacée par W313000002")], IMPORT)
    old.refresh_from_db()
    other.refresh_from_db()
    assert (old.register_id, old.rna_id, other.register_id) == ("W313000001", "W313000001", "W313000002")


def test_replaced_structure_leads_to_its_successor():
    run([row(id="W313000001", titre="NOUVELLE")])
    run([row(id="313P0313025648", titre="ANCIENNE")], IMPORT)
    replaced = row(id="313P0313025648", titre="ANCIENNE", position="R", observation="W313000001")
    assert run([replaced], IMPORT).skipped_reasons == {"replaced": 1}
    old = Structure.objects.get(register_id="313P0313025648")
    assert (old.state, old.replaced_by.rna_id) == ("suppressed", "W313000001")


def test_structure_known_by_its_rna_number_alone_is_adopted():
    known = StructureFactory(rna_id="W313000001")
    assert run([row(id="W313000001", titre="UN")]).updated == 1
    known.refresh_from_db()
    assert known.register_id == "W313000001"


def test_dry_run_says_the_same_and_writes_nothing():
    run([row(id="W313000001", titre="UN")])
    rows = [row(id="W313000001", titre="CHANGE"), row(id="W313000002", titre="DEUX"), row(id="", titre="X")]
    before = list(Structure.objects.values())
    essay = run(rows, dry_run=True)
    assert list(Structure.objects.values()) == before
    assert essay.as_dict() == run(rows).as_dict()
    assert totals(essay) == (3, 1, 1, 0, 1)


def test_lines_left_aside_are_kept_with_their_reason():
    StructureFactory()
    kept = RegisterImport.objects.create(file_name="rna.csv")
    run(trapped_waldec(), register_import=kept)
    kept.refresh_from_db()
    lines = list(kept.lines.filter(outcome="skipped").values_list("line_number", "reason", "successor"))
    assert lines == [
        (22, "dissolved", ""),
        (23, "suppressed", ""),
        (24, "inactive", ""),
        (25, "replaced", "W313000001"),
        (26, "bad_id", ""),
        (27, "no_id", ""),
        (28, "no_title", ""),
    ]
    assert (kept.state, kept.report["created"], kept.layout) == ("done", 20, "waldec")


def test_lines_of_the_import_before_are_dropped():
    for name in ("un.csv", "deux.csv"):
        run(trapped_waldec(), register_import=RegisterImport.objects.create(file_name=name))
    assert set(RegisterImportLine.objects.values_list("register_import__file_name", flat=True)) == {"deux.csv"}


def test_truncated_file_writes_nothing():
    data = register([row(id=f"W313{number:06d}", titre="UN") for number in range(5_000)])
    with pytest.raises(RegisterRefused, match=r"Ligne 5001\u00a0: "):
        run(data[:-30])
    assert not Structure.objects.exists()


def test_any_csv_is_imported_by_its_columns():
    data = (
        "Nom;Ville;Siret;RNA;Site;Activité\n"
        "MJC de Revel;Revel;;W313000001;mjc-revel.fr;Ateliers\n"
        "Les Amis;Revel;78467169500103;;;\n"
        "Les Amis;Revel;;;;\n"
        "Les Amis;Revel;;;;\n"
        ";Revel;;;;\n"
        "Ailleurs;Nulle-Part-sur-Rien;;W12;;\n"
    ).encode("cp1252")
    mapping = {
        "name": "nom",
        "commune": "VILLE",
        "siret": "Siret",
        "rna_id": "RNA",
        "website": "Site",
        "purpose": "Activité",
    }
    report = run(data, mapping=mapping)
    assert (totals(report), report.skipped_reasons) == ((6, 5, 0, 0, 1), {"no_title": 1})
    assert report.noted_reasons == {"rna_id_invalid": 1, "commune_unknown": 1}
    assert totals(run(data, mapping=mapping)) == (6, 0, 0, 5, 1)
    mjc = Structure.objects.get(rna_id="W313000001")
    assert (mjc.name, mjc.commune_id, mjc.official_website) == ("MJC de Revel", "31451", "https://mjc-revel.fr")


def test_csv_changes_only_what_its_columns_tell():
    run([row(id="W313000001", titre="LES AMIS", siret="78467169500103")])
    run("Nom,Numéro\nLes Amis du Livre,784 671 695 00103\n".encode(), mapping={"name": "Nom", "siret": "Numéro"})
    structure = Structure.objects.get()
    assert (structure.official_title, structure.register_id) == ("Les Amis du Livre", "W313000001")
    assert (structure.official_purpose, structure.commune_id) == ("animer la vie du village", "31451")


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        ({"name": "Titre"}, "n’a pas de colonne «\u00a0Titre\u00a0»"),
        ({"commune": "Nom"}, "Indiquez la colonne qui contient le nom"),
        ({"name": "Nom", "couleur": "Nom"}, "Champ inconnu\u00a0: couleur"),
    ],
)
def test_wrong_mapping_is_refused(mapping, sentence):
    with pytest.raises(RegisterRefused, match=sentence):
        run(b"Nom;Ville\nUn;Revel\n", mapping=mapping)
