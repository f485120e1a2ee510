"""Numbers and addresses found in a text, and taken out of it."""

import pytest

from maillage.engine.reachable import reachable_in, without_reachable


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Appelez le 05 61 83 12 34 le soir.", ["05 61 83 12 34"]),
        ("06.12.34.56.78 ou 0612345678", ["06.12.34.56.78", "0612345678"]),
        ("+33 6 12 34 56 78", ["+33 6 12 34 56 78"]),
        ("0033612345678, +33 (0)6 12 34 56 78", ["0033612345678", "+33 (0)6 12 34 56 78"]),
        ("05\u00a061\u00a083\u00a012\u00a034", ["05\u00a061\u00a083\u00a012\u00a034"]),
        ("odile.delmas@exemple.fr.", ["odile.delmas@exemple.fr"]),
        ("SIRET 123 456 789 00012, le 24/06/2026, 31250 Revel", []),
        ("10 05 61 83 12 34 56 78", ["05 61 83 12 34"]),
        ("IBAN FR76 3000 6000 0112 3456 7890 189", []),
        ("3061831234 euros", []),
        ("", []),
    ],
)
def test_what_is_found(text, found):
    assert reachable_in(text) == found


def test_the_rest_of_the_text_stays_line_by_line():
    text = "Permis B.\n\nAppelez le 05 61 83 12 34 le soir\nodile@exemple.fr"
    assert without_reachable(text) == "Permis B.\n\nAppelez le le soir"
    assert reachable_in(without_reachable(text)) == []
