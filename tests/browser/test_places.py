"""Finding where to meet, on a telephone, with JavaScript or without: the list and the map say the same."""

import pytest

from tests.browser.journeys import SCRIPTS
from tests.factories.places import PlaceFactory
from tests.factories.territory import CommuneFactory


@pytest.fixture
def places(town):
    """Beside that of Revel: a foyer open on Saturday some kilometres away, a tiers-lieu in Toulouse."""
    near = CommuneFactory(code="31478")
    PlaceFactory(name="Foyer de Saint-Félix", kind="rural_home", commune=near, weekly=True)
    PlaceFactory(name="Tiers-lieu du canal", kind="third_place", commune=CommuneFactory(toulouse=True))


@SCRIPTS
def test_visitor_finds_the_nearest_places_and_goes_from_the_map_to_the_list(open_page, places, scripts):
    page = open_page(width=390, java_script_enabled=scripts)
    page.goto("/lieux/")
    page.get_by_label("Près de").fill("Revel")
    page.keyboard.press("Tab")  # as people do: the list of communes closes
    page.get_by_label("À moins de").select_option("50")
    page.get_by_label("Ouvert le").select_option("samedi")
    page.get_by_role("search").get_by_role("button", name="Chercher").click()
    page.wait_for_url("**/lieux/?sorte=&ou=Revel&rayon=50&jour=samedi")
    listed = page.locator("#liste h3").all_inner_texts()
    assert listed == ["Maison des associations de Revel", "Foyer de Saint-Félix"]
    letters = [text[-1] for text in page.locator(".result__number").all_inner_texts()]
    pins = page.locator(".map__pin").evaluate_all("pins => pins.map((pin) => [pin.ariaLabel, pin.textContent.trim()])")
    for letter, title in zip(letters, listed, strict=True):
        assert [title in label for label, drawn in pins if drawn == letter] == [True]
    page.get_by_role("link", name="Retrouver les lettres dans la liste").click()
    page.wait_for_url("**#liste")
    page.locator("#liste h3 a").first.click()
    page.wait_for_url("**/lieux/*/")
    assert "Samedi, de 10\u00a0h à 12\u00a0h" in page.inner_text("main")


@SCRIPTS
def test_visitor_reports_an_error_and_the_team_sees_it(open_page, town, scripts):
    page = open_page(width=390, java_script_enabled=scripts)
    page.goto(f"/lieux/{town.place.pk}/")
    page.get_by_role("link", name="Signaler une erreur").click()
    page.get_by_label("Le lieu n’existe plus").check()
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_text("L’équipe du territoire va vérifier").wait_for()
    agent = open_page(town.agent, width=390, java_script_enabled=scripts)
    agent.goto("/administration/lieux/signalements/")
    assert agent.get_by_role("heading", name="Le lieu n’existe plus").is_visible()
