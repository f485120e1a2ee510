"""An association telephones: an agent enters its offer, then stops; on a telephone and on a desk."""

import pytest
from playwright.sync_api import expect

from maillage.directory.models import Structure
from maillage.sharing.models import Listing
from tests.browser import checks
from tests.browser.journeys import ON, SCRIPTS
from tests.browser.test_accounts import defects
from tests.factories.directory import NetworkMembershipFactory


@SCRIPTS
@pytest.mark.parametrize("width", [390, 1280])
def test_an_agent_enters_an_offer_for_an_association_that_telephoned(open_page, town, scripts, width):
    page = open_page(town.agent, width=width, java_script_enabled=scripts)
    page.goto("/administration/")
    page.get_by_role("link", name="Saisir pour une association qui a téléphoné").click()
    page.fill("[name=nom]", "radio")
    page.get_by_role("button", name="Chercher", exact=True).click()
    page.get_by_role("link", name="Saisir pour elle").click()
    page.get_by_role("button", name="Commencer à saisir").click()
    expect(page.locator(".error-summary a")).to_have_text("Écrivez le nom de la personne qui vous l’a demandé.")
    page.fill("[name=asked_by]", "Mme Delmas, trésorière")
    page.get_by_role("button", name="Commencer à saisir").click()
    page.wait_for_url("**/proposer/")
    band = page.get_by_role("complementary", name="Vous agissez pour une association")
    expect(band).to_contain_text("Radio du canal")
    if scripts:
        assert defects(page) == []
        assert checks.overflows(page) == []
        page.set_viewport_size({"width": width, "height": 900})
    page.goto("/proposer/annonce/?sens=offre&categorie=technical.vehicles.van")
    page.fill("[name=title]", "Une camionnette de reportage")
    for step in ("ou", "quand", "conditions"):
        page.locator(ON).click()
        page.wait_for_url(f"**/{step}/")
    page.check("[name=conditions][value=free]")
    page.locator(ON).click()
    page.wait_for_url("**/apercu/")
    page.locator(".preview button").click()
    page.wait_for_url("**/annonces/**")
    expect(page.get_by_text("par Camille Roux, à la demande de Mme Delmas, trésorière")).to_be_visible()
    listing = Listing.objects.get(structure=town.radio)
    visitor = open_page(width=width, java_script_enabled=scripts)
    visitor.goto(listing.get_absolute_url())
    expect(visitor.get_by_text("Saisi par l’équipe du territoire, à la demande de l’association")).to_be_visible()
    band.get_by_role("button", name="Arrêter").click()
    page.wait_for_url("**/administration/telephone/")
    expect(page.get_by_text("Ses annonces lui restent")).to_be_visible()
    expect(band).to_have_count(0)
    page.goto(listing.get_absolute_url())
    expect(page.get_by_role("link", name="Modifier", exact=True)).to_have_count(0)


@SCRIPTS
def test_a_member_asks_its_network_which_accepts_and_acts(open_page, town, scripts):
    Structure.objects.filter(pk=town.neighbour.pk).update(leads_network=True)
    NetworkMembershipFactory(head=town.neighbour, member=town.structure)
    page = open_page(town.member, width=390, java_script_enabled=scripts)
    page.goto(f"/structures/{town.structure.pk}/reseau/")
    page.get_by_role("link", name="Lui demander d’agir pour nous").click()
    if scripts:
        assert defects(page) == []
        assert checks.overflows(page) == []
        page.set_viewport_size({"width": 390, "height": 900})
    page.get_by_role("button", name="Envoyer la demande").click()
    page.wait_for_url("**/reseau/")
    head = open_page(town.outsider, width=390, java_script_enabled=scripts)
    head.goto(f"/structures/{town.neighbour.pk}/reseau/")
    head.get_by_role("button", name="Accepter").click()
    head.wait_for_url("**/reseau/")
    if scripts:
        assert defects(head) == []
        assert checks.overflows(head) == []
        head.set_viewport_size({"width": 390, "height": 900})
    head.get_by_role("button", name="Agir").click()
    head.wait_for_url("**/proposer/")
    expect(head.get_by_role("complementary", name="Vous agissez pour une association")).to_be_visible()
    page.goto(f"/structures/{town.structure.pk}/reseau/")
    page.get_by_role("link", name="Voir qui agit").click()
    page.get_by_role("button", name="Arrêter").click()
    expect(page.get_by_text("Le mandat a pris fin.")).to_be_visible()
    head.goto("/proposer/")
    expect(head.get_by_role("complementary", name="Vous agissez pour une association")).to_have_count(0)
