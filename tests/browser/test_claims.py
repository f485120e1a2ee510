"""Claiming the page of one's association on a telephone: with scripts, without, and by the keyboard alone."""

import pytest
from playwright.sync_api import expect

from maillage.directory.models import Mandate
from tests.browser import checks
from tests.browser.journeys import SCRIPTS
from tests.browser.test_accounts import defects
from tests.factories.accounts import UserFactory
from tests.letters import address_in, deliver


@SCRIPTS
def test_a_newcomer_claims_a_page_by_a_letter_to_its_site(open_page, town, radio, live_server, scripts):
    page = open_page(width=390, java_script_enabled=scripts)
    page.goto(f"/structures/{radio.pk}/")
    page.get_by_role("link", name="C’est mon association").click()
    page.get_by_role("link", name="Créer un compte").click()
    page.fill("[name=email]", "odile@exemple.fr")
    page.get_by_role("button", name="Recevoir le lien").click()
    page.wait_for_url("**/envoye/")
    page.goto(address_in(deliver()[0], live_server.url))
    page.fill("[name=name]", "Odile Delmas")
    page.fill("[name=password]", "une-laine-bleue")
    page.get_by_role("button", name="Créer mon compte").click()
    page.wait_for_url(f"**/structures/{radio.pk}/agir/")
    page.get_by_role("button", name="Envoyer ma demande").click()
    expect(page.locator(".error-summary a")).to_have_text("Écrivez votre fonction\u00a0: par exemple, trésorière.")
    page.fill("[name=position]", "présidente")
    page.get_by_label("J’ai le droit de signer").check()
    page.fill("[name=site_email]", "contact@radio-canal.fr")
    if scripts:
        assert defects(page) == []
        assert checks.overflows(page) == []
        page.set_viewport_size({"width": 390, "height": 900})
    page.get_by_role("button", name="Envoyer ma demande").click()
    page.wait_for_url("**/mon-espace/")
    expect(page.get_by_text("contact@radio-canal.fr")).to_be_visible()
    if scripts:
        assert defects(page) == []
    page.goto(address_in(deliver()[0], live_server.url))
    if scripts:
        assert defects(page) == []
    page.get_by_role("button", name="Tenir cette page").click()
    page.wait_for_url(f"**/structures/{radio.pk}/")
    expect(page.get_by_text("Vous agissez désormais pour Radio du canal.")).to_be_visible()
    mandate = Mandate.objects.get(structure=radio)
    assert (mandate.user.email, mandate.role, mandate.may_commit) == ("odile@exemple.fr", "representative", True)


def test_a_page_is_claimed_by_the_keyboard_alone(open_page, town, radio, live_server):
    page = open_page(UserFactory(), width=390)
    page.goto(f"/structures/{radio.pk}/")
    press(page, "C’est mon association", "Enter")
    page.wait_for_url(f"**/structures/{radio.pk}/agir/")
    reach(page, "position")
    page.keyboard.type("présidente")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    reach(page, "site_email")
    page.keyboard.type("contact@radio-canal.fr")
    page.keyboard.press("Enter")
    page.wait_for_url("**/mon-espace/")
    page.goto(address_in(deliver()[0], live_server.url))
    press(page, "Tenir cette page", "Enter")
    page.wait_for_url(f"**/structures/{radio.pk}/")
    assert Mandate.objects.get(structure=radio).may_commit


def press(page, words, key):
    reach(page, words, "element => (element.innerText ?? '').trim()")
    page.keyboard.press(key)


def reach(page, wanted, read="element => element.name"):
    """Tab to the stop that ``read`` finds to be ``wanted``."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(f"({read})(document.activeElement)") == wanted:
            return
    pytest.fail(f"The Tab key never reaches {wanted!r}.")
