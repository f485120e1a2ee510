"""Files that people join to a message: looked at with suspicion, never opened, and named by us."""

import re
import unicodedata
from io import BytesIO
from typing import NamedTuple
from zipfile import ZipFile

from maillage.kernel.archives import DAMAGED, has_macros
from maillage.kernel.pictures import NotAPicture, PictureTooLarge, pixels_of

MOST_FILES = 3
MOST_BYTES = 10 * 2**20
MOST_BYTES_A_DAY = 100 * 2**20  # of one structure
MOST_UNPACKED = 300 * 2**20
MOST_PARTS = 5_000
LONGEST_STEM = 80
KNOWN = "une photo, un PDF, un document (odt, docx), un tableau (ods, xlsx, csv) ou un texte (txt)"
CANNOT_BE_SENT = f"ne peut pas être envoyé. Choisissez {KNOWN}."
SEEMS_DAMAGED = "semble abîmé. Ouvrez-le, enregistrez-le à nouveau, puis choisissez-le."
HAS_MACROS = "contient un programme (des macros). Enregistrez-le sans macros, ou en PDF."
PICTURES = ("jpg", "jpeg", "png", "webp", "heic", "heif")
OPEN_DOCUMENTS = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
}
OFFICE_DOCUMENTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
TEXTS = ("txt", "csv")
_NOT_IN_A_NAME = re.compile(r'[<>:"/\\|?*]+')


class FileRefused(ValueError):
    """Its text is for the person who chose the file."""


class CleanFile(NamedTuple):
    """``kind`` is the extension that we give it: it decides how it is served."""

    name: str
    kind: str
    content: bytes


def clean_file(upload):
    """A CleanFile of what was sent; raises FileRefused, which says what to send instead."""
    stem, kind = _safe(upload.name)
    if upload.size > MOST_BYTES:
        raise FileRefused(f"«\u00a0{stem}\u00a0» pèse plus de 10\u00a0Mo. Choisissez un fichier plus léger.")
    if not upload.size:
        raise FileRefused(f"«\u00a0{stem}\u00a0» est vide. Choisissez un autre fichier.")
    content = upload.read()
    if kind in PICTURES:
        return CleanFile(f"{stem}.webp", "webp", _picture(content, stem))
    if refusal := _refusal_of(content, kind):
        raise FileRefused(f"«\u00a0{stem}\u00a0» {refusal}")
    return CleanFile(f"{stem}.{kind}", kind, content)


def _safe(name):
    """(what the file is called, without a path nor a sign that deceives the eye or a computer; its extension)."""
    plain = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    plain = "".join(sign for sign in plain if unicodedata.category(sign)[0] != "C")
    stem, _, extension = plain.rpartition(".")
    stem = _NOT_IN_A_NAME.sub(" ", stem)[:LONGEST_STEM].strip(" .")
    return stem or "fichier", extension.lower()


def _picture(content, stem):
    try:
        return pixels_of(BytesIO(content))
    except PictureTooLarge:
        raise FileRefused(f"«\u00a0{stem}\u00a0» est trop grande\u00a0: réduisez-la à 60 millions de points.") from None
    except NotAPicture:
        raise FileRefused(
            f"«\u00a0{stem}\u00a0» n’est pas une image que nous savons lire. Choisissez {KNOWN}."
        ) from None


def _refusal_of(content, kind):
    """Why a file that is no picture is not sent; "" when it is."""
    if kind == "pdf":
        return "" if content.startswith(b"%PDF-") else SEEMS_DAMAGED
    if kind in TEXTS:
        return CANNOT_BE_SENT if b"\0" in content else ""
    if kind in (*OPEN_DOCUMENTS, *OFFICE_DOCUMENTS):
        return _refusal_of_document(content, kind)
    return CANNOT_BE_SENT


def _refusal_of_document(content, kind):
    """Whether an archive lacks the parts of such a document, has one that runs by itself, or is a bomb.

    Its table of contents is read, and the few signs that name its kind: nothing else is unpacked.
    """
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                return CANNOT_BE_SENT
            if has_macros(names):
                return HAS_MACROS
            if kind in OFFICE_DOCUMENTS:
                is_one = {"[Content_Types].xml", OFFICE_DOCUMENTS[kind]} <= names
            else:
                said = OPEN_DOCUMENTS[kind]
                is_one = "mimetype" in names and _start_of(archive, "mimetype", len(said) + 1) == said
            return "" if is_one else SEEMS_DAMAGED
    except (*DAMAGED, ValueError, OSError):
        return SEEMS_DAMAGED


def _start_of(archive, name, count):
    with archive.open(name) as part:
        return part.read(count)
