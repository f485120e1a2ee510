"""Three associations accept a circle that the engine found and talk; a refusal does not come back."""

import pytest
from playwright.sync_api import expect

from maillage.conversations.models import Conversation
from maillage.engine.crews import Alone
from maillage.opportunities.models import Opportunity, Party, Run
from maillage.opportunities.services import ask_search, run_asked_search, run_search
from tests.browser.journeys import SCRIPTS
from tests.factories.accounts import UserFactory
from tests.factories.opportunities import circle_mandates


@pytest.fixture
def circle(transactional_db):
    mandates = circle_mandates(3)
    run_search()
    return mandates


@SCRIPTS
def test_three_accept_a_circle_and_land_in_a_conversation(open_page, circle, scripts):
    names = [mandate.structure.name for mandate in circle]
    for mandate in circle:
        page = open_page(mandate.user, 390, java_script_enabled=scripts)
        page.goto("/occasions/")
        said = page.inner_text("main")
        assert "Un cercle à trois" in said
        assert [name for name in names if name in said] == [mandate.structure.name]
        page.get_by_role("button", name="Cela nous intéresse").click()
        page.wait_for_load_state()
    conversation = Conversation.objects.get()
    assert page.url.endswith(conversation.get_absolute_url())
    assert [name for name in names if name in page.inner_text("main")] == names
    assert "Prochaine étape" in page.inner_text(".message--house")
    page.fill("[name=text]", "On se voit jeudi ?")
    page.get_by_role("button", name="Envoyer le message").click()
    page.wait_for_load_state()
    expect(page.locator(".message--own .message__text")).to_have_text("On se voit jeudi\u202f?")
    first = open_page(circle[0].user, 1280, java_script_enabled=scripts)
    first.goto("/occasions/")
    first.get_by_role("link", name="Ouvrir la conversation").click()
    first.wait_for_url("**/conversations/**")
    expect(first.locator("main")).to_contain_text("On se voit jeudi\u202f?")


@SCRIPTS
def test_a_refusal_says_why_and_does_not_come_back(open_page, circle, scripts):
    page = open_page(circle[0].user, java_script_enabled=scripts)
    page.goto("/occasions/")
    page.get_by_role("link", name="Pas pour nous").click()
    page.wait_for_url("**/occasions/*/#non")
    page.get_by_role("button", name="Retirer cette occasion").click()
    page.wait_for_load_state()
    assert page.title().startswith("Erreur\u00a0: ")
    page.check("[name=reason][value=not_them]")
    page.get_by_role("button", name="Retirer cette occasion").click()
    page.wait_for_url("**/occasions/")
    run_search()
    for mandate in circle:
        other = open_page(mandate.user, java_script_enabled=scripts)
        other.goto("/occasions/")
        assert "Rien ici pour l’instant" in other.inner_text("main")
    assert list(Opportunity.objects.values_list("state", flat=True)) == ["declined"]
    assert Party.objects.filter(answer="pending").count() == 2


def test_the_team_watches_a_search_end(open_page, circle):
    page = open_page(UserFactory(agent=True))
    page.goto("/administration/occasions/")
    page.get_by_role("button", name="Chercher maintenant").click()
    page.get_by_text("La recherche va commencer").wait_for()
    Run.objects.update(percent=40)
    page.get_by_text("Recherche en cours").wait_for()
    assert page.get_by_role("heading", name="Par genre").is_visible()
    run_asked_search(run=ask_search(), crew=Alone())
    page.get_by_text("Dernière recherche").wait_for()
    assert page.get_by_role("button", name="Chercher maintenant").is_visible()
    expect(page.get_by_role("heading", name="Par genre")).to_have_count(1)
