"""Reading inventories: whatever people type, whatever they send."""

import re
import zipfile
from datetime import datetime
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.directory.models import Structure
from maillage.kernel.spreadsheets import SpreadsheetRefused, read_first_sheet
from maillage.sharing import taxonomy
from maillage.sharing.inventories import InventoryRefused
from maillage.sharing.inventories.columns import NAMES, TEMPLATE, find_heading
from maillage.sharing.inventories.files import MOST_LINES, MOST_ROWS, read_table
from maillage.sharing.inventories.rows import RowReader, read_rows
from tests.factories.directory import StructureFactory

NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)


def workbook(*rows, other_sheet=""):
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet, date = book.add_worksheet("Matériel"), book.add_format({"num_format": "dd/mm/yyyy"})
        for place, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(place, column, value, date)
                elif isinstance(value, tuple):
                    sheet.write_formula(place, column, value[0], value=value[1])
                elif value is not None:
                    sheet.write(place, column, value)
        if other_sheet:
            book.add_worksheet(other_sheet).write(0, 0, "rien")
    return content.getvalue()


def open_document(table):
    cells = f'<table:table table:name="Matériel">{table}</table:table>'
    body = f"<office:body><office:spreadsheet>{cells}</office:spreadsheet></office:body>"
    return archive(
        **{
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
            "content.xml": f"<office:document-content {NAMESPACES}>{body}</office:document-content>",
        }
    )


def archive(**parts):
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return content.getvalue()


def with_part(content, name, change):
    """A workbook whose part ``name`` is ``change`` of what it was, or of nothing."""
    with zipfile.ZipFile(BytesIO(content)) as old:
        parts = {one: old.read(one) for one in old.namelist()}
    return archive(**parts | {name: change(parts.get(name, b""))})


def cell(text, **attributes):
    said = " ".join(f'{name.replace("_", ":", 1).replace("_", "-")}="{value}"' for name, value in attributes.items())
    return f'<table:table-cell office:value-type="string" {said}><text:p>{text}</text:p></table:table-cell>'


def row(*cells, times=1):
    return f'<table:table-row table:number-rows-repeated="{times}">{"".join(cells)}</table:table-row>'


def read(table, encoding="utf-8"):
    content = table.encode(encoding) if isinstance(table, str) else table
    return read_table(content)


def only_row(structure, headings, values):
    (one,) = read_rows(read(f"{headings}\n{values}\n"), structure)
    return one


@pytest.fixture
def structure(db):
    return StructureFactory()


# files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_csv_is_read_whatever_its_encoding_and_separator(encoding, separator):
    lines = [["Désignation", "Qté", "Prix"], ["Chaises « écolier »", "40", '"12,50 €"'], ["Écran", "1", ""]]
    table = read("\r\n".join(separator.join(line) for line in lines), encoding)
    assert table.columns.places == {"title": (0,), "quantity": (1,), "price": (2,)}
    assert table.rows == [(2, ["Chaises « écolier »", "40", "12,50 €"]), (3, ["Écran", "1", ""])]


def test_headings_stand_below_a_title_in_any_order_and_what_is_unknown_is_said():
    table = read(
        "Matériel du foyer;;;\n;;;\nResponsable;QTE (pièces);Désignation du bien;Code postal\nOdile;3;Tables;\n"
    )
    assert table.columns.places == {"quantity": (1,), "title": (2,), "postal_code": (3,)}
    assert table.rows == [(4, ["Odile", "3", "Tables", ""])]
    assert table.notes == ["Colonnes que nous ne connaissons pas, laissées de côté\u00a0: «\u00a0Responsable\u00a0»."]


def test_empty_lines_are_left_out_and_numbers_are_those_of_the_file():
    assert [number for number, _ in read('Quoi;Description\n\n"Sono";"deux\nlignes"\n;\nTente;\n').rows] == [3, 6]


def test_a_list_without_headings_is_read_by_its_place(structure):
    rows = read_rows(read("40 chaises; armoire du foyer; caution 50 €\nBarnum 3x6\n"), structure)
    assert [(one.title, one.quantity, one.facts.get("text", "")) for one in rows] == [
        ("Chaises", 40, "Armoire du foyer.\nCaution\u00a0: 50\u00a0€."),
        ("Barnum 3x6", 1, ""),
    ]
    counted = read_rows(read("40;chaises\n2;tentes\n"), structure)
    assert [(one.title, one.quantity) for one in counted] == [("Chaises", 40), ("Tentes", 2)]


def test_workbook_gives_values_never_formulas():
    bought = datetime(2026, 11, 28)  # noqa: DTZ001 - a workbook knows no zone
    content = workbook(
        ["Inventaire"], [], ["Quoi", "Combien", "Remarques"], ["Sono", ("=20+20", 40), bought], ["Écran", 2.5, True]
    )
    assert read(content).rows == [(4, ["Sono", "40", "28/11/2026"]), (5, ["Écran", "2,5", "oui"])]


def test_other_sheets_are_said():
    (note,) = read(workbook(["Quoi"], ["Sono"], other_sheet="Prêts")).notes
    assert note == "Nous avons lu la feuille «\u00a0Matériel\u00a0». Nous n’avons pas lu «\u00a0Prêts\u00a0»."


