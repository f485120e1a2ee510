"""My data: all of it in one file, then nothing left."""

import json

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from maillage.accounts.models import User
from maillage.conversations.models import Message
from maillage.directory.models import Claim, Mandate
from maillage.opportunities.models import Party
from maillage.opportunities.services import answer_opportunity, ask_search
from maillage.sharing.models import SavedSearch
from maillage.sharing.services import pause_listing
from tests.factories.accounts import UserFactory
from tests.factories.town import make_town
from tests.letters import deliver
from tests.web.accounts.conftest import PASSWORD

NEVER_WRITTEN = {"emailaddress.user", "user_groups.user", "user_user_permissions.user"}  # of Django and allauth
pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    """The member wrote a message, answered an opportunity, paused a listing, asked for a search."""
    town = make_town()
    town.member.set_password(PASSWORD)
    town.member.save()
    answer_opportunity(party_id=town.party.pk, author=town.member, answer=Party.Answer.INTERESTED)
    pause_listing(listing_id=town.offer.pk, author=town.member)
    ask_search(asked_by=town.member)
    return town


@pytest.fixture
def member(client, town, sign_in):
    sign_in(client, town.member.email, "autre-chose-31")
    sign_in(client, town.member.email)
    return client


def test_all_that_is_kept_is_in_the_file(member, town):
    response = member.get(reverse("my-data"))
    assert response["Content-Disposition"] == 'attachment; filename="mes-donnees-maillage.json"'
    assert response["Cache-Control"] == "no-store"
    data = json.loads(response.content)
    account = data["Compte"]
    assert (account["Adresse e-mail"], account["Nom affiché"]) == (town.member.email, "Alix Martin")
    assert [mandate["Structure"] for mandate in data["Mandats"]] == ["Harmonie de Revel"]
    assert [alert["Recherche"] for alert in data["Alertes"]] == ["Barnum, à moins de 25\u00a0km de Revel"]
    assert data["Nouvelles par e-mail"]["Rythme"] == "chaque semaine, le mardi"
    assert [message["Texte"] for message in data["Messages"]] == ["Jeudi à 18\u00a0h\u202f?"]
    assert [answer["Réponse"] for answer in data["Réponses à des occasions"]] == ["intéressée"]
    assert [one["Structure"] for one in data["Demandes d’agir pour une association"]] == ["Radio du canal"]
    assert len(data["Recherches d’occasions demandées"]) == 1
    assert [one["Lue jusqu’au message"] is None for one in data["Conversations lues"]] == [False]
    assert [one["Signalé par vous"] for one in data["Messages signalés ou examinés"]] == ["oui"]
    assert [one["Question"] for one in data["Questions sur des occasions"]] == ["Qui assure la camionnette\u202f?"]
    assert [draft["Écrit"] for draft in data["Brouillons d’annonces"]] == [town.begun.typed, town.ready.typed]
    assert [change["Quoi"] for change in data["Changements faits à votre nom"]] == [
        f"changement, annonce n°\u00a0{town.offer.pk}"
    ]
    assert "é" in response.content.decode()


def test_nothing_of_others_is_in_the_file(member, town):
    text = member.get(reverse("my-data")).content.decode()
    for other in (town.outsider, town.agent):
        assert other.email not in text
        assert other.name not in text
    assert town.member.password not in text


def test_each_table_that_names_people_is_in_the_file():
    """A new key to people must be told in web/accounts/personal_data, then here."""
    told = {"mandate.user", "message.author", "party.answered_by", "run.asked_by", "registerimport.asked_by"}
    told |= {"registerimport.undone_by"}
    told |= {"authenticator.user", "identity.user", "readingmark.user", "report.reported_by", "report.decided_by"}
    told |= {"claim.user", "claim.read_by", "claim.decided_by", "invitation.invited_by", "handover.made_by"}
    told |= {"savedsearch.user", "subscription.user", "reminder.user", "networkrequest.author"}
    told |= {"placeimport.asked_by", "placeimport.undone_by", "placereport.handled_by", "placereport.reported_by"}
    told |= {"dissolution.declared_by", "dissolution.taken_back_by"}
    told |= {"question.author", "question.answered_by", "draft.author", "inventory.author"}
    told |= {"conditionreport.author", "conditionreport.answered_by", "loanreminder.person", "incident.author"}
    told |= {"incidentword.author", "extension.author", "extension.answered_by"}
    told |= {"booking.author", "booking.ended_by", "approval.person"}
    told |= {"assistance.helper", "helprequest.author"}
    told |= {"mission.author", "engagement.user", "hourscorrection.by"}
    told |= {"inkindcontribution.recorded_by", "rate.author"}
    told |= {"volunteerhours.volunteer", "volunteerhours.written_by", "volunteerhours.validated_by"}
    told |= {"agreement.written_by", "version.made_by", "signature.person"}
    tables = {
        f"{model._meta.model_name}.{field.name}"
        for model in apps.get_models()
        if not model._meta.model_name.endswith(("event", "events"))  # the history, told by its context
        for field in model._meta.concrete_fields
        if field.related_model is User
    }
    assert tables - NEVER_WRITTEN == told


def test_an_account_is_erased_and_its_traces_stay_with_the_structures(member, town):
    pk, email = town.member.pk, town.member.email
    refused = member.post(reverse("erase-account"))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["understood"])
    assert member.post(reverse("erase-account"), {"understood": "on"})["Location"] == reverse("home")
    assert not User.objects.filter(pk=pk).exists()
    assert not Mandate.objects.filter(user=pk).exists()
    assert not Claim.objects.filter(user=pk).exists()
    assert not SavedSearch.objects.filter(user=pk).exists()
    message = Message.objects.get(structure=town.structure)
    assert (message.author, message.text) == (None, "Jeudi à 18\u00a0h\u202f?")
    town.party.refresh_from_db()
    assert (town.party.answered_by, town.party.answer) == (None, "interested")
    town.offer.refresh_from_db()
    (letter,) = deliver()
    assert (letter.to, letter.subject) == ([email], "Maillage\u00a0: votre compte est effacé")
    assert member.get(reverse("my-space")).status_code == 302


def test_nothing_names_the_person_any_more(member, town, sign_in):
    client = Client()
    email, name = town.member.email, town.member.name
    third = UserFactory()
    Mandate.objects.create(user=third, structure=town.structure, role="contributor", starts_on="2020-01-01")
    member.post(reverse("erase-account"), {"understood": "on"})
    client.force_login(third)
    page = client.get(reverse("conversation", args=[town.conversation.pk])).content.decode()
    assert "Harmonie de Revel</b>, une personne qui a quitté Maillage" in page
    assert name not in page
    client.force_login(town.agent)
    journal = client.get(reverse("journal")).content.decode()
    assert "Une personne qui a quitté Maillage" in journal
    assert name not in journal
    assert sign_in(Client(), email).status_code == 422


def test_an_erased_address_may_open_an_account_again(member, town, client):
    email = town.member.email
    member.post(reverse("erase-account"), {"understood": "on"})
    deliver()
    client.post(reverse("account_signup"), {"email": email})
    assert [letter.subject for letter in deliver()] == ["Maillage\u00a0: confirmez votre adresse e\u2011mail"]
