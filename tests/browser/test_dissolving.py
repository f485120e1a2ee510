"""A structure ends, on a telephone: who may sign reads what closes and says who receives; an agent undoes it."""

from playwright.sync_api import expect

from maillage.directory.models import Dissolution, Mandate
from tests.browser import checks
from tests.browser.journeys import SCRIPTS
from tests.browser.test_accounts import defects


@SCRIPTS
def test_a_structure_is_dissolved_and_the_mistake_undone(open_page, town, scripts):
    Mandate.objects.filter(pk=town.mandate.pk).update(may_commit=True)
    page = open_page(town.member, width=390, java_script_enabled=scripts)
    page.goto(f"/structures/{town.structure.pk}/equipe/")
    page.get_by_role("link", name="L’association est dissoute").click()
    expect(page.get_by_text("Ses annonces sont retirées")).to_be_visible()
    page.fill("[name=day]", "aujourd’hui")
    page.fill("[name=receiver_name]", "foyer")
    page.check("[name=understood]")
    page.get_by_role("button", name="Dire qu’elle est dissoute").click()
    expect(page.locator(".error-summary a")).to_have_text("Choisissez la structure qui reçoit ce qu’elle avait.")
    if scripts:
        assert defects(page) == []
        assert checks.overflows(page) == []
        page.set_viewport_size({"width": 390, "height": 900})
    page.get_by_label("Foyer rural de Saint-Félix, Revel").check()
    page.get_by_role("button", name="Dire qu’elle est dissoute").click()
    page.wait_for_url(f"**/structures/{town.structure.pk}/")
    expect(page.get_by_text("Elle a été dissoute le")).to_be_visible()
    expect(page.get_by_role("link", name="Modifier la page")).to_have_count(0)
    page.goto(f"/conversations/{town.conversation.pk}/")
    expect(page.get_by_text("Cette conversation se lit, on n’y écrit plus.")).to_be_visible()
    agent = open_page(town.agent, width=390, java_script_enabled=scripts)
    agent.goto(f"/structures/{town.structure.pk}/")
    agent.get_by_role("link", name="Annuler la dissolution").click()
    agent.get_by_role("button", name="Annuler la dissolution").click()
    expect(agent.get_by_text("La dissolution est annulée.")).to_be_visible()
    assert not Dissolution.objects.standing().filter(structure=town.structure).exists()
    page.goto(f"/structures/{town.structure.pk}/")
    expect(page.get_by_role("link", name="Modifier la page")).to_be_visible()
