"""The tree of what can be pooled is well made, and finds a category from the words people type."""

import pytest

from maillage.engine.text import fold
from maillage.kernel.icons import ICONS
from maillage.kernel.templatetags.components import SAMPLES
from maillage.sharing import taxonomy
from maillage.sharing.models import Listing


def test_there_are_the_eight_families_in_order():
    assert [family.code for family in taxonomy.families()] == [
        "jobs", "information", "technical", "purchasing", "services", "audiences", "training", "reflection",
    ]  # fmt: skip


def test_the_four_headlines_are_in_the_tree():
    assert [kind.label for kind in taxonomy.headlines()] == ["Compétences", "Bénévoles", "Locaux", "Matériel"]


def test_each_family_has_kinds_and_sub_kinds():
    for family in taxonomy.families():
        assert family.children
        assert all(kind.children for kind in family.children)


def test_leaves_are_between_110_and_160():
    leaves = [entry for entry in taxonomy.all_categories() if not entry.children]
    assert 110 <= len(leaves) <= 160


def test_codes_fit_in_a_listing():
    longest = max(len(entry.code) for entry in taxonomy.all_categories())
    assert longest <= Listing._meta.get_field("category").max_length


def test_words_of_an_entry_are_known_ones():
    for entry in taxonomy.all_categories():
        assert entry.icon in ICONS
        assert entry.sample in SAMPLES
        assert entry.unit in Listing.PriceUnit.values
        assert entry.conditions in Listing.Conditions.values
        assert entry.label == entry.label.strip() != ""
        assert "'" not in entry.label


@pytest.mark.parametrize("family", [family.code for family in taxonomy.families()])
def test_a_synonym_means_one_category_of_its_family(family):
    meanings = {}
    for code in taxonomy.descendants(family):
        for name in {fold(name) for name in taxonomy.get(code).synonyms}:
            meanings.setdefault(name, []).append(code)
    assert {name: codes for name, codes in meanings.items() if len(codes) > 1} == {}


def test_labels_of_siblings_differ():
    for entry in taxonomy.all_categories():
        labels = [child.label for child in entry.children]
        assert len(labels) == len(set(labels))


def test_path_goes_from_the_family_down():
    van = taxonomy.get("technical.vehicles.van")
    assert [entry.label for entry in van.path] == ["Moyens techniques", "Véhicules", "Fourgon ou camionnette"]
    assert taxonomy.ancestors(van.code) == ("technical", "technical.vehicles")


def test_is_under_compares_whole_names():
    assert taxonomy.is_under("technical.vehicles.van", "technical.vehicles")
    assert taxonomy.is_under("technical", "technical")
    assert not taxonomy.is_under("technical.vehicles.vanity", "technical.vehicles.van")


def test_descendants_begin_with_the_category_itself():
    assert taxonomy.descendants("technical.vehicles")[0] == "technical.vehicles"
    assert "technical.vehicles.van" in taxonomy.descendants("technical.vehicles")


def test_an_unknown_code_is_refused_by_name():
    with pytest.raises(taxonomy.UnknownCategory, match="bogus"):
        taxonomy.get("technical.bogus")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("camionnette", "technical.vehicles.van"),
        ("des Camionnettes", "technical.vehicles.van"),
        ("un fourgon pour samedi", "technical.vehicles.van"),
        ("utilitaire", "technical.vehicles.van"),
        ("trafic", "technical.vehicles.van"),
        ("sono", "technical.equipment.sound_light.sound"),
        ("deux enceintes", "technical.equipment.sound_light.sound"),
        ("baffles", "technical.equipment.sound_light.sound"),
        ("barnum", "technical.equipment.events.tent"),
        ("tonnelle", "technical.equipment.events.tent"),
        ("chapiteau", "technical.equipment.events.tent"),
        ("vidéoproj", "technical.equipment.sound_light.projector"),
        ("salle de reunion", "technical.premises.meeting_room"),
        ("bénévoles", "services.volunteers"),
        ("locaux", "technical.premises"),
        ("competence", "services.skills"),
        ("minibus 9 places", "technical.vehicles.minibus"),
        ("tables et chaises", "technical.equipment.events.tables"),
    ],
)
def test_find_reads_the_words_people_type(typed, code):
    assert taxonomy.find(typed)[0].code == code


def test_find_prefers_the_name_of_most_words():
    assert taxonomy.find("logiciel de comptabilité")[0].code == "technical.software.management"


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ("technical.vehicles.van", "technical.vehicles.van"),
        ("technical.vehicles.zeppelin", "technical.vehicles"),
        ("technical.zeppelins.red", "technical"),
        ("bogus.bogus", "services"),
        ("", "services"),
    ],
)
def test_nearest_climbs_to_what_exists(code, kept):
    assert taxonomy.nearest(code).code == kept


@pytest.mark.parametrize("nothing", ["", "   ", "…", "zzzz", "de la"])
def test_find_says_nothing_of_words_it_does_not_know(nothing):
    assert taxonomy.find(nothing) == []
