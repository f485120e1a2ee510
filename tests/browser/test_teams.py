"""Teams on a telephone: someone is invited, comes in and acts; someone asks to join and is accepted."""

from playwright.sync_api import expect

from maillage.directory.models import Mandate
from tests.browser import checks
from tests.browser.journeys import SCRIPTS
from tests.browser.test_accounts import defects
from tests.letters import address_in, deliver


@SCRIPTS
def test_someone_is_invited_and_acts(open_page, town, live_server, scripts):
    page = open_page(town.member, width=390, java_script_enabled=scripts)
    page.goto("/mon-espace/")
    page.get_by_role("link", name="L’équipe d’Harmonie de Revel").click()
    page.get_by_role("link", name="Inviter quelqu’un").click()
    page.fill("[name=email]", town.outsider.email)
    page.check("[name=role][value=contributor]")
    page.get_by_role("button", name="Envoyer l’invitation").click()
    page.wait_for_url("**/equipe/")
    expect(page.locator("main").get_by_text(town.outsider.email, exact=True)).to_be_visible()
    address = address_in(deliver()[0], live_server.url)
    stranger = open_page(width=390, java_script_enabled=scripts)
    stranger.goto(address)
    expect(stranger.get_by_role("link", name="Créer un compte")).to_be_visible()
    invited = open_page(town.outsider, width=390, java_script_enabled=scripts)
    invited.goto(address)
    if scripts:
        assert defects(invited) == []
        assert checks.overflows(invited) == []
        invited.set_viewport_size({"width": 390, "height": 900})
    invited.get_by_role("button", name="Accepter l’invitation").click()
    invited.wait_for_url(f"**/structures/{town.structure.pk}/")
    assert Mandate.objects.get(user=town.outsider, structure=town.structure).role == "contributor"


@SCRIPTS
def test_someone_asks_to_join_and_is_accepted(open_page, town, scripts):
    page = open_page(town.outsider, width=390, java_script_enabled=scripts)
    page.goto(f"/structures/{town.structure.pk}/")
    page.get_by_role("link", name="Rejoindre cette association").click()
    page.fill("[name=text]", "Je suis la nouvelle secrétaire.")
    page.get_by_role("button", name="Envoyer ma demande").click()
    page.wait_for_url("**/mon-espace/")
    team = open_page(town.member, width=390, java_script_enabled=scripts)
    team.goto(f"/structures/{town.structure.pk}/equipe/")
    asking = team.get_by_role("article").filter(has_text="Je suis la nouvelle secrétaire.")
    asking.get_by_role("button", name="Refuser").click()
    expect(team.locator(".error-summary a")).to_have_text(
        "Dites pourquoi vous refusez\u00a0: la personne saura ce qui manque."
    )
    asking.get_by_role("button", name="Accepter pour représenter").click()
    team.wait_for_url("**/equipe/")
    page.goto("/mon-espace/")
    expect(page.get_by_text("Acceptée")).to_be_visible()
    assert Mandate.objects.get(user=town.outsider, structure=town.structure).role == "representative"
