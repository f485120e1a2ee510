"""The letters of each app as a reader of e-mail shows them."""

import inspect
from datetime import date, timedelta

import pytest
from django.utils import timezone

from maillage.accounts import letters as of_accounts
from maillage.agreements import letters as of_agreements
from maillage.conversations import letters as of_conversations
from maillage.conversations.models import Message, Report
from maillage.conversations.queries import Unread
from maillage.digest import letters as of_digest
from maillage.digest.news import News
from maillage.directory import help_letters as of_helps
from maillage.directory import letters as of_directory
from maillage.directory import network_letters as of_networks
from maillage.directory import visitor_emails as of_visitors
from maillage.directory.models import Assistance, Claim, Dissolution, HandOver, Invitation, VisitorLetter
from maillage.kernel.letters import Letter, send
from maillage.opportunities import letters as of_dissolutions
from maillage.places import letters as of_places
from maillage.sharing.models import SavedSearch
from tests.browser import checks
from tests.factories.accounts import UserFactory
from tests.factories.agreements import make_agreement
from tests.factories.conversations import ConversationFactory
from tests.factories.directory import StructureFactory
from tests.factories.opportunities import make_opportunity
from tests.factories.places import PlaceReportFactory
from tests.factories.sharing import ListingFactory

PAGE = ("landmark", "region")  # rules about the regions of a page, that a message has not
SITE = "https://maillage.example.org/"
MODULES = (
    *(of_accounts, of_agreements, of_conversations, of_digest, of_directory),
    *(of_dissolutions, of_helps, of_places, of_visitors),
)
LETTERS = {"about_network": of_networks.about_network} | {
    name: function
    for letters in MODULES
    for name, function in inspect.getmembers(letters, inspect.isfunction)
    if function.__module__ == letters.__name__ and not name.startswith("_")
}


@pytest.fixture
def letter(request, db):
    facts = {"person": UserFactory(name="Monique Fabre"), "email": "odile@exemple.fr", "site": SITE, "code": "123456"}
    facts |= {"next_url": "", "by": "Camille Roux"}
    facts |= {"name": "Monique Fabre", "what": "Une clé d’accès est ajoutée\u00a0: Mon téléphone."}
    structure = StructureFactory(name="Foyer rural de Vaudreuille")
    text = "Bonjour\u202f!\n\nLe barnum serait pour le 14\u00a0juin."
    facts["message"] = Message.objects.create(conversation=ConversationFactory(), structure=structure, text=text)
    facts["message"].author = facts["person"]
    facts["report"] = Report(message=facts["message"], reported_by=facts["person"], reason="advertising")
    facts["place_report"] = PlaceReportFactory()
    facts["claim"] = Claim(pk=1, structure=structure, user=facts["person"], position="trésorière")
    facts["claim"].question = "Depuis quand êtes-vous trésorière\u202f?"
    inviting = {"email": "odile@exemple.fr", "role": "representative", "invited_by": facts["person"]}
    word = "Les clés sont à la mairie.\n\nMerci\u202f!"
    facts["hand_over"] = HandOver(pk=1, structure=structure, day=date(2027, 7, 1), word=word)
    inviting["hand_over"] = facts["hand_over"]
    facts["invitation"] = Invitation(pk=1, structure=structure, **inviting)
    head = StructureFactory(name="Fédération des foyers ruraux")
    facts |= {"event": "help_offered", "head": head, "member": structure, "until": "2026-12-20"}
    day, until = date(2026, 11, 25), date(2026, 12, 20)
    asked = {"asked_by": "Mme Delmas", "how": "phone", "asked_on": day, "until": until}
    facts["given"] = Assistance(structure=structure, head=head, helper=facts["person"], **asked)
    facts["dissolution"] = Dissolution(structure=structure, is_declared=True, day=day)
    facts["back"] = {"mandates": 1, "listings": 3, "memberships": 1}
    facts["reasons"] = ["team", "network"]
    visitor = {"name": "Odile Delmas", "email": "odile@exemple.fr", "text": text}
    facts["letter"] = VisitorLetter.objects.create(structure=structure, **visitor)
    facts["news"] = some_news(facts["person"])
    facts["agreement"] = make_agreement(state="in_force")
    facts["agreement"].closed_on = date(2026, 11, 25)
    facts["today"] = date(2026, 11, 25)
    facts["ending"] = [
        ListingFactory(title=f"Barnum {number}", valid_until=facts["today"] + timedelta(days=number))
        for number in range(-1, 4)
    ]
    function = LETTERS[request.param]
    return function(**{name: facts[name] for name in inspect.signature(function).parameters})


def some_news(person):
    """Some of each kind, and more than a section shows."""
    vans = [ListingFactory(title=f"Fourgon du foyer, {number}\u00a0m³") for number in range(9, 16)]
    need = ListingFactory(need=True, title="Un camion pour le festival")
    opportunity = make_opportunity((vans[0], need))
    alert = SavedSearch(direction="offer", words="camionnette", place=need.commune, radius_km=25, weekday=5)
    return News(
        person=person,
        since=timezone.now(),
        alerts=[(alert, vans)],
        matches=[(need, vans[:1])],
        unread=[Unread(1, "Prêt de tables", 2, timezone.now(), ["Radio du canal"])],
        parties=list(opportunity.parties.all()),
    )


@pytest.mark.parametrize("letter", LETTERS, indirect=True)
def test_a_letter_is_accessible_and_french_at_every_width(open_page, letter, mailoutbox, settings):
    settings.SITE_PHONE, settings.SITE_PUBLISHER = "0561000000", "le Département de la Haute-Garonne"
    assert isinstance(letter, Letter)
    send(letter, to="odile@exemple.fr", site=SITE)
    page = open_page()
    page.set_content(mailoutbox[0].alternatives[0].content)
    defects = checks.defects_of_text(page)
    for width in (320, 390, 700):
        page.set_viewport_size({"width": width, "height": 900})
        found = checks.ask(page, "tooWide()") + [
            one for one in checks.breaches_of_axe(page) if not one.startswith(PAGE)
        ]
        defects += [f"at {width} px: {defect}" for defect in found]
    assert defects == []
