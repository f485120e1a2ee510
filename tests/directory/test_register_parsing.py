"""Cells, titles and records: what the ministry's files hold, and what any bytes may do."""

import contextlib
import csv
import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.directory.register import RegisterRefused, layouts, values
from maillage.directory.register.display_name import display_name
from maillage.directory.register.encoding import decode
from maillage.directory.register.files import open_register
from maillage.directory.register.records import LONGEST_LINE, RecordReader
from maillage.directory.register.rows import RnaRows
from tests.directory.registers import IMPORT, WALDEC, WALDEC_WITH_CONTACTS, register, row, trapped_waldec


class NoCommune:
    def resolve(self, code, postal, label):
        return None


def read(data):
    """[(line number, cells)] of the bytes of a file."""
    return list(RecordReader(open_register(io.BytesIO(data)).stream))


def read_register(data):
    reader = RecordReader(open_register(io.BytesIO(data)).stream)
    layouts.detect(reader.header)
    return list(reader)


def refusal(data):
    with pytest.raises(RegisterRefused) as refused:
        read_register(data)
    return str(refused.value)


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("COMITE DES FETES DE ST-LYS", "Comité des Fêtes de St-Lys"),
        (
            "ASSOCIATION DES PARENTS D'ELEVES DE L'ECOLE DU LAC (APE)",
            "Association des Parents d’Élèves de l’École du Lac (APE)",
        ),
        ("A.S.P.T.T. TOULOUSE", "A.S.P.T.T. Toulouse"),
        ("RUGBY XIII DE VILLEFRANCHE-DE-LAURAGAIS", "Rugby XIII de Villefranche-de-Lauragais"),
        ("MJC PONT DES DEMOISELLES", "MJC Pont des Demoiselles"),
        ("L'ESCABEL", "L’Escabel"),
        ("FOYER RURAL D’ AUZEVILLE", "Foyer Rural d’Auzeville"),
        ("Les Amis du  livre", "Les Amis du livre"),
        ("-", "-"),
    ],
)
def test_display_name_is_readable(title, shown):
    assert display_name(title) == shown


def test_display_name_keeps_the_declared_acronym():
    assert display_name("OUTIL AAQ POUR TOUS", "AAQ") == "Outil AAQ pour Tous"


@given(st.text(min_size=1, max_size=600))
def test_display_name_of_anything_is_short_enough(title):
    assert len(display_name(title)) <= 255


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2012-03-14", date(2012, 3, 14)),
        ("14/03/2012", date(2012, 3, 14)),
        ("0001-01-01", None),
        ("1901-07-01", None),
        ("2012-02-31", None),
        ("bientôt", None),
        ("", None),
    ],
)
def test_day_of_a_filler_is_nothing(cell, day):
    assert values.day(cell) == day


def test_moment_of_a_filler_is_nothing():
    assert values.moment("0001-01-01  01:50:39") is None
    assert values.moment("2019-05-03 12:00:11").isoformat() == "2019-05-03T12:00:11+02:00"


@pytest.mark.parametrize(
    ("cell", "result"),
    [
        ("", (None, None)),
        ("0", (None, None)),
        ("78467169500103", ("78467169500103", None)),
        ("784 671 695 00103", ("78467169500103", None)),
        ("35600000009075", ("35600000009075", None)),
        ("78467169500104", (None, "siret_invalid")),
        ("ABC", (None, "siret_invalid")),
    ],
)
def test_siret_is_checked(cell, result):
    assert values.siret(cell) == result


