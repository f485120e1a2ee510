"""A loan on a telephone, with scripts and without: the question, the answers, both signatures, the copy."""

import pytest
from playwright.sync_api import expect

from maillage.agreements.models import Agreement, SignedCopy
from tests.browser import checks
from tests.browser.journeys import SCRIPTS
from tests.factories.agreements import loan, signer
from tests.factories.conversations import ConversationFactory
from tests.factories.sharing import ListingFactory
from tests.letters import deliver

CHOICES = ("consumed", "state", "defects", "transport", "accident")
pytestmark = pytest.mark.django_db(transaction=True)


def fill(page, answers):
    for name, answer in answers.items():
        if name in CHOICES:
            page.locator(f"label.chip:has([name={name}][value={answer}])").click()
        else:
            page.locator(f"[name={name}]").fill(answer)


def sign(page, agreement):
    page.goto(agreement.get_absolute_url())
    page.get_by_role("link", name="Lire et signer").click()
    page.get_by_label("Vous signez en qualité de").fill("présidente")
    page.get_by_label("j’ai le droit de signer").check()
    well_made(page)
    page.get_by_role("button", name="Signer l’accord").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Regardez vos e‑mails")
    well_made(page)
    code = next(one for one in deliver() if "code" in one.subject).subject[-7:]
    page.get_by_label("Le code du message").fill(code)
    page.get_by_role("button", name="Confirmer ma signature").click()


def well_made(page):
    """Without scripts axe has nothing to run in: the other test looks."""
    if page.evaluate("() => 'htmx' in window"):
        found = checks.breaches_of_axe(page) + checks.small_targets(page) + checks.overflows(page)
        assert found + checks.defects_of_text(page) == []


@SCRIPTS
def test_a_loan_from_the_listing_to_the_copy(open_page, scripts):
    lender, borrower = signer(name="Foyer rural de Saint-Félix"), signer(name="Harmonie de Revel")
    listing = ListingFactory(structure=lender.structure, title="Fourgon du foyer")
    ConversationFactory(structures=[lender.structure, borrower.structure])
    page = open_page(borrower.user, width=390, java_script_enabled=scripts)
    page.goto(listing.get_absolute_url())
    page.get_by_role("link", name="Préparer un accord écrit").click()
    page.get_by_role("link", name="Du matériel ou un véhicule").click()
    page.get_by_role("link", name="Non, c’est gratuit").click()
    page.get_by_role("button", name="Répondre aux questions").click()
    expect(page.locator("[name=things]")).to_have_value("Fourgon du foyer")
    fill(page, loan(insured_until="1/1/2020"))
    page.get_by_role("button", name="Voir l’accord").click()
    expect(page.get_by_role("alert")).to_contain_text("L’attestation d’assurance finit avant")
    well_made(page)
    fill(page, {"insured_until": loan()["insured_until"]})
    page.get_by_role("button", name="Voir l’accord").click()
    expect(page.locator(".agreement-document")).to_contain_text("La fête de l’école")
    page.get_by_role("button", name="Proposer cet accord").click()
    expect(page.get_by_role("status")).to_contain_text("Nous avons écrit à Foyer rural de Saint-Félix")
    well_made(page)
    deliver()
    agreement = Agreement.objects.get()
    sign(page, agreement)
    expect(page.get_by_role("status")).to_contain_text("Vous avez signé")
    other = open_page(lender.user, width=390, java_script_enabled=scripts)
    sign(other, agreement)
    expect(other.get_by_role("status")).to_contain_text("Les deux associations ont signé")
    well_made(other)
    with other.expect_download() as download:
        other.get_by_role("link", name="Télécharger le PDF").click()
    copy = SignedCopy.objects.get()
    saved = download.value.path()
    assert saved.read_bytes() == bytes(copy.pdf)
    visitor = open_page(width=390, java_script_enabled=scripts)
    visitor.goto("/accords/verifier/")
    visitor.get_by_label("Le document, en PDF").set_input_files(saved)
    visitor.get_by_role("button", name="Vérifier").click()
    expect(visitor.get_by_text("Oui, c’est bien ce qui a été signé")).to_be_visible()
    well_made(visitor)
