"""The PDF of an agreement: tagged, in French, named, and the same words as its page."""

import json
import re
from io import BytesIO

import pytest
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from pypdf import PdfReader

from maillage.agreements.models import SignedCopy
from maillage.agreements.printing import as_pdf, draft_as_pdf
from maillage.agreements.writing import compose
from maillage.web.agreements.views import said_of
from tests.factories.agreements import TYPED, facts_of, make_agreement, signer

pytestmark = pytest.mark.django_db
HOSTILE = '#read("/etc/passwd") *a* $x$ <b>b</b> {{ c }} "] #panic("d") 🎉 日'


def read(pdf):
    return PdfReader(BytesIO(pdf))


def words(text):
    """Words as one reads them, whatever the spaces and hyphens."""
    return re.findall(r"\w+", text.replace("\u00ad", ""))


def tags_of(reader):
    """How often each tag stands in the structure of the document."""
    found = {}

    def visit(node):
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for one in node:
                visit(one)
        elif isinstance(node, dict):
            if "/S" in node:
                found[node["/S"]] = found.get(node["/S"], 0) + 1
            visit(node.get("/K", []))

    visit(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])
    return found


@pytest.mark.parametrize("nature", list(TYPED))
def test_a_signed_copy_is_tagged_named_and_in_french(nature):
    agreement = make_agreement(nature=nature, state="in_force")
    pdf = bytes(SignedCopy.objects.get().pdf)
    reader = read(pdf)
    root = reader.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        "fr-FR",
        True,
        True,
    )
    assert reader.metadata.title.endswith(f" n°\u00a0{agreement.pk}")
    assert agreement.lender.name in reader.metadata.author
    assert b"pdfuaid" in pdf
    tags = tags_of(reader)
    content = json.loads(agreement.latest.content)
    assert tags["/H2"] == len(content["articles"]) + len(content["annexes"]) + 1
    assert tags.get("/H3", 0) == sum(len(one["articles"]) for one in content["annexes"])
    assert tags["/P"] > 20
    assert ("/Table" in tags) == any(
        block["kind"] == "amounts" for one in content["articles"] for block in one["blocks"]
    )
    if "/Table" in tags:
        assert tags["/TH"] == 2 * tags["/Table"]


@pytest.mark.parametrize("nature", list(TYPED))
def test_the_page_and_the_pdf_say_the_same_words(nature):
    agreement = make_agreement(nature=nature, state="in_force")
    version = agreement.latest
    page = render_to_string(
        "agreements/_document.html", {"agreement": agreement, "version": version, **said_of(version)}
    )
    for tag in ("</dd>", "</td>", "</th>", "</li>", "</p>", "</h2>", "</h3>", "</h4>", "<br>"):
        page = page.replace(tag, f"{tag} ")
    on_page = words(strip_tags(page).replace("&#x27;", "’"))
    pdf = read(as_pdf(version))
    in_pdf = words(" ".join(sheet.extract_text() for sheet in pdf.pages))
    assert set(on_page) - set(in_pdf) == set()
    notes = "Chaque signature porte sur le texte de cette version dont l empreinte SHA 256 est au bas de chaque page "
    notes += "La Vérifier un document de Maillage dit si ce fichier est bien celui qui a été signé"
    allowed = set(words(notes)) | {str(number) for number in range(1, 20)} | {version.digest}
    assert set(in_pdf) - set(on_page) - allowed == set()


def test_what_people_write_is_never_read_as_markup():
    answers = {"things": HOSTILE, "use": HOSTILE, "place": HOSTILE, "policy": HOSTILE}
    agreement = make_agreement(signer(name=f"Amicale {HOSTILE}").structure, **answers)
    text = " ".join(sheet.extract_text() for sheet in read(as_pdf(agreement.latest)).pages)
    assert '#panic("d")' in text.replace("«\u00a0", '"').replace("\u00a0»", '"')


def test_a_draft_says_that_it_engages_nobody():
    agreement = make_agreement(state="draft")
    pdf = read(draft_as_pdf(agreement, compose(agreement, facts_of("free_loan"))))
    text = " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())
    assert "Ce document n’engage personne" in text
    assert text.count("Pas encore signé.") == 2
