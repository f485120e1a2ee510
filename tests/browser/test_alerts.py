"""Keeping a search on a telephone, with scripts and without."""

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_member_keeps_a_search_that_finds_nothing_for_every_saturday(open_page, town, scripts):
    page = open_page(town.member, width=390, java_script_enabled=scripts)
    page.goto("/chercher/?quoi=trampoline&ou=Revel&quand=samedi")
    page.get_by_role("link", name="Me prévenir").click()
    page.get_by_label("Tous les samedis").check()
    page.get_by_role("button", name="Me prévenir").click()
    page.wait_for_url("**/mes-alertes/")
    expect(page.get_by_role("heading", name="Trampoline")).to_have_text(
        "Trampoline, à moins de 25\u00a0km de Revel, le samedi"
    )
    page.get_by_role("button", name="Mettre en pause").first.click()
    expect(page.locator(".alert").first).to_contain_text("En pause")
