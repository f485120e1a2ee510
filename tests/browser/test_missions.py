"""A mission on a telephone: written, published, read, accepted; a place is given back."""

from playwright.sync_api import expect

from maillage.volunteering.models import Engagement, Mission
from tests.browser import checks
from tests.browser.journeys import SCRIPTS
from tests.browser.test_accounts import defects
from tests.letters import address_in, deliver


@SCRIPTS
def test_a_mission_is_written_published_and_accepted(open_page, town, live_server, scripts):
    page = open_page(town.member, width=390, java_script_enabled=scripts)
    page.goto("/mes-missions/")
    page.get_by_role("link", name="Missions d’Harmonie de Revel").click()
    page.get_by_role("link", name="Écrire une mission").click()
    page.fill("[name=title]", "Placer le public du concert")
    page.fill("[name=tasks]", "Accueillir, indiquer les places, garder un passage libre.")
    page.fill("[name=place]", "halle du marché")
    page.fill("[name=first_day]", "samedi")
    page.fill("[name=hours]", "de 19 h à 22 h")
    page.fill("[name=policy]", "")
    page.fill("[name=contact_role]", "le régisseur")
    page.get_by_role("button", name="Publier la mission").click()
    expect(page.locator(".error-summary a")).to_contain_text("une mission ne se publie pas")
    expect(page.locator("[name=title]")).to_have_value("Placer le public du concert")
    page.fill("[name=policy]", "31-4425")
    page.get_by_role("button", name="Publier la mission").click()
    expect(page.get_by_text("La mission est publiée.")).to_be_visible()
    page.get_by_role("link", name="Inviter", exact=True).click()
    page.fill("[name=email]", "jo@exemple.fr")
    page.get_by_role("button", name="Envoyer l’invitation").click()
    expect(page.get_by_text("L’invitation est partie à jo@exemple.fr.")).to_be_visible()
    volunteer = open_page(town.outsider, width=390, java_script_enabled=scripts)
    volunteer.goto(address_in(deliver()[0], live_server.url))
    if scripts:
        assert defects(volunteer) == []
        assert checks.overflows(volunteer) == []
        volunteer.set_viewport_size({"width": 390, "height": 900})
    volunteer.check("[name=has_read]")
    volunteer.get_by_role("button", name="J’accepte cette mission").click()
    expect(volunteer.locator(".error-summary a")).to_contain_text("accord d’un parent")
    volunteer.check("[name=is_of_age]")
    volunteer.get_by_role("button", name="J’accepte cette mission").click()
    expect(volunteer.get_by_text("L’association sait que vous venez.")).to_be_visible()
    mission = Mission.objects.get(title="Placer le public du concert")
    assert Engagement.objects.get(mission=mission).user == town.outsider
    page.reload()
    expect(page.get_by_text("Noé Benali")).to_be_visible()
    volunteer.goto(mission.get_absolute_url())
    volunteer.get_by_role("button", name="Me retirer").click()
    volunteer.wait_for_url("**/mes-missions/")
    assert Engagement.objects.get(mission=mission).state == "withdrawn"
