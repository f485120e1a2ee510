"""How many things a title tells of."""

import pytest

from maillage.sharing.quantities import count_in, counts


@pytest.mark.parametrize(
    ("title", "count"),
    [
        ("40 chaises pliantes", 40),
        ("Prêt de 40 chaises", 40),
        ("6 tables et 30 bancs", 6),
        ("Deux bénévoles pour la buvette", 2),
        ("vingt chaises", 20),
        ("Une camionnette", 1),
        ("Salle pour 40 personnes", 1),
        ("12 places", 1),
        ("Minibus 9 places", 1),
        ("Camionnette 12 m³ avec hayon", 1),
        ("Barnum 3 x 3 m", 1),
        ("Barnum 3×6", 1),
        ("Sono 500 W", 1),
        ("Kangoo de 2019 en bon état", 1),
        ("Percolateur 100 tasses", 1),
        ("Le 24 juin", 1),
        ("Niveau 2 en anglais", 1),
        ("0 chaise", 1),
        ("999999999 chaises", 1),
        ("٤٠ chaises", 1),
        ("", 1),
    ],
)
def test_the_first_number_counts_things_not_sizes(title, count):
    assert count_in(title) == count


def test_rooms_and_skills_are_not_counted():
    assert counts("technical.equipment.events.chairs")
    assert not counts("technical.premises.meeting")
    assert not counts("services.skills")
    assert not counts("training")
