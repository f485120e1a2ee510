"""A form whose session ended, or whose token is too old: what was typed is kept, and sent again after signing in."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from maillage.conversations.models import Message
from maillage.sharing.models import Draft, Listing
from tests.factories.conversations import ConversationFactory
from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory
from tests.sharing.test_photos import photo_file
from tests.web.test_publishing_pages import OFFER_FORM, filled

pytestmark = pytest.mark.django_db
PASSWORD = "tricot-et-pastel"
OURS = {"Origin": "http://testserver"}


@pytest.fixture
def browser(mandate):
    """A client that asks for tokens as the site does; the person of ``mandate`` may sign in with PASSWORD."""
    mandate.user.set_password(PASSWORD)
    mandate.user.save()
    return Client(enforce_csrf_checks=True)


def token(browser, address="/compte/connexion/"):
    """A token such as a page that is open in a tab holds."""
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get(address).content.decode())[1]


def sign_in(browser, user):
    typed = {"login": user.email, "password": PASSWORD, "csrfmiddlewaretoken": token(browser)}
    assert browser.post(reverse("account_login"), typed).status_code == 302


def send_again(browser, response):
    """Press the button of the page that keeps what was typed, as a browser would."""
    page = response.content.decode()
    address = unescape(re.search(r'<form class="form" method="post" action="([^"]*)"', page)[1])
    fields = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page):
        fields.setdefault(name, []).append(unescape(value))
    return browser.post(address, fields, headers=OURS)


def test_a_screen_typed_while_the_session_ended_is_saved_after_signing_in(browser, mandate):
    text = "Deux places.\nPermis B, « rien » d’autre & <b>c’est tout</b>."
    typed = filled(mandate, text=text, csrfmiddlewaretoken=token(browser))
    lost = browser.post(OFFER_FORM, typed, headers=OURS)
    assert (lost.status_code, Listing.objects.count()) == (403, 0)
    assert "Votre session est terminée" in lost.content.decode()
    still = send_again(browser, lost)
    assert "Votre session est terminée" in still.content.decode()
    sign_in(browser, mandate.user)
    asked = send_again(browser, still)
    assert (asked.status_code, "Encore un clic" in asked.content.decode()) == (403, True)
    saved = send_again(browser, asked)
    draft = Draft.objects.get()
    assert saved.url == reverse("draft-screen", args=[draft.pk, "ou"])
    assert (draft.said("quoi", "text"), draft.structure) == (text, mandate.structure)


def test_a_message_typed_before_signing_in_again_elsewhere_is_kept(browser, mandate):
    conversation = ConversationFactory(structures=[mandate.structure, MandateFactory().structure])
    sign_in(browser, mandate.user)
    old = token(browser, conversation.get_absolute_url())
    browser.logout()
    sign_in(browser, mandate.user)
    typed = {"text": "Jeudi à 18 h ?", "csrfmiddlewaretoken": old}
    asked = browser.post(conversation.get_absolute_url(), typed, headers=OURS)
    assert (asked.status_code, Message.objects.count()) == (403, 0)
    assert send_again(browser, asked).status_code == 302
    assert Message.objects.get().text == "Jeudi à 18 h ?"


def test_a_button_pressed_after_the_session_ended_works_once_signed_in(browser, mandate):
    listing = ListingFactory(structure=mandate.structure)
    address = reverse("pause-listing", args=[listing.pk])
    lost = browser.post(address, {"csrfmiddlewaretoken": token(browser)}, headers=OURS)
    sign_in(browser, mandate.user)
    assert send_again(browser, send_again(browser, lost)).status_code == 302
    listing.refresh_from_db()
    assert listing.state == "paused"


def test_a_file_is_not_kept_and_may_be_chosen_again(browser, mandate):
    typed = filled(mandate, photo=photo_file(), csrfmiddlewaretoken=token(browser))
    page = browser.post(OFFER_FORM, typed, headers=OURS).content.decode()
    assert "Choisissez à nouveau votre fichier" in page
    assert '<input type="file" id="file-photo" name="photo">' in page


@pytest.mark.parametrize("origin", [None, "https://ailleurs.fr", "null", "http://testserver.ailleurs.fr"])
def test_a_form_that_comes_from_elsewhere_is_not_sent_again(browser, mandate, origin):
    sign_in(browser, mandate.user)
    listing = ListingFactory(structure=mandate.structure)
    headers = {"Origin": origin} if origin else {}
    response = browser.post(reverse("close-listing", args=[listing.pk]), {"reason": "piège"}, headers=headers)
    assert response.status_code == 403
    assert "piège" not in response.content.decode()


def test_a_password_is_never_written_back(browser, mandate):
    typed = {"login": mandate.user.email, "password": PASSWORD, "csrfmiddlewaretoken": "x" * 64}
    response = browser.post(reverse("account_login"), typed, headers=OURS)
    assert response.status_code == 403
    assert PASSWORD not in response.content.decode()
