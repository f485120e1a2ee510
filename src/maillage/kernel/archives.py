"""Reading zip archives that strangers made."""

import lzma
import zipfile
import zlib

# What zipfile raises for an archive that is damaged, encrypted or compressed in a way of its own.
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, NotImplementedError)


def has_macros(names):
    """Whether one of the parts of an office document, by their ``names``, is a program (Word, Excel, OpenDocument)."""
    said = [name.lower() for name in names]
    return any("vbaproject.bin" in name or "basic/" in name or name.startswith("scripts/") for name in said)
