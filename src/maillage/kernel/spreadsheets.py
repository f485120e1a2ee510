"""Reading the spreadsheets of strangers (.xlsx, .ods): values only, in bounded memory. Nothing in them is executed.

The archive is measured and packed again without compression, so that it weighs what was counted; its XML is walked by
expat, which knows where the last cell is; only then is it read, by calamine.
"""

import re
import zipfile
from datetime import date, datetime, time, timedelta
from io import BytesIO
from xml.parsers import expat

import python_calamine

from maillage.kernel.archives import DAMAGED, has_macros

LARGEST_UNPACKED = 40 * 2**20
MOST_PARTS = 1000
MOST_COLUMNS = 100
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_REPEATED = {"table:table-row": "table:number-rows-repeated", "table:table-cell": "table:number-columns-repeated"}
_REPEATED["table:covered-table-cell"] = _REPEATED["table:table-cell"]
_VALUES = ("office:value-type", "calcext:value-type", "table:formula")


class SpreadsheetRefused(Exception):
    """Its text, in French, is shown to the person who chose the file."""


def read_first_sheet(content, most_rows):
    """(name of the sheet, rows, names of the others): the first sheet with something in it; a row is a list of texts.

    A date becomes « 28/11/2026 », a whole number « 40 », another « 12,5 »; of a formula, the value that the
    spreadsheet computed last. The place of a row is that of the sheet, empty ones included.
    Raises SpreadsheetRefused.
    """
    try:
        packed = _packed_again(content, most_rows)
        book = python_calamine.CalamineWorkbook.from_filelike(packed)
        shown = [
            sheet.name for sheet in book.sheets_metadata if sheet.visible == python_calamine.SheetVisibleEnum.Visible
        ]
        for name in shown:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            texts = [[_text(value) for value in row] for row in rows]
            if any(any(row) for row in texts):
                return name, texts, [other for other in shown if other != name]
    except (*DAMAGED, python_calamine.CalamineError, ValueError, LookupError, OSError, expat.ExpatError) as error:
        raise SpreadsheetRefused(
            "Ce classeur est abîmé ou protégé par un mot de passe. Ouvrez-le dans votre tableur, enregistrez-le à "
            "nouveau sans mot de passe, puis recommencez."
        ) from error
    raise SpreadsheetRefused("Ce classeur est vide. Remplissez la première feuille, puis recommencez.")


def _packed_again(content, most_rows):
    """The XML of an archive in one without compression; each part is read to what it declares, and no further."""
    packed, left = BytesIO(), LARGEST_UNPACKED
    with zipfile.ZipFile(BytesIO(content)) as archive, zipfile.ZipFile(packed, "w") as again:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS:
            raise SpreadsheetRefused("Ce classeur a trop de feuilles. Gardez celle de l’inventaire, puis recommencez.")
        names = [part.filename for part in parts]
        if has_macros(names):
            raise SpreadsheetRefused(
                "Ce classeur contient des macros. Enregistrez-le au format «\u00a0Classeur Excel (.xlsx)\u00a0», "
                "sans macros, puis recommencez."
            )
        if len(set(names)) < len(names):
            raise zipfile.BadZipFile("two parts have the same name")
        for part in parts:
            if not part.filename.endswith((".xml", ".rels", "mimetype")):
                continue
            with archive.open(part) as stream:
                data = stream.read(left + 1)
            left -= len(data)
            if left < 0:
                raise SpreadsheetRefused(
                    "Ce classeur est trop gros une fois ouvert. Copiez l’inventaire dans un classeur neuf, sans images."
                )
            if not part.filename.endswith("mimetype"):
                _Walk(most_rows).through(data)
            again.writestr(part.filename, data)
    packed.seek(0)
    return packed


class _Walk:
    """Through one part: refuses a definition of entities, and a cell with a value that is too far to be of a table."""

    def __init__(self, most_rows):
        self.most_rows = most_rows
        self.row = self.column = 0  # of an OpenDocument table, where cells are counted
        self.cell = ""  # of an Office Open XML sheet, where they are named
        self.here = (0, 0)

    def through(self, data):
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._refuse_entities
        parser.Parse(data, True)

    def _refuse_entities(self, *_):
        raise ValueError("a spreadsheet has no definition of its own")

    def _start(self, name, attributes):
        local = name.rpartition(":")[2]
        if local == "c":
            self.cell = attributes.get("r", "")
        elif local in ("v", "is", "f") and self.cell:
            if match := _REFERENCE.fullmatch(self.cell):
                self._check(int(match[2]), _column_number(match[1]))
        elif name == "table:table":
            self.row = 0
        elif name in _REPEATED:
            self._count(name, attributes)
        elif name == "text:p" and self.column:
            self._check(*self.here)

    def _count(self, name, attributes):
        times = max(1, int(attributes.get(_REPEATED[name], "1")))
        if name == "table:table-row":
            self.row, self.column = self.row + times, 0
            return
        self.column += times
        self.here = (self.row, self.column)
        if any(value in attributes for value in _VALUES):
            self._check(*self.here)

    def _end(self, name):
        if name == "table:table-row":
            self.column = 0

    def _check(self, row, column):
        if row > self.most_rows:
            raise SpreadsheetRefused(
                f"Ce tableau va jusqu’à la ligne {row}, et nous en lisons {self.most_rows} au plus. "
                "Supprimez les lignes qui ne servent pas, ou coupez-le en plusieurs fichiers."
            )
        if column > MOST_COLUMNS:
            raise SpreadsheetRefused(
                f"Ce tableau a plus de {MOST_COLUMNS} colonnes. Supprimez celles qui ne servent pas."
            )


def _column_number(letters):
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _text(value):
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.10g}".replace(".", ",")
    if isinstance(value, (date, datetime)):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, (time, timedelta)):
        return str(value)
    return str(value).replace("\0", "").strip()