def test_open_document_is_read_with_its_repeated_cells():
    table = row(cell("Quoi"), cell("Combien"), '<table:table-cell table:number-columns-repeated="16000"/>')
    table += row(cell("Tente"), cell("3"), times=2) + row("<table:table-cell/>", times=1_000_000)
    assert read(open_document(table)).rows == [(2, ["Tente", "3"]), (3, ["Tente", "3"])]


SHEET = "xl/worksheets/sheet1.xml"
HOSTILE = {
    "a cell at the end of the world": (
        "va jusqu’à la ligne 1048576",
        lambda: with_part(workbook(["Quoi"], ["Sono"]), SHEET, lambda xml: xml.replace(b'r="A2"', b'r="XFD1048576"')),
    ),
    "a far cell whose name is disguised": (
        "va jusqu’à la ligne 9999999",
        lambda: with_part(
            workbook(["Quoi"], ["Sono"]),
            "xl/worksheets/sheet1.xml",
            lambda xml: xml.replace(b'r="A2"', b"r = '&#65;9999999'"),
        ),
    ),
    "a row repeated a million times": (
        "va jusqu’à la ligne 1000000",
        lambda: open_document(row(cell("Quoi"), times=1_000_000)),
    ),
    "a cell repeated a million times": (
        "plus de 100 colonnes",
        lambda: open_document(row(cell("Quoi", table_number_columns_repeated=1_000_000))),
    ),
    "entities": (
        "abîmé",
        lambda: with_part(
            workbook(["Quoi"]),
            "xl/workbook.xml",
            lambda xml: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xml.split(b"?>", 1)[1],
        ),
    ),
    "fifty megabytes of zeros": (
        "trop gros une fois ouvert",
        lambda: with_part(workbook(["Quoi"]), "xl/x.xml", lambda _: b"\0" * (50 * 2**20)),
    ),
    "macros": (
        "contient des macros",
        lambda: with_part(workbook(["Quoi"], ["Sono"]), "xl/vbaProject.bin", lambda _: b"macro"),
    ),
    "two thousand parts": ("trop de feuilles", lambda: archive(**{f"{number}.xml": "<a/>" for number in range(2000)})),
    "an archive cut in two": ("abîmé", lambda: workbook(["Quoi"], ["Sono"])[:900]),
    "an archive of something else": ("abîmé", lambda: archive(photo="jpeg")),
    "an unknown encoding": ("abîmé", lambda: archive(**{"content.xml": "<?xml version='1.0' encoding='UTF-38'?><a/>"})),
    "an empty workbook": ("est vide", lambda: workbook()),
    "an old workbook": ("au format .xlsx", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600),
    "a PDF": ("est un PDF", lambda: b"%PDF-1.7\n1 0 obj"),
    "a web page": ("est une page web", lambda: b"<!DOCTYPE html><table><tr><td>Quoi"),
    "an image": ("n’est pas un tableau", lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
    "nothing": ("est vide", lambda: b"\n ; ; \n"),
    "a quote that nobody closes": (
        "Ligne 2\u00a0: un guillemet",
        lambda: b'Quoi;Description\nSono;"ouverte\n' + b"Tente;\n" * 60,
    ),
    "a cell of a megabyte": ("un guillemet", lambda: b'Quoi\n"' + b"a" * 2**20),
    "too many bytes": ("5\u00a0Mo", lambda: b"Quoi\n" + b"a" * (6 * 2**20)),
    "too many lines": ("501 lignes", lambda: b"Quoi\n" + b"Tente\n" * (MOST_LINES + 1)),
    "too many empty lines": ("lignes", lambda: b"Quoi\n" + b"\n" * MOST_ROWS + b"Tente\n"),
    "headings alone": ("aucune ligne", lambda: b"Quoi;Combien\n"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_inventory_is_refused_and_told_why(name):
    said, make = HOSTILE[name]
    with pytest.raises(InventoryRefused, match=re.escape(said)):
        read(make())


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading(content):
    try:
        table = read_table(content)
    except InventoryRefused:
        return
    assert 0 < len(table.rows) <= MOST_LINES


@settings(max_examples=60)
@given(st.integers(0, 3000), st.binary(min_size=1, max_size=6))
def test_no_damage_to_a_workbook_breaks_the_reading(place, damage):
    content = workbook(["Quoi", "Combien"], ["Sono", 1])
    broken = content[: place % len(content)] + damage + content[place % len(content) + len(damage) :]
    try:
        read_first_sheet(broken, MOST_ROWS)
    except SpreadsheetRefused:
        return


# columns


def test_no_heading_means_two_things():
    names = [name for known in NAMES.values() for name in known]
    assert len(names) == len(set(names))


def test_each_heading_of_the_template_is_known():
    headings = find_heading([(1, [heading for heading, _, _ in TEMPLATE])])
    assert (len(headings.places), headings.unknown) == (len(TEMPLATE), [])


# lines


@pytest.mark.parametrize(
    ("typed", "quantity"),
    [("40", 40), ("40,0", 40), ("12.0", 12), ("1 250", 1250), ("environ 30 pièces", 30), ("x4", 4), ("", 1)],
)
def test_quantity_is_read(structure, typed, quantity):
    one = only_row(structure, "Quoi;Combien", f"Tente;{typed}")
    assert (one.problem, one.quantity) == ("", quantity)


@pytest.mark.parametrize("typed", ["0", "-3", "beaucoup", "2 ou 3", "1,5", "1000000"])
def test_quantity_that_is_none_is_a_problem_that_says_why(structure, typed):
    assert only_row(structure, "Quoi;Combien", f"Tente;{typed}").problem


@pytest.mark.parametrize(
    ("mode", "price", "expected"),
    [
        ("", "1 250,50 €", ("price", 125_050, "total")),
        ("location", "5 € / jour", ("price", 500, "day")),
        ("Location", "5 € la journée", ("price", 500, "day")),
        ("", "2 € l’heure", ("price", 200, "hour")),
        ("", "0,30€/km", ("price", 30, "km")),
        ("prêt", "", ("free", None, "total")),
        ("à prêter", "10", ("cost_share", 1000, "total")),
        ("don", "", ("free", None, "total")),
        ("don", "10", ("free", None, "total")),
        ("location", "", ("cost_share", None, "total")),
        ("", "gratuit", ("free", None, "total")),
        ("", "0", ("free", None, "total")),
        ("", "", (None, None, None)),
        ("", "à voir", (None, None, None)),
    ],
)
def test_conditions_are_read(structure, mode, price, expected):
    facts = only_row(structure, "Quoi;Prêt, location ou don;Prix", f"Tente;{mode};{price}").facts
    assert tuple(facts.get(name) for name in ("conditions", "price_cents", "price_unit")) == expected


def test_what_has_no_field_becomes_sentences_of_the_description(structure):
    headings = "Quoi;Description;Rangement;Prêt, location ou don;Caution;Valeur"
    one = only_row(structure, headings, "Tente;Toile neuve.;Grenier;don;50;1 200 euros")
    said = one.facts["text"].replace("\u00a0", " ").replace("\u202f", " ")
    assert said == "Toile neuve.\nRangement : Grenier.\nÀ donner.\nCaution : 50 €.\nValeur : 1 200 €."


@pytest.mark.parametrize(
    ("title", "category", "expected"),
    [
        ("Barnum", "", "technical.equipment.events.tent"),
        ("Barnun", "", "technical.equipment.events.tent"),
        ("Lot 12", "Barnum ou chapiteau", "technical.equipment.events.tent"),
        ("Barnum", "rayon B", "technical.equipment.events.tent"),
        ("Zigouigoui", "", ""),
    ],
)
def test_category_is_told_or_guessed(structure, title, category, expected):
    one = only_row(structure, "Quoi;Catégorie", f"{title};{category}")
    assert one.category == expected
    assert all(taxonomy.exists(code) for code in one.suggestions)


def test_commune_is_recognised_or_a_problem(structure):
    assert only_row(structure, "Quoi;Commune", "Tente;Revel").facts["commune_id"] == "31451"
    assert "n’est pas reconnue" in only_row(structure, "Quoi;Commune", "Tente;Nulle-Part").problem
    structure.commune = None
    assert "la commune manque" in only_row(structure, "Quoi", "Tente").problem


@pytest.mark.parametrize("title", ["", "=cmd|' /C calc'!A0", "@SUM(A1)"])
def test_name_that_is_none_is_a_problem(structure, title):
    assert only_row(structure, "Quoi;Combien", f"{title};3").problem


def test_long_name_is_cut_and_kept_whole_in_the_description(structure):
    title = "Tente " + "très " * 40 + "grande"
    one = only_row(structure, "Quoi;Combien", f"{title};1")
    assert (len(one.title) <= 120, one.facts["text"]) == (True, title)


def test_lines_that_say_the_same_are_one_and_others_stay_two(structure):
    table = "Quoi;Combien;Prix;Référence\nTente;2;;\ntente;3;;\nTente;1;5 €;\nSono;1;;A\nÉcran;1;;a\n"
    rows = read_rows(read(table), structure)
    assert [(one.quantity, bool(one.problem)) for one in rows] == [
        (5, False),
        (3, True),
        (1, False),
        (1, False),
        (1, True),
    ]
    assert "est déjà celle de la ligne 5" in rows[4].problem


PLAIN = [(heading, example) for heading, _, example in TEMPLATE if heading != "Commune"]  # which asks the database
TYPED = st.text(max_size=60) | st.sampled_from([example for _, example in PLAIN])


@settings(max_examples=150, deadline=None)
@given(st.tuples(*[TYPED] * len(PLAIN)))
def test_whatever_is_typed_a_line_is_facts_or_a_problem(cells):
    columns = find_heading([(1, [heading for heading, _ in PLAIN])])
    one = RowReader(columns, Structure(commune_id="31451")).read(2, list(cells))
    assert one.problem or (0 < len(one.title) <= 120 and 1 <= one.quantity <= 100_000)
    assert len(one.facts.get("text", "")) <= 4000
