"""Accounts on a telephone: joining, signing in, with scripts and without."""

import re

import pytest
from playwright.sync_api import expect

from maillage.accounts.models import User
from tests.browser import checks
from tests.browser.journeys import SCRIPTS
from tests.letters import address_in, deliver
from tests.web.accounts.test_second_factor import code_of


def send(page):
    page.locator("main form[method=post] button:not([name])").last.click()


def defects(page):
    """What is wrong with a page that only a journey reaches."""
    return checks.breaches_of_axe(page) + checks.small_targets(page) + checks.defects_of_text(page)


@SCRIPTS
def test_someone_opens_an_account(open_page, town, live_server, scripts):
    page = open_page(width=390, java_script_enabled=scripts)
    page.goto("/compte/connexion/")
    page.get_by_role("link", name="Créer un compte").click()
    page.fill("[name=email]", "odile@exemple.fr")
    send(page)
    page.wait_for_url("**/envoye/")
    expect(page.locator("h1")).to_have_text("Regardez vos e\u2011mails")
    (letter,) = deliver()
    page.goto(address_in(letter, live_server.url))
    if scripts:
        assert defects(page) == []
        assert checks.overflows(page) == []
        page.set_viewport_size({"width": 390, "height": 900})
    page.fill("[name=name]", "Odile Delmas")
    page.fill("[name=password]", "une-laine-bleue")
    send(page)
    page.wait_for_url("**/mon-espace/")
    expect(page.locator("h1")).to_have_text("Bonjour Odile Delmas")
    assert User.objects.filter(email="odile@exemple.fr").exists()
    page.get_by_role("link", name="Chercher mon association").click()
    page.wait_for_url("**/structures/")


@SCRIPTS
def test_someone_signs_in_by_a_code_and_goes_where_they_wanted(open_page, town, scripts):
    page = open_page(width=390, java_script_enabled=scripts)
    page.goto("/mes-annonces/")
    page.get_by_role("link", name="Recevoir un code par e\u2011mail").click()
    page.fill("[name=email]", town.member.email)
    send(page)
    page.wait_for_url("**/compte/code/")
    if scripts:
        assert defects(page) == []
    page.fill("[name=code]", "12")
    send(page)
    assert page.locator(".error-summary a").inner_text().startswith("Ce n’est pas le bon code.")
    page.fill("[name=code]", re.search(r"\d{3}\u00a0\d{3}", deliver()[0].subject)[0])
    send(page)
    page.wait_for_url("**/mes-annonces/")


def test_someone_signs_in_by_the_link_of_the_letter(open_page, town, live_server):
    page = open_page(width=390)
    page.goto("/compte/sans-mot-de-passe/")
    page.fill("[name=email]", town.member.email)
    send(page)
    page.wait_for_url("**/compte/code/")
    telephone = open_page(width=390)
    telephone.goto(address_in(deliver()[0], live_server.url))
    assert defects(telephone) == []
    send(telephone)
    telephone.wait_for_url("**/mon-espace/")


@SCRIPTS
def test_someone_puts_a_second_factor_in_place_and_uses_it(open_page, town, scripts):
    town.member.set_password("tricot-et-pastel")
    town.member.save()
    page = open_page(town.member, width=390, java_script_enabled=scripts)
    page.goto("/compte/")
    page.get_by_role("link", name="Mettre en place la connexion en deux étapes").click()
    secret = page.inner_text(".second-factor__secret").replace(" ", "")
    page.fill("[name=code]", code_of(secret, -1))
    send(page)
    page.wait_for_url("**/codes-de-secours/")
    expect(page.locator(".rescue-codes li")).to_have_count(10)
    if scripts:
        assert defects(page) == []
        assert checks.overflows(page) == []
    page.context.clear_cookies()
    page.goto("/compte/connexion/")
    page.fill("[name=login]", town.member.email)
    page.fill("[name=password]", "tricot-et-pastel")
    page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/code-de-securite/")
    if scripts:
        assert defects(page) == []
    page.fill("[name=code]", code_of(secret))
    send(page)
    page.wait_for_url("**/mon-espace/")


@pytest.fixture
def device():
    """Give a page a device that makes passkeys and says yes."""

    def attach(page):
        browser = page.context.new_cdp_session(page)
        browser.send("WebAuthn.enable")
        options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
        options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
        browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    return attach


def test_someone_signs_in_with_a_passkey(open_page, town, live_server, device):
    page = open_page(town.member, width=390)
    device(page)
    page.goto("/compte/cles/")
    page.fill("[name=name]", "Mon téléphone")
    page.get_by_role("button", name="Ajouter une clé d’accès").click()
    page.wait_for_selector("text=Votre clé d’accès est ajoutée.")
    assert page.get_by_role("button", name="Retirer la clé Mon téléphone").is_visible()
    assert defects(page) == []
    page.context.clear_cookies()
    page.goto("/proposer/")
    assert page.url.endswith("/compte/connexion/?next=/proposer/")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url(f"{live_server.url}/proposer/")
    page.goto("/mon-espace/")
    expect(page.locator("h1")).to_have_text(f"Bonjour {town.member.name}")


def test_a_passkey_that_was_removed_opens_nothing(open_page, town, device):
    page = open_page(town.member, width=390)
    device(page)
    page.goto("/compte/cles/")
    page.get_by_role("button", name="Ajouter une clé d’accès").click()
    page.get_by_role("button", name="Retirer").click()
    page.wait_for_selector("text=La clé d’accès est retirée.")
    page.context.clear_cookies()
    page.goto("/compte/connexion/")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_selector("text=Cette clé d’accès n’est pas reconnue.")


def test_a_device_without_passkey_says_so(open_page, town, device):
    page = open_page(width=390)
    device(page)
    page.goto("/compte/connexion/")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_selector("text=Votre appareil n’a pas donné de clé.")


def test_without_scripts_passkeys_are_not_offered(open_page, town):
    page = open_page(width=390, java_script_enabled=False)
    page.goto("/compte/connexion/")
    assert not page.get_by_role("button", name="Utiliser ma clé d’accès").is_visible()
