"""Tables that people download: CSV as a French spreadsheet opens it, and workbooks."""

import csv
from io import BytesIO, StringIO

import xlsxwriter
from django.http import HttpResponse

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_file(name, rows):
    """UTF-8 with its mark, semicolons: a double click opens it with its accents in their places."""
    table = StringIO()
    csv.writer(table, delimiter=";", lineterminator="\r\n").writerows(rows)
    return _file(name, table.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8")


def harmless(cell):
    """``cell`` as a text that no spreadsheet takes for a formula: what people typed may begin with « = »."""
    text = str(cell)
    return f"'{text}" if text.startswith(FORMULAS) else text


def workbook_file(name, fill):
    """``fill`` writes in a workbook of xlsxwriter, where a text stays a text: never a formula nor a link."""
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as workbook:
        fill(workbook)
    return _file(name, content.getvalue(), WORKBOOK)


def _file(name, content, kind):
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
