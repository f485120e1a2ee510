"""A title in capitals made readable: « COMITE DES FETES DE ST-LYS » -> « Comité des Fêtes de St-Lys »."""

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

from maillage.engine.text import fold

_FILE = files("maillage.directory") / "data" / "title_words.toml"
_LISTS = {name: words.split() for name, words in tomllib.loads(_FILE.read_text(encoding="utf-8")).items()}
_SMALL = frozenset(_LISTS["small"])
_ACRONYMS = frozenset(_LISTS["acronyms"])
_ACCENTS = {fold(word): word for word in _LISTS["accented"]}
_LETTERS = re.compile(r"[^\W\d_]+|\d+\w*")
_NO_VOWEL = re.compile(r"(?!(?:st|mr|dr|mgr)$)[bcdfghjklmnpqrstvwxz]{2,6}")
_AS_WRITTEN = re.compile(r"\(?(?:[A-Z]\.){2,}[A-Z]?\)?|\([A-Z0-9&.-]{2,10}\)")
_ROMAN = re.compile(r"(?=[ivx]{2,5}$)x{0,3}(?:ix|iv|v?i{0,3})")
_APOSTROPHE = re.compile(r"(?<=\w)[’'´`]\s?(?=\w)")


def display_name(title, acronym=""):
    """``title`` in a decent French form when it is in capitals, untouched (spaces apart) when it is not.

    Acronyms keep their capitals: those with dots, in brackets, without a vowel, well known, or equal to ``acronym``.
    """
    words = _APOSTROPHE.sub("’", title).strip(" -–").split() or [title]
    if _is_in_capitals(title):
        words = [word if word == acronym else _readable(word, rank == 0) for rank, word in enumerate(words)]
    return " ".join(words)[:255]


def _is_in_capitals(text):
    return text.isupper() or sum(map(str.isupper, text)) > 4 * sum(map(str.islower, text))


@lru_cache(maxsize=50_000)
def _readable(word, is_first):
    if _AS_WRITTEN.fullmatch(word):
        return word

    def readable(match):
        letters = match[0].lower()
        is_elided = word[match.end() : match.end() + 1] == "’"
        if not (is_first and match.start() == 0) and (letters in _SMALL or (is_elided and len(letters) <= 2)):
            return letters
        if letters in _ACRONYMS or _NO_VOWEL.fullmatch(letters) or (match[0] == word and _ROMAN.fullmatch(letters)):
            return letters.upper()
        return _ACCENTS.get(letters, letters).capitalize()

    return _LETTERS.sub(readable, word)
