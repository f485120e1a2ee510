"""Records of a CSV read as a stream: bounded memory whatever the file, line numbers as an editor shows them."""

import csv
import re
from collections import deque

from maillage.directory.register import RegisterRefused
from maillage.directory.register.encoding import decode
from maillage.kernel.archives import DAMAGED

LONGEST_LINE = 2**20  # bytes; real lines stay under ten thousand
LONGEST_RECORD = 200  # lines; a purpose typed with line breaks has twenty at most
DELIMITERS = ";,\t|"
_STAMP = re.compile(r"(\d{4}-\d{2}-\d{2}\s+\d{2}:\d{2}:\d{2}.*)?")


class RecordReader:
    """Iterates over ``(line number, cells)``; ``cells`` is None when the line can't be split into the header's columns.

    A quote that nobody closed is told from a line break inside a quoted text: when the lines that follow don't make
    a whole record, only the first is given up and the others are read again on their own.
    """

    def __init__(self, stream):
        self.bytes_read = 0
        self._stream = stream
        self._line_number = 0
        self._pending = deque()
        self._whole = True  # the last line read ended with a line break
        self.header_line, first = self._first_line()
        self.delimiter = max(DELIMITERS, key=lambda sign: len(_split(first, sign) or ()))
        self.header = [name.strip() for name in _split(first, self.delimiter) or ()]

    def __iter__(self):
        width = len(self.header)
        while line := self._next_line():
            number, text = line
            if not text.strip(f" {self.delimiter}"):
                continue
            cells = self._complete(number, text, width)
            if cells is None or len(cells) < width:
                if self._at_end():
                    raise _truncated(number)
                yield number, None
            else:
                self._check_last_cell(number, cells[width - 1])
                yield number, (cells if not any(cells[width:]) else None)

    def _first_line(self):
        while line := self._next_line():
            if line[1].strip("\ufeff \t\n"):
                return line[0], line[1].lstrip("\ufeff").strip("\n")
        raise RegisterRefused("Le fichier est vide.")

    def _next_line(self):
        """(number, text without its line break), or None at the end."""
        if self._pending:
            return self._pending.popleft()
        try:
            raw = self._stream.readline(LONGEST_LINE + 1)
        except DAMAGED as error:
            raise RegisterRefused(
                f"Ligne {self._line_number + 1}\u00a0: l’archive zip est abîmée ou incomplète. "
                "Téléchargez-la de nouveau."
            ) from error
        if not raw:
            return None
        self._line_number += 1
        if len(raw) > LONGEST_LINE:
            raise RegisterRefused(
                f"Ligne {self._line_number}\u00a0: cette ligne dépasse un million de caractères. "
                "Ce n’est pas une ligne de registre."
            )
        self.bytes_read += len(raw)
        self._whole = raw.endswith(b"\n")
        return self._line_number, decode(raw.rstrip(b"\r\n"))

    def _complete(self, number, text, width):
        """The cells of the record that begins with ``text``, reading on while a quote is open."""
        if text.count('"') % 2 == 0:
            return _split(text, self.delimiter)
        for candidate in (
            text,
            text.replace(f'{self.delimiter}"{self.delimiter}', f'{self.delimiter}""{self.delimiter}'),
        ):
            cells = _split(candidate, self.delimiter)
            if cells is not None and len(cells) == width:
                return cells
        taken = []
        while len(taken) < LONGEST_RECORD and (line := self._next_line()):
            taken.append(line)
            text = f"{text}\n{line[1]}"
            if line[1].count('"') % 2:
                cells = _split(text, self.delimiter)
                if cells is not None and len(cells) == width:
                    return cells
                break
        if not taken or (len(taken) < LONGEST_RECORD and taken[-1][1].count('"') % 2 == 0):
            raise RegisterRefused(
                f"Ligne {number}\u00a0: un guillemet ouvert n’est jamais refermé. "
                "Le fichier est incomplet\u00a0: téléchargez-le de nouveau."
            )
        self._pending.extendleft(reversed(taken))
        return None

    def _at_end(self):
        return not self._whole and not self._pending

    def _check_last_cell(self, number, cell):
        if self._at_end() and self.header[-1].lower() == "maj_time" and not _STAMP.fullmatch(cell):
            raise _truncated(number)


def _truncated(number):
    return RegisterRefused(
        f"Ligne {number}\u00a0: la dernière ligne est coupée. "
        "Le fichier est incomplet\u00a0: téléchargez-le de nouveau."
    )


def _split(text, delimiter):
    try:
        return next(csv.reader([text], delimiter=delimiter, strict=True), [])
    except csv.Error:
        try:
            rows = list(csv.reader([text], delimiter=delimiter)) if text.count('"') % 2 == 0 else []
        except csv.Error:
            return None
        return rows[0] if len(rows) == 1 else None
