"""French spaces in the templates (docs/design-system.md): a breaking space never stands before « ; : ! ? » or « € »."""

import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "maillage"
TEMPLATES = sorted(SOURCE.rglob("templates/**/*.html"))
CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<(script|style|code)\b.*?</\1>|<[^>]*>", re.DOTALL)
MISTAKES = re.compile(r"\S [;:!?»%€](?=\s|$)|« |(?<=\w)'(?=\w)|·|\b[eE]-mail|[cC]ourriel")


NAME_BEHIND_DE = re.compile(r"\b[Dd]e \{\{ [a-z_.]*name\b[^}]*\}\}")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_asks_what_stands_before_a_name(path):
    """``{{ structure.name|of_fr }}`` says « d’Amicale » and « de Revel »."""
    assert NAME_BEHIND_DE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_has_the_spaces_of_french(path):
    text = CODE.sub(lambda code: "\n" if code[0].startswith("<") else "x", path.read_text(encoding="utf-8"))
    assert [line.strip() for line in text.splitlines() if MISTAKES.search(line)] == []


RAISED_BESIDE_ICON = re.compile(r'<(?:span|li)>\{% icon "[a-z-]+" %\}(?!<)[^<\n]*\|raised')


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_raised_letter_stays_in_its_sentence(path):
    """Beside an icon, « 1er décembre » is in a span of its own: else « 1 », « er » and « décembre » are columns."""
    assert RAISED_BESIDE_ICON.findall(path.read_text(encoding="utf-8")) == []
