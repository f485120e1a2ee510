"""Labels of the RNA's nomenclature of purposes (« objets sociaux »); unknown codes are kept and said to be so."""

import tomllib
from functools import cache
from importlib.resources import files

UNLISTED = "non répertorié"


@cache
def labels():
    text = (files("maillage.directory") / "data" / "purposes.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["labels"]


def family_code(code):
    return f"{code[:3]}000"


def purpose_label(code):
    """The label of ``code``, else of its family, else « non répertorié »."""
    return labels().get(code) or labels().get(family_code(code)) or UNLISTED


def families():
    """[(code, label)] of the families that have a label, by label."""
    return sorted(
        ((code, label) for code, label in labels().items() if code.endswith("000")), key=lambda family: family[1]
    )
