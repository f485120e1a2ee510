"""Hours on a telephone: noted by the volunteer, validated by the association, valued at its rate."""

from playwright.sync_api import expect

from maillage.volunteering.models import InKindContribution, VolunteerHours
from tests.browser import checks
from tests.browser.journeys import SCRIPTS
from tests.browser.test_accounts import defects
from tests.factories.directory import MandateFactory


@SCRIPTS
def test_hours_are_noted_validated_and_valued(open_page, town, scripts):
    VolunteerHours.objects.all().delete()
    InKindContribution.objects.all().delete()
    page = open_page(town.member, width=390, java_script_enabled=scripts)
    page.goto("/mes-missions/")
    page.get_by_role("link", name="Mes heures").click()
    page.get_by_role("link", name="Noter des heures").click()
    page.select_option("[name=structure]", label="Harmonie de Revel")
    page.fill("[name=task]", "Accorder les timbales")
    page.fill("[name=day]", "aujourd’hui")
    page.fill("[name=minutes]", "longtemps")
    page.get_by_role("button", name="Noter", exact=True).click()
    expect(page.locator(".error-summary a")).to_contain_text("Écrivez par exemple 2 h 30")
    page.fill("[name=minutes]", "1 h 30")
    page.get_by_role("button", name="Noter", exact=True).click()
    page.wait_for_url("**/mes-heures/")
    expect(page.get_by_text("À valider par une autre personne")).to_be_visible()
    other = open_page(MandateFactory(structure=town.structure).user, width=390, java_script_enabled=scripts)
    other.goto(f"/structures/{town.structure.pk}/heures/")
    other.get_by_role("button", name="Valider").click()
    expect(other.get_by_text("Ces heures sont validées.")).to_be_visible()
    other.get_by_role("link", name="Valoriser").click()
    other.select_option("[name=rate]", label="Taux d’essai")
    other.get_by_role("button", name="Valoriser ces heures").click()
    expect(other.get_by_text("864 Personnel bénévole")).to_be_visible()
    if scripts:
        assert defects(other) == []
        assert checks.overflows(other) == []
    assert InKindContribution.objects.get().amount_cents == 1667
