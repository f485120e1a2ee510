"""From bytes to rows of texts: a workbook (.xlsx, .ods), or a CSV whatever its separator and its encoding."""

import csv
from dataclasses import dataclass

from maillage.directory.register.encoding import decode
from maillage.engine.french import join_fr
from maillage.kernel.spreadsheets import SpreadsheetRefused, read_first_sheet
from maillage.sharing.inventories import InventoryRefused
from maillage.sharing.inventories.columns import CATEGORIES, GUIDE, Columns, find_heading

LARGEST_FILE = 5 * 2**20
MOST_LINES = 500
MOST_ROWS = 5000
LONGEST_CELL = 5000
SEPARATORS = ";\t|,"
_OTHER_FORMATS = {
    b"\xd0\xcf\x11\xe0": "Ce fichier est un ancien classeur Excel (.xls), ou il est protégé par un mot de passe. "
    "Enregistrez-le au format .xlsx sans mot de passe, puis recommencez.",
    b"%PDF": "Ce fichier est un PDF\u00a0: il se lit, mais il n’a pas de cases. Choisissez le tableau d’origine.",
    b"{\\rtf": "Ce fichier est un texte mis en page. Copiez la liste dans un tableur, puis recommencez.",
    b"<": "Ce fichier est une page web. Ouvrez-le dans votre tableur et enregistrez-le au format .xlsx.",
}


@dataclass(frozen=True)
class Table:
    """columns  where each fact stands
    rows     [(line number, cells)…] below the headings, empty lines left out
    notes    what to say about the file as a whole
    """

    columns: Columns
    rows: list
    notes: list


def read_table(content):
    """The Table in a file (bytes); raises InventoryRefused, whose text says how to mend the file."""
    if len(content) > LARGEST_FILE:
        raise InventoryRefused("Ce fichier dépasse 5\u00a0Mo. Gardez la feuille de l’inventaire, sans images.")
    notes = []
    numbered = _sheet(content, notes) if content.startswith(b"PK\x03\x04") else _best_cut(_lines(content))
    filled = [(number, cells) for number, cells in numbered if any(cells)]
    if not filled:
        raise InventoryRefused("Ce fichier est vide. Écrivez une chose par ligne, puis recommencez.")
    columns, rows, said = _below_headings(filled)
    if not rows:
        raise InventoryRefused(
            "Sous les titres des colonnes, ce fichier n’a aucune ligne. Écrivez une chose par ligne."
        )
    if len(rows) > MOST_LINES:
        raise InventoryRefused(
            f"Ce fichier a {len(rows)} lignes remplies, et nous en lisons {MOST_LINES} au plus. "
            "Coupez-le en plusieurs fichiers."
        )
    return Table(columns, rows, notes + said)


def _sheet(content, notes):
    try:
        name, rows, others = read_first_sheet(content, MOST_ROWS)
    except SpreadsheetRefused as refusal:
        raise InventoryRefused(str(refusal)) from refusal
    others = [other for other in others if other not in (GUIDE, CATEGORIES)]
    if others:
        listed = join_fr([f"«\u00a0{other[:40]}\u00a0»" for other in others[:5]])
        notes.append(f"Nous avons lu la feuille «\u00a0{name[:40]}\u00a0». Nous n’avons pas lu {listed}.")
    return [(number, [_clean(cell) for cell in cells]) for number, cells in enumerate(rows, 1)]


def _lines(content):
    for signature, refusal in _OTHER_FORMATS.items():
        if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(signature):
            raise InventoryRefused(refusal)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # « Texte Unicode » of Excel
        content = content.decode("utf-16", errors="replace").encode()
    if b"\0" in content[:4096]:
        raise InventoryRefused("Ce fichier n’est pas un tableau. Choisissez un fichier .xlsx, .ods ou .csv.")
    lines = [decode(raw.rstrip(b"\r")) for raw in content.removeprefix(b"\xef\xbb\xbf").split(b"\n")]
    if len(lines) == 1:  # an old Macintosh ends its lines with the other sign, which decode takes away
        lines = [decode(raw) for raw in content.removeprefix(b"\xef\xbb\xbf").split(b"\r")]
    while lines and not lines[-1].strip():
        lines.pop()
    if len(lines) > MOST_ROWS:
        raise InventoryRefused(
            f"Ce fichier a {len(lines)} lignes, et nous en lisons {MOST_ROWS} au plus. Coupez-le en plusieurs fichiers."
        )
    return lines


def _best_cut(lines):
    """The rows as cut by the separator that makes headings appear, else by the one that most lines have."""
    cuts = {sign: _cut(lines, sign) for sign in SEPARATORS if any(sign in line for line in lines)}
    if not cuts:
        return _cut(lines, ";")
    known = {sign: len(heading.places) for sign, rows in cuts.items() if (heading := find_heading(rows))}
    if known:
        return cuts[max(known, key=known.__getitem__)]
    most = [sum(sign in line for line in lines) for sign in cuts]
    return cuts[list(cuts)[most.index(max(most))]]


def _cut(lines, separator):
    rows, reader = [], csv.reader([f"{line}\n" for line in lines], delimiter=separator)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return rows
        except csv.Error as error:
            raise InventoryRefused(_unclosed(number)) from error
        if reader.line_num - number > 20:
            raise InventoryRefused(_unclosed(number))
        rows.append((number, [_clean(cell) for cell in cells]))


def _unclosed(number):
    return f"Ligne {number}\u00a0: un guillemet ouvert n’est jamais refermé. Effacez-le ou fermez-le, puis recommencez."


def _clean(cell):
    return "\n".join(filter(None, (" ".join(line.split()) for line in cell[:LONGEST_CELL].splitlines())))


def _below_headings(filled):
    heading = find_heading(filled)
    if heading is None:
        note = (
            "Ce fichier n’a pas de titres de colonnes que nous connaissons\u00a0: nous avons lu la première colonne "
            "comme le nom de la chose, et les autres comme des précisions. Notre modèle donne les titres."
        )
        return Columns.of_a_plain_list(filled), filled, [note]
    rows = [(number, cells) for number, cells in filled if number > heading.line_number]
    notes = []
    if heading.unknown:
        listed = join_fr([f"«\u00a0{name[:40]}\u00a0»" for name in heading.unknown[:12]])
        notes.append(f"Colonnes que nous ne connaissons pas, laissées de côté\u00a0: {listed}.")
    return heading, rows, notes