@pytest.mark.parametrize(
    ("cell", "result"),
    [
        ("", ("", None)),
        ("_", ("", None)),
        ("www.exemple.fr", ("https://www.exemple.fr", None)),
        ("HTTP://Exemple.FR/Page?a=1", ("http://exemple.fr/Page?a=1", None)),
        ("exemple.fr/", ("https://exemple.fr", None)),
        ("https://www.mairie.fr/#/asso/12", ("https://www.mairie.fr#/asso/12", None)),
        ("javascript:alert(1)", ("", "website_refused")),
        ("ftp://exemple.fr", ("", "website_refused")),
        ("http://moi:secret@exemple.fr", ("", "website_refused")),
        ("mon site", ("", "website_refused")),
        ("http://[", ("", "website_refused")),
    ],
)
def test_website_is_http_only(cell, result):
    assert values.website(cell) == result


def test_purpose_codes_get_their_zeros_back():
    assert values.purpose_codes("40000", "0") == ["040000"]
    assert values.purpose_codes("006035", "006035") == ["006035"]
    assert values.purpose_codes("000000", "autre") == []


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-8-sig"])
def test_text_of_each_encoding_is_the_same(encoding):
    ((line, cells),) = read(register([row(id="W313000001", titre="L’œil d’Oc… à l’été")], encoding=encoding))
    assert (line, cells[WALDEC.index("titre")]) == (2, "L’œil d’Oc… à l’été")


def test_control_characters_become_the_signs_that_windows_meant():
    assert decode("L\x92\x9cil\x85\x8d".encode()) == "L’œil…"
    assert decode(b"L\x92\x9cil\x85 \x8d\x81\x90") == "L’œil… "


def test_header_forgives_case_spaces_and_mark():
    header = [f" {name.upper()} " for name in WALDEC_WITH_CONTACTS]
    layout = layouts.detect(header)
    assert (layout.name, layout.columns["position"]) == ("waldec", WALDEC_WITH_CONTACTS.index("position"))


@pytest.mark.parametrize(
    ("columns", "name"), [(WALDEC, "waldec"), (WALDEC_WITH_CONTACTS, "waldec"), (IMPORT, "import")]
)
def test_layout_is_recognised_and_reads_nothing_personal(columns, name):
    layout = layouts.detect(columns)
    personal = {"telephone", "email", "dir_civilite", "adr1", "adr2", "adr3"}
    personal |= {column for column in columns if column.startswith(("adrg_", "adrs_"))}
    personal -= {"adrs_codeinsee", "adrs_codepostal", "adrs_libcommune"}
    read_columns = {columns[position] for position in layout.columns.values()}
    assert (layout.name, read_columns & personal) == (name, set())


def test_line_breaks_delimiters_and_quotes_stay_inside_a_purpose():
    purpose = 'Première ligne ;\nune "seconde" ; fin.'
    data = register([row(id="W313000001", titre="UN", objet=purpose), row(id="W313000002", titre="DEUX")], end="\n")
    (_, first), (line, second) = read(data)
    assert (first[WALDEC.index("objet")], line, second[0]) == (purpose, 4, "W313000002")


def test_lone_quote_of_an_unquoted_file_swallows_nothing():
    rows = [row(id=f"W31300000{number}", titre="UN", rup_mi="QUOTE") for number in range(1, 4)]
    data = register(rows, quoting=csv.QUOTE_MINIMAL).replace(b"QUOTE", b'"')
    records = read(data)
    assert [cells[0] for _, cells in records] == ["W313000001", "W313000002", "W313000003"]
    assert [values.text(cells[WALDEC.index("rup_mi")]) for _, cells in records] == ["", "", ""]


def test_open_quote_in_the_middle_gives_up_one_line_only():
    rows = [row(id=f"W313{number:06d}", titre="UN") for number in range(1, 500)]
    data = register(rows, quoting=csv.QUOTE_MINIMAL, end="\n").replace(b"W313000010;", b'"W313000010;', 1)
    records = read(data)
    assert [line for line, cells in records if cells is None] == [11]
    assert len(records) == 499


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_delimiter_is_recognised(delimiter):
    data = register([row(id="W313000001", titre="UN")]).replace(b'";"', f'"{delimiter}"'.encode())
    assert len(read(data)[0][1]) == len(WALDEC)


