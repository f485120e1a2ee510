"""From what an agent hands over to a stream of CSV bytes: a plain file, or the only CSV of a zip archive."""

import zipfile
from dataclasses import dataclass
from typing import IO

from maillage.directory.register import RegisterRefused
from maillage.kernel.archives import DAMAGED

LARGEST = 4 * 2**30
_SIGNATURES = {
    b"\x89PNG": "une image",
    b"\xff\xd8\xff": "une image",
    b"GIF8": "une image",
    b"%PDF": "un document PDF",
    b"\xd0\xcf\x11\xe0": "un ancien fichier de bureautique. Dans votre tableur, enregistrez-le au format CSV",
    b"\x1f\x8b": "une archive gzip. Décompressez-la d’abord",
    b"PAR1": "un fichier Parquet. Prenez la version CSV du même jeu de données",
    b"{": "un fichier JSON. Prenez la version CSV du même jeu de données",
    b"<": "une page web ou un fichier XML. Le téléchargement a peut-être échoué",
}
_OTHER_ENCODING = (
    "Ligne 1\u00a0: ce fichier est en UTF-16, ou n’est pas un fichier de texte. "
    "Enregistrez-le en CSV avec l’encodage UTF-8 ou Windows-1252, puis recommencez."
)


@dataclass(frozen=True)
class OpenRegister:
    stream: IO[bytes]
    size: int  # bytes of CSV, once out of the archive


def open_register(file):
    """The CSV in ``file`` (binary, seekable), read as a stream; RegisterRefused when it plainly can't be one."""
    head = file.read(4096)
    size = file.seek(0, 2)
    file.seek(0)
    if head.startswith(b"PK\x03\x04"):
        register = _open_archive(file)
        head = _peek(register.stream)
    else:
        register = OpenRegister(file, size)
    _check_head(head)
    return register


def _check_head(head):
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        raise RegisterRefused("Le fichier est vide.")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RegisterRefused(_OTHER_ENCODING)
    bare = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    for signature, what in _SIGNATURES.items():
        if bare.startswith(signature):
            raise RegisterRefused(f"Ce fichier n’est pas un registre au format CSV\u00a0: c’est {what}.")
    if b"\x00" in head:
        raise RegisterRefused(_OTHER_ENCODING)


def _open_archive(file):
    try:
        archive = zipfile.ZipFile(file)
        members = [member for member in archive.infolist() if not member.is_dir() and "__MACOSX" not in member.filename]
        if any(member.filename == "[Content_Types].xml" for member in members):
            raise RegisterRefused(
                "Ce fichier est un document de bureautique (Excel, par exemple). "
                "Dans votre tableur, enregistrez-le au format CSV, puis recommencez."
            )
        tables = [member for member in members if member.filename.lower().endswith((".csv", ".txt"))]
        if len(tables) != 1:
            raise RegisterRefused(
                f"L’archive zip contient {len(tables) or 'aucun'} {'fichiers' if len(tables) > 1 else 'fichier'} CSV. "
                "Elle doit en contenir un seul\u00a0: extrayez celui de votre département et choisissez-le."
            )
        (table,) = tables
        if table.file_size > LARGEST:
            raise RegisterRefused("Le fichier de l’archive zip est trop gros une fois décompressé (plus de 4\u00a0Go).")
        return OpenRegister(archive.open(table), table.file_size)
    except DAMAGED as error:
        raise RegisterRefused(_damaged(error)) from error


def _peek(stream):
    try:
        return stream.peek(4096)[:4096]
    except DAMAGED as error:
        raise RegisterRefused(_damaged(error)) from error


def _damaged(error):
    if isinstance(error, RuntimeError) and "password" in str(error):
        return "L’archive zip est protégée par un mot de passe. Choisissez le fichier CSV qu’elle contient."
    return "L’archive zip est abîmée ou incomplète. Téléchargez-la de nouveau."
