"""Someone who has never seen the site: an account, the page of their association, an offer, an answer."""

from playwright.sync_api import expect

from maillage.conversations.models import Message
from maillage.conversations.services import start_conversation
from maillage.sharing.models import Listing
from tests.browser.journeys import ON, SCRIPTS, tab_to
from tests.browser.test_publishing import picture_file
from tests.letters import address_in, deliver


@SCRIPTS
def test_a_newcomer_claims_a_page_publishes_and_answers_by_the_keyboard(
    open_page, town, radio, live_server, tmp_path, scripts
):
    page = open_page(width=390, java_script_enabled=scripts)
    page.goto(f"/structures/{radio.pk}/")
    enter(page, f"main a[href='/structures/{radio.pk}/agir/']", "**/compte/connexion/**")
    enter(page, "main a[href^='/compte/inscription/']", "**/compte/inscription/**")
    type_in(page, "email", "odile@exemple.fr", "Enter")
    page.wait_for_url("**/envoye/")
    page.goto(address_in(deliver()[0], live_server.url))
    type_in(page, "name", "Odile Delmas")
    type_in(page, "password", "une-laine-bleue", "Enter")
    page.wait_for_url(f"**/structures/{radio.pk}/agir/")
    type_in(page, "position", "présidente")
    type_in(page, "site_email", "contact@radio-canal.fr", "Enter")
    page.wait_for_url("**/mon-espace/")
    page.goto(address_in(deliver()[0], live_server.url))
    enter(page, ON, f"**/structures/{radio.pk}/")

    publish(page, tmp_path)
    listing = Listing.objects.get(structure=radio)
    assert (listing.title, listing.pictures.get().description) == ("Une camionnette de neuf places", "La porte ouverte")

    writing = {"structure": town.neighbour, "author": town.outsider, "subject": "Samedi", "text": "Libre samedi ?"}
    start_conversation(to=radio, **writing)
    page.goto("/mon-espace/")
    enter(page, "main a[href='/conversations/']", "**/conversations/")
    enter(page, "main a[href^='/conversations/']:not([href='/conversations/'])", "**/conversations/*/**")
    type_in(page, "text", "Oui, à dix heures.")
    tab_to(page, ON)
    page.keyboard.press("Enter")
    expect(page.locator(".message--own .message__text")).to_have_text("Oui, à dix heures.")
    assert Message.objects.get(author__email="odile@exemple.fr").structure == radio


def publish(page, folder):
    """The four screens, the preview, the button."""
    page.goto("/proposer/")
    type_in(page, "quoi", "une camionnette de neuf places", "Enter")
    page.wait_for_url("**/proposer/?**quoi=**")
    enter(page, "a.suggestion", "**/proposer/annonce/**")
    tab_to(page, "[name=photo]")
    page.set_input_files("[name=photo]", picture_file(folder))
    type_in(page, "photo_description", "La porte ouverte")
    for following in ("ou", "quand", "conditions", "apercu"):
        enter(page, ON, f"**/{following}/")
    enter(page, ".preview button", "**/annonces/**")


def enter(page, selector, address):
    tab_to(page, selector)
    page.keyboard.press("Enter")
    page.wait_for_url(address)


def type_in(page, name, text, key=""):
    tab_to(page, f"[name={name}]")
    page.keyboard.type(text)
    if key:
        page.keyboard.press(key)
