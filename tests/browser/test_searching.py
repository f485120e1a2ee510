"""Finding a van near Revel next Saturday, as a member or a visitor, with JavaScript or without."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from maillage.engine.french import day_fr
from maillage.sharing.services import close_listing
from maillage.web.home.search import next_saturday
from tests.browser.journeys import SCRIPTS
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory

FOUND = ["Camionnette de Vaudreuille", "Fourgon du foyer"]


@pytest.fixture
def saturday():
    return next_saturday(timezone.localdate())


@pytest.fixture
def vans(town, saturday):
    """Beside the two of the town: one free on Saturdays, one on Sundays, one too far."""
    close_listing(listing_id=town.offer.pk, author=town.member)
    near, far = CommuneFactory(code="31569"), CommuneFactory(toulouse=True)
    ListingFactory(title="Camionnette de Vaudreuille", commune=near, weekdays=[5], structure=town.structure)
    ListingFactory(title="Camionnette du dimanche", commune=near, weekdays=[6], structure=town.structure)
    ListingFactory(title="Camionnette de Toulouse", commune=far, structure=town.structure)


def titles(page):
    return page.locator(".search__results h3").all_inner_texts()


@SCRIPTS
def test_member_of_revel_finds_a_van_for_saturday_in_three_gestures(open_page, town, vans, saturday, scripts):
    page = open_page(town.member, java_script_enabled=scripts)
    page.goto("/")
    page.locator("#quoi").fill("camionnette")
    page.locator(f".chip:has(input[value='{saturday.isoformat()}'])").click()
    page.keyboard.press("Enter")
    page.wait_for_url("**/chercher/**")
    assert titles(page) == FOUND


@SCRIPTS
def test_visitor_finds_the_same_in_one_field(open_page, vans, saturday, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto("/")
    page.locator("#quoi").fill("camionnette revel samedi")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/chercher/*quoi=camionnette&ou=Revel+%2831250%29&rayon=25&quand={saturday.isoformat()}*")
    assert titles(page) == FOUND
    chips = [text.split("\n")[0] for text in page.locator(".search__chip").all_inner_texts()]
    assert [chip.split("\u00a0:")[0] for chip in chips] == [
        "camionnette",
        "Revel et 25\u00a0km autour",
        day_fr(saturday).capitalize(),
    ]
    page.locator(".search__chip").nth(1).click()
    page.wait_for_url("**/chercher/?**")
    assert "Camionnette de Toulouse" in titles(page)


@SCRIPTS
def test_map_and_list_say_the_same_by_the_same_letters(open_page, vans, scripts):
    page = open_page(java_script_enabled=scripts)
    page.goto("/chercher/?quoi=camionnette&ou=Revel&rayon=50&vue=carte")
    listed = page.locator("#liste h3").all_inner_texts()
    letters = [text[-1] for text in page.locator(".result__number").all_inner_texts()]
    assert (len(listed), letters) == (4, ["A", "A", "A", "B"])  # Revel and Vaudreuille are too near to be told apart
    pins = page.locator(".map__pin").evaluate_all("pins => pins.map((pin) => [pin.ariaLabel, pin.textContent.trim()])")
    for letter, title in zip(letters, listed, strict=True):
        assert [title in label for label, drawn in pins if drawn == letter] == [True]
    page.locator(".map__pin", has_text="A").click()
    assert page.locator(":target h3").inner_text() == listed[0]


def test_the_map_is_left_with_one_key(visitor, vans):
    visitor.goto("/chercher/?quoi=camionnette&ou=Revel&vue=carte")
    visitor.locator(".map__skip").focus()
    visitor.keyboard.press("Enter")
    visitor.keyboard.press("Tab")
    assert visitor.evaluate("document.activeElement.closest('.map__drawing')") is None
    assert visitor.evaluate("document.activeElement.closest('.result') !== null")


def test_commune_is_chosen_from_what_is_offered_with_the_keyboard(visitor):
    visitor.goto("/")
    place = visitor.get_by_label("Autour de")
    with visitor.expect_response(lambda answer: answer.url.endswith("?q=saint%20felix%20l")):
        place.press_sequentially("saint felix l")
    offered = visitor.get_by_role("listbox", name="Communes")
    expect(offered.get_by_role("option").first).to_contain_text("Saint-Félix-Lauragais")
    place.press("ArrowDown")
    place.press("Enter")
    assert place.input_value() == "Saint-Félix-Lauragais (31540)"
    assert not offered.is_visible()


def test_nothing_found_offers_something_that_is(open_page, vans):
    page = open_page(java_script_enabled=False)
    page.goto("/chercher/?quoi=camionnette+toulouse&rayon=10&prix_max=0&famille=technical.premises")
    assert "Aucune offre" in page.inner_text("main")
    page.locator(".suggestions a").first.click()
    expect(page.locator(".search__results h3")).not_to_have_count(0)


@SCRIPTS
def test_on_a_phone_results_come_first_and_the_form_unfolds(open_page, vans, scripts):
    page = open_page(width=390, java_script_enabled=scripts)
    page.goto("/chercher/?quoi=camionnette+pour+9+personnes&ou=Revel&vue=liste")
    expect(page.locator(".search__results h3").first).to_be_in_viewport()
    rows = {box["y"] for box in (chip.bounding_box() for chip in page.locator(".search__views a").all())}
    assert len(rows) == 1
    expect(page.locator("#quoi")).to_be_hidden()
    page.get_by_text("Changer la recherche").click()
    expect(page.locator("#quoi")).to_be_visible()
    page.locator("#quoi").fill("sono")
    page.keyboard.press("Enter")
    page.wait_for_url("**quoi=sono**")


def test_a_wide_screen_shows_the_form_unfolded(visitor, vans):
    visitor.goto("/chercher/?quoi=camionnette&ou=Revel")
    expect(visitor.locator("#quoi")).to_be_visible()
    expect(visitor.get_by_text("Changer la recherche")).to_be_hidden()


def test_one_comes_back_from_a_listing_to_the_search(visitor, vans):
    visitor.goto("/chercher/?quoi=camionnette&ou=Revel")
    searched = visitor.url
    visitor.locator(".search__results h3 a").first.click()
    visitor.get_by_role("link", name="Retour à ma recherche").click()
    expect(visitor).to_have_url(searched)


def test_the_day_is_typed_on_the_whole_keyboard(visitor, vans):
    visitor.goto("/")
    assert visitor.locator("#jour").get_attribute("inputmode") is None


def test_a_member_finds_the_places_in_the_menu_of_a_phone(open_page, town):
    page = open_page(town.member, width=390)
    page.goto("/")
    page.locator(".phone-menu summary").click()
    page.locator(".phone-menu").get_by_role("link", name="Lieux").click()
    page.wait_for_url("**/lieux/")
