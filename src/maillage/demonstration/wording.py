"""French that agrees: the emblems that name structures, and communes behind « à »."""

from maillage.demonstration.parts import parts
from maillage.engine.text import fold

_ARTICLES = {"ms": "Le", "fs": "La", "mp": "Les", "fp": "Les"}
_OF_ARTICLES = {"ms": "du", "fs": "de la", "mp": "des", "fp": "des"}
_CONTRACTED = {"Le": "au", "Les": "aux"}
_VOWELS = "aeiou"


def draw_emblem(rng):
    """("La Tuile bleue", "de la Tuile bleue"): a noun, and a qualifier that agrees with it."""
    nouns = [(noun, form) for form in ("ms", "fs", "mp", "fp") for noun in parts("names")["emblems"][form]]
    noun, form = rng.choice(nouns)
    qualifiers = parts("names")["qualifiers"]
    emblem = f"{noun} {rng.choice(qualifiers[form] + qualifiers['any'])}"
    if form in ("ms", "fs") and _begins_with_vowel(noun):
        return f"L’{emblem}", f"de l’{emblem}"
    return f"{_ARTICLES[form]} {emblem}", f"{_OF_ARTICLES[form]} {emblem}"


def at_commune(name):
    """« à Revel », « au Fousseret », « à L’Isle-en-Dodon »."""
    article, _, rest = name.partition(" ")
    if article in _CONTRACTED:
        return f"{_CONTRACTED[article]} {rest}"
    return f"à {name}"


def _begins_with_vowel(word):
    return fold(word)[0] in _VOWELS
