"""Tagged PDFs written by Typst in our fonts: what people wrote is data, never markup."""

import json
import re
import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst
from fontTools.ttLib import TTFont

PLAIN_HYPHEN = str.maketrans("\u2010\u2011", "--")
FONTS = ("atkinson_hyperlegible", "bricolage_grotesque", "figtree")


def typeset(source, facts, *, beside=None, kind="pdf"):
    """The document of ``source`` as bytes: a tagged PDF (PDF/UA-1), or a PNG of its first page to look at.

    source  a Typst file, which reads ``facts`` from its input « facts »
    beside  {name: bytes} of files that it shows

    Typst reads no file outside of a folder made for the occasion.
    """
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / source.name
        written.write_bytes(source.read_bytes())
        for name, content in (beside or {}).items():
            (Path(folder) / name).write_bytes(content)
        made = typst.compile(
            written,
            root=folder,
            font_paths=_fonts(),
            sys_inputs={"facts": json.dumps(facts)},
            format=kind,
            ppi=100,
            pdf_standards=["ua-1"] if kind == "pdf" else [],
        )
    return made[0] if isinstance(made, list) else made


def drawn(text):
    """``text`` without the signs that no font draws (a PDF/UA must not hold them); Typst makes spaces of any sort."""
    known = "".join(sign for sign in text.translate(PLAIN_HYPHEN) if sign in _signs() or sign.isspace())
    return re.sub(" {2,}", " ", known).strip()


@cache
def _fonts():
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=_font_folders())


@cache
def _signs():
    known: set[int] = set()
    for folder in _font_folders():
        for path in Path(folder).glob("*.ttf"):
            with TTFont(path, lazy=True) as font:
                known |= font.getBestCmap().keys()
    return frozenset(map(chr, known))


def _font_folders():
    return [str(files(f"fontpkg_{name}") / "files") for name in FONTS]
