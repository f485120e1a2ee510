"""Publishing an offer: with the keyboard alone, without JavaScript, with mistakes."""

from datetime import timedelta
from itertools import pairwise

from django.utils import timezone
from playwright.sync_api import expect

from maillage.engine.french import date_fr
from maillage.sharing.models import Listing
from tests.browser.journeys import ON, SCRIPTS, tab_to
from tests.sharing.test_photos import photo_file

ADDRESS = "/proposer/annonce/?sens=offre&categorie=technical.vehicles.van"


def picture_file(folder):
    path = folder / "camionnette.jpg"
    path.write_bytes(photo_file(size=(320, 240)).read())
    return path


@SCRIPTS
def test_offer_is_published_with_the_keyboard_alone(open_page, town, scripts, tmp_path):
    page = open_page(town.member, 390, java_script_enabled=scripts)
    page.goto("/proposer/")
    tab_to(page, "[name=quoi]")
    page.keyboard.type("une camionnette de neuf places")
    page.keyboard.press("Enter")
    page.wait_for_url("**/proposer/?**quoi=**")
    tab_to(page, "a.suggestion")
    page.keyboard.press("Enter")
    page.wait_for_url("**/proposer/annonce/**")
    tab_to(page, "[name=text]")
    page.keyboard.type("Clés à prendre au foyer.")
    tab_to(page, "[name=photo]")
    page.set_input_files("[name=photo]", picture_file(tmp_path))
    tab_to(page, "[name=photo_description]")
    page.keyboard.type("La porte latérale ouverte")
    tab_to(page, ON)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ou/")
    expect(page.locator(".progress__told")).to_have_text("Étape 2 sur 4\u00a0: où")
    tab_to(page, "button[value=retour]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quoi/")
    expect(page.locator("[name=text]")).to_have_value("Clés à prendre au foyer.")
    tab_to(page, ON)
    page.keyboard.press("Enter")
    page.wait_for_url("**/ou/")
    tab_to(page, "[name=commune]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quand/")
    tab_to(page, "[name=weekdays][value='5']")
    page.keyboard.press("Space")
    tab_to(page, ON)
    page.keyboard.press("Enter")
    page.wait_for_url("**/conditions/")
    tab_to(page, "[name=price]")
    page.keyboard.type("12,50 €")
    tab_to(page, ON)
    page.keyboard.press("Enter")
    page.wait_for_url("**/apercu/")
    expect(page.locator("h1")).to_have_text("Une camionnette de neuf places")
    expect(page.locator(".listing__photo")).to_have_attribute("alt", "La porte latérale ouverte")
    tab_to(page, ".preview button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/annonces/**")
    listing = Listing.objects.latest("pk")
    assert (listing.title, listing.weekdays, listing.price_cents) == ("Une camionnette de neuf places", [5], 1250)
    expect(page.locator("h1")).to_have_text(listing.title)


def test_a_title_suggests_its_category_while_one_types(member):
    member.goto("/proposer/annonce/?sens=offre")
    member.locator("[name=title]").press_sequentially("Une camionnette")
    chip = member.locator("#suggestions button[name=categorie]").first
    expect(chip).to_be_visible()
    chip.click()
    member.wait_for_url("**/quoi/**")
    expect(member.locator("[name=category]")).to_have_value("technical.vehicles.van")
    expect(member.locator("[name=title]")).to_have_value("Une camionnette")


def test_fields_are_reached_in_the_order_in_which_they_are_read(member, town):
    member.goto(f"/annonces/{town.offer.pk}/modifier/")
    places = member.evaluate("""() => [...document.querySelectorAll("main form[method=post] .form-field")]
        .filter((field) => field.checkVisibility())
        .map((field) => field.getBoundingClientRect().top)""")
    assert len(places) > 15
    assert all(later >= earlier for earlier, later in pairwise(places))


@SCRIPTS
def test_mistakes_are_told_and_lead_to_their_fields(open_page, town, scripts):
    page = open_page(town.member, java_script_enabled=scripts)
    page.goto(f"/proposer/brouillons/{town.ready.pk}/quand/")
    first, last = (timezone.localdate() + timedelta(days=days) for days in (10, 8))
    typed = {"ends_at": "18 h", "first_day": f"{first:%d/%m/%Y}", "last_day": f"{last:%d/%m/%Y}"}
    for name, value in typed.items():
        page.fill(f"[name={name}]", value)
    page.locator(ON).click()
    page.wait_for_url("**verifier=1")
    assert page.title().startswith("Erreur\u00a0: ")
    assert page.evaluate("document.activeElement.id") == "error-summary"
    links = page.locator(".error-summary a")
    assert links.all_inner_texts() == [
        f"La date de fin ({date_fr(last)}) est avant la date de début ({date_fr(first)}). Changez l’une des deux.",
        "Donnez les deux heures, ou aucune.",
    ]
    for place, name in enumerate(["last_day", "starts_at"]):
        field = page.locator(f"[name={name}]")
        assert field.get_attribute("aria-invalid") == "true"
        described = [page.locator(f"[id='{one}']") for one in field.get_attribute("aria-describedby").split()]
        assert links.nth(place).inner_text() in " ".join(one.inner_text() for one in described)
        links.nth(place).click()
        if scripts:
            assert page.evaluate("document.activeElement.name") == name
    for name, value in typed.items():
        assert page.input_value(f"[name={name}]") == value


def test_what_is_pasted_is_kept_whole_and_counted(member):
    member.goto(ADDRESS)
    member.fill("[name=text]", "x" * 3100)
    counter = member.locator("[name=text] + .counter")
    assert counter.inner_text() == ""
    for length, said in [(3200, "Encore 800 signes au plus"), (3999, "Encore 1 signe au plus")]:
        member.fill("[name=text]", "é" * length)
        expect(counter).to_have_text(said)
    member.fill("[name=text]", "x" * 4312)
    expect(counter).to_have_text("312 signes de trop")
    assert len(member.input_value("[name=text]")) == 4312
