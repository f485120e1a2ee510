"""The declaration of accessibility, from data/accessibility.toml."""

import tomllib
from functools import cache
from importlib.resources import files


@cache
def declaration():
    source = files("maillage.web.site") / "data" / "accessibility.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))
