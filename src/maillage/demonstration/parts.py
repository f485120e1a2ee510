"""The words and figures from which the demonstration is composed: data/*.toml, and chance that can be replayed."""

import random
import tomllib
from functools import cache
from importlib.resources import files

from maillage.sharing import taxonomy


@cache
def parts(name):
    """The content of data/<name>.toml; callers do not change it."""
    source = files("maillage.demonstration") / "data" / f"{name}.toml"
    return tomllib.loads(source.read_text(encoding="utf-8"))


@cache
def listing_templates(direction):
    """Every template of offers or of needs, family by family."""
    return tuple(
        template for family in taxonomy.families() for template in parts(f"listings/{family.code}").get(direction, ())
    )


def chance(seed, noun):
    """A source of chance for one kind of thing, so that adding structures does not change the people."""
    return random.Random(f"{seed} {noun}")  # noqa: S311 nothing secret is drawn
