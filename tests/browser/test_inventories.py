"""Publishing what a spreadsheet holds, on a phone, with scripts and without."""

from playwright.sync_api import expect

from maillage.sharing.models import Listing
from tests.browser.journeys import SCRIPTS
from tests.sharing.test_inventories import workbook


def inventory_file(folder):
    path = folder / "matériel.xlsx"
    things = [[f"Barnum {number}", 1, 5] for number in range(40)]
    path.write_bytes(workbook(["Quoi", "Combien", "Prix"], ["Chaises", 40, None], ["Zigouigoui", 2, None], *things))
    return path


@SCRIPTS
def test_an_inventory_is_published_on_a_phone_and_undone(open_page, town, scripts, tmp_path):
    page = open_page(town.member, 390, java_script_enabled=scripts)
    before = Listing.objects.count()
    page.goto("/proposer/")
    page.get_by_role("link", name="Importer un inventaire").click()
    page.set_input_files("[name=file]", inventory_file(tmp_path))
    page.get_by_role("button", name="Voir ce qu’il donnerait").click()
    expect(page.locator("h1")).to_have_text("Relisez votre inventaire")
    expect(page.get_by_text("42 offres à publier")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("checkbox", name="40 × Chaises").uncheck()
    page.get_by_role("button", name="Lignes suivantes").click()
    page.wait_for_url("**/?page=2#lignes")
    page.get_by_role("checkbox", name="Barnum 39").uncheck()
    page.get_by_role("button", name="Publier les lignes cochées").click()
    expect(page.get_by_text("Choisissez la catégorie de la ligne 3")).to_be_visible()
    expect(page.get_by_role("checkbox", name="40 × Chaises")).not_to_be_checked()
    page.get_by_label("Catégorie de la ligne 3, Zigouigoui").select_option("technical.equipment")
    page.get_by_role("button", name="Publier les lignes cochées").click()
    expect(page.locator("h1")).to_have_text("Votre inventaire est importé")
    assert Listing.objects.count() == before + 40
    page.get_by_role("button", name="Défaire cet import").click()
    expect(page.get_by_text("40 annonces retirées")).to_be_visible()
    assert Listing.objects.count() == before