def test_refusals_say_what_and_where():
    whole = register(trapped_waldec())
    assert refusal(b"") == "Le fichier est vide."
    assert refusal(b"\xef\xbb\xbf\r\n\r\n") == "Le fichier est vide."
    assert refusal(whole[:-20]).startswith("Ligne 29\u00a0: ")
    assert refusal(register(trapped_waldec(), quoting=csv.QUOTE_MINIMAL)[:-4]).startswith("Ligne 29\u00a0: ")
    assert "UTF-16" in refusal(whole.decode("cp1252").encode("utf-16"))
    assert "UTF-16" in refusal(whole.decode("cp1252").encode("utf-16-le"))
    assert "titre, position" in refusal(register([], [name for name in WALDEC if name not in ("position", "titre")]))
    assert refusal(b"nom;ville\nUn;Revel\n").startswith("Ligne 1\u00a0: ce fichier n’est pas un registre RNA.")
    assert "une image" in refusal(b"\x89PNG\r\n\x1a\n" + bytes(2000))
    assert "page web" in refusal(b"<!DOCTYPE html><html></html>")
    assert "PDF" in refusal(b"%PDF-1.7")
    assert "gzip" in refusal(b"\x1f\x8b\x08\x00")


def test_endless_line_is_refused_without_being_loaded():
    data = register([row(id="W313000001", titre="UN")]) + b"x" * (10 * 2**20)
    reader = RecordReader(open_register(io.BytesIO(data)).stream)
    with pytest.raises(RegisterRefused, match=r"Ligne 3\u00a0: cette ligne dépasse"):
        list(reader)
    assert reader.bytes_read < LONGEST_LINE


def zipped(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_csv", ".csv"), data)
    return file.getvalue()


def test_zip_of_one_csv_is_read():
    whole = register(trapped_waldec())
    assert read(zipped(rna_csv=whole, lisez_moi=b"bonjour")) == read(whole)


def test_other_zips_are_refused():
    whole = register(trapped_waldec())
    assert "un seul" in refusal(zipped(a_csv=whole, b_csv=whole))
    assert "un seul" in refusal(zipped(lisez_moi=b"bonjour"))
    assert "Excel" in refusal(zipped(**{"[Content_Types].xml": b"", "xl/workbook.xml": b""}))
    assert "abîmée" in refusal(zipped(rna_csv=whole)[:200])
    damaged = bytearray(zipped(rna_csv=whole * 40))
    damaged[300:900] = bytes(600)
    assert "abîmée" in refusal(bytes(damaged))


@given(st.binary(max_size=3000))
def test_any_bytes_are_read_or_refused(data):
    with contextlib.suppress(RegisterRefused):
        read_register(data)


@given(st.lists(st.binary(max_size=200), max_size=8), st.booleans())
def test_any_lines_under_a_good_header_are_read_or_refused(lines, old):
    columns = IMPORT if old else WALDEC
    data = register([], columns) + b"\n".join(lines)
    rows = RnaRows(layouts.detect(columns), NoCommune())
    with contextlib.suppress(RegisterRefused):
        for line_number, cells in read_register(data):
            facts, noted = rows.read(line_number, cells)
            assert facts or noted


@given(st.dictionaries(st.sampled_from(WALDEC), st.text(max_size=60)))
def test_any_cells_give_facts_that_the_tables_can_hold(cells):
    layout = layouts.detect(WALDEC)
    facts, _ = RnaRows(layout, NoCommune()).read(
        2, [(row(id="W313000001", titre="UN") | cells).get(c, "") for c in WALDEC]
    )
    if facts:
        assert facts.name
        assert len(facts.name) <= 255
        assert len(facts.official_title) <= 500
        assert len(facts.official_acronym) <= 80
        assert len(facts.official_website) <= 300
        assert all(len(code) == 6 for code in facts.purpose_codes)
