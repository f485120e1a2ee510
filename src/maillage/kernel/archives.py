"""Reading zip archives that strangers made."""

import lzma
import zipfile
import zlib

# What zipfile raises for an archive that is damaged, encrypted or compressed in a way of its own.
DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, NotImplementedError)
