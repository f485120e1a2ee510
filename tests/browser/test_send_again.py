"""A session that ends while a form is filled: what was typed waits in its page until one has signed in again."""

import pytest
from playwright.sync_api import expect

from maillage.sharing.models import Draft
from tests.browser import checks

PASSWORD = "tricot-et-pastel"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_what_was_typed_is_saved_after_signing_in_in_another_tab(open_page, town, scripts):
    town.member.set_password(PASSWORD)
    town.member.save()
    page = open_page(town.member, 390, java_script_enabled=scripts)
    page.goto("/proposer/annonce/?sens=offre&categorie=technical.vehicles.van")
    page.fill("[name=title]", "Camionnette du samedi")
    page.fill("[name=text]", "Deux places.\nPermis « B ».")
    page.context.clear_cookies(name="sessionid")
    page.locator("main form[method=post] button:not([name])").click()
    expect(page.locator("h1")).to_have_text("Votre session est terminée")
    if scripts:
        assert checks.overflows(page) + checks.breaches_of_axe(page) + checks.small_targets(page) == []
        assert checks.defects_of_text(page) + checks.unseen_focus(page) == []
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Connectez‑vous dans un nouvel onglet").click()
    other = opened.value
    other.fill("[name=login]", town.member.email)
    other.fill("[name=password]", PASSWORD)
    other.get_by_role("button", name="Se connecter", exact=True).click()
    other.wait_for_url("**/mon-espace/")
    page.get_by_role("button", name="Envoyer à nouveau").click()
    expect(page.locator("h1")).to_have_text("Encore un clic")
    page.get_by_role("button", name="Envoyer à nouveau").click()
    page.wait_for_url("**/ou/")
    draft = Draft.objects.latest("pk")
    assert draft.title == "Camionnette du samedi"
    assert draft.said("quoi", "text").splitlines() == ["Deux places.", "Permis « B »."]
