"""E-mails: what they hold, in both forms."""

import pytest
from django.core import mail

from maillage.kernel.letters import Action, Letter, send

pytestmark = pytest.mark.django_db

SITE = "https://maillage.example/"


def a_letter(**changes):
    facts = {"subject": "Maillage\u00a0: un essai", "title": "Bonjour <Odile>,", "why": "Vous avez un compte."}
    return Letter(**(facts | {"paragraphs": ("Jeudi & vendredi.",)} | changes))


def sent(letter):
    send(letter, to="odile@exemple.fr", site=SITE)
    (message,) = mail.outbox
    ((html, kind),) = [(part.content, part.mimetype) for part in message.alternatives]
    assert kind == "text/html"
    return message, html


def test_a_letter_says_the_same_as_text_and_as_html():
    message, html = sent(a_letter(action=Action("Lire", f"{SITE}page/?a=1&b=2"), code="123 456", after=("Merci.",)))
    assert message.to == ["odile@exemple.fr"]
    assert not message.cc + message.bcc
    for said in ("Bonjour <Odile>,", "Jeudi & vendredi.", "123 456", f"Lire\u00a0:\n{SITE}page/?a=1&b=2\n", "Merci."):
        assert said in message.body
    for said in ("Bonjour &lt;Odile&gt;,", "Jeudi &amp; vendredi.", "123 456", f'href="{SITE}page/?a=1&amp;b=2"'):
        assert said in html


def test_a_letter_asks_nothing_of_the_network():
    _, html = sent(a_letter(action=Action("Lire", SITE)))
    assert "src=" not in html
    assert "<link" not in html
    assert "url(" not in html


def test_a_letter_without_action_has_no_button():
    _, html = sent(a_letter())
    assert html.count("<a ") == 1  # the site, at the foot


def test_a_letter_names_who_runs_the_site(settings):
    settings.SITE_PUBLISHER, settings.SITE_PHONE = "le Département", "0561000000"
    message, html = sent(a_letter())
    assert "Ce site est géré par le Département." in message.body
    assert "05\u00a061\u00a000\u00a000\u00a000" in message.body
    assert "Ce site est géré par le Département." in html


@pytest.mark.parametrize("subject", ["a" * 61, "Un essai\nBcc: tous@exemple.fr"])
def test_a_subject_is_one_short_line(subject):
    with pytest.raises(ValueError, match="subject"):
        a_letter(subject=subject)
