"""Accounts on a telephone: joining, signing in, with scripts and without."""

import pytest

from maillage.accounts.models import User
from tests.browser import checks
from tests.letters import address_in, deliver

SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


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
    assert page.inner_text("h1") == "Regardez vos e-mails"
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
    assert page.inner_text("h1") == "Bonjour Odile Delmas"
    assert User.objects.filter(email="odile@exemple.fr").exists()
    page.get_by_role("link", name="Chercher mon association").click()
    page.wait_for_url("**/structures/")
