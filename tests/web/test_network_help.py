"""A network acts for its member: either side asks, the other answers."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.directory.helping import HelpRefused
from maillage.directory.helping_members import accept_help, ask_help
from maillage.directory.models import Assistance, HelpRequest, Mandate
from maillage.engine.french import date_fr
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, NetworkMembershipFactory, StructureFactory
from tests.factories.sharing import ListingFactory
from tests.letters import address_in, deliver
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db
SITE = "https://maillage.example.org/"


class Side:
    """A structure, and a client of someone who represents it."""

    def __init__(self, name, person, **fields):
        self.person = UserFactory(name=person)
        self.structure = StructureFactory(name=name, **fields)
        MandateFactory(structure=self.structure, user=self.person)
        self.client = Client()
        sign_in(self.client, self.person)

    def page(self):
        return self.client.get(reverse("network", args=[self.structure.pk])).content.decode()

    def ask(self, other, until="dans un mois"):
        day = timezone.localdate() + timedelta(days=30)
        until = f"{day:%d/%m/%Y}" if until == "dans un mois" else until
        return self.client.post(reverse("ask-help", args=[self.structure.pk, other.structure.pk]), {"until": until})

    def answer(self, says):
        address = reverse("answer-help", args=[self.structure.pk, HelpRequest.objects.get().pk])
        return self.client.post(address, {"reponse": says}, follow=True).content.decode()


@pytest.fixture
def head():
    return Side("Fédération des foyers", "Solange P.", leads_network=True)


@pytest.fixture
def club(head):
    side = Side("Club de lecture", "Régine L.")
    NetworkMembershipFactory(head=head.structure, member=side.structure)
    return side


def sides(head, club, is_offer):
    return (head, club) if is_offer else (club, head)


@pytest.mark.parametrize("is_offer", [True, False])
def test_one_side_asks_and_the_other_accepts(head, club, is_offer):
    asking, asked = sides(head, club, is_offer)
    assert reverse("ask-help", args=[asking.structure.pk, asked.structure.pk]) in asking.page()
    asking.ask(asked)
    (letter,) = deliver()
    assert (letter.to, address_in(letter)) == ([asked.person.email], reverse("network", args=[asked.structure.pk]))
    assert f"jusqu’au {date_fr(timezone.localdate() + timedelta(days=30))}." in letter.body
    assert not Mandate.objects.helpers().exists()
    asked.answer("oui")
    given = Assistance.objects.get()
    assert (given.head, given.structure, given.helper) == (head.structure, club.structure, head.person)
    assert (given.asked_by, given.mandate.may_commit) == ("Régine L.", False)
    assert given.mandate.ends_on == timezone.localdate() + timedelta(days=30)
    told = {letter.to[0]: letter.subject for letter in deliver()}
    expected = {club.person.email: "On agit pour Club de lecture"}
    assert told == expected | ({head.person.email: "Vous agissez pour Club de lecture"} if is_offer else {})
    assert "Voir qui agit" in club.page()
    assert reverse("resume-help", args=[given.pk]) in head.page()
    assert reverse("stop-help", args=[given.pk]) in head.client.get(reverse("my-space")).content.decode()


def test_what_the_network_enters_names_it_to_all(head, club):
    club.ask(head)
    head.answer("oui")
    listing = ListingFactory(structure=club.structure, assistance=Assistance.objects.get())
    public = Client().get(reverse("listing", args=[listing.pk])).content.decode()
    assert "Saisi par «\u00a0Fédération des foyers\u00a0» pour cette association" in public
    assert "Solange" not in public
    mine = club.client.get(reverse("listing", args=[listing.pk])).content.decode()
    assert "aisi sur Maillage par Solange P., pour Fédération des foyers, à la demande de Régine L." in mine


@pytest.mark.parametrize("is_offer", [True, False])
def test_one_side_asks_and_the_other_refuses(head, club, is_offer):
    asking, asked = sides(head, club, is_offer)
    asking.ask(asked)
    deliver()
    asked.answer("non")
    (letter,) = deliver()
    assert letter.to == [asking.person.email]
    assert "n’a pas accepté" in letter.body
    assert not HelpRequest.objects.exists()
    asking.ask(asked)
    deliver()
    asking.answer("non")
    assert (deliver(), HelpRequest.objects.count()) == ([], 0)


def test_the_member_ends_it_and_leaving_the_network_ends_it(head, club):
    for leave in ("end", "leave"):
        club.ask(head)
        head.answer("oui")
        mandate = Mandate.objects.helpers().current().get()
        if leave == "end":
            club.client.post(reverse("end-mandate", args=[club.structure.pk, mandate.pk]))
        else:
            club.client.post(reverse("leave-network", args=[club.structure.pk]), {"reseau": head.structure.pk})
        assert not Mandate.objects.helpers().current().exists()


def test_who_helps_does_not_change_the_networks_of_the_member(head, club):
    club.ask(head)
    head.answer("oui")
    assert head.client.get(reverse("structure-edit", args=[club.structure.pk])).status_code == 200
    assert head.client.get(reverse("network", args=[club.structure.pk])).status_code == 404
    assert head.client.get(reverse("team", args=[club.structure.pk])).status_code == 404


def test_who_asked_does_not_answer_and_strangers_neither(head, club):
    club.ask(head)
    assert "n’attend plus de réponse" in club.answer("oui")
    stranger = Side("Autre club", "Noé")
    assert "n’attend plus de réponse" in stranger.answer("oui")
    stranger.answer("non")
    contributor = MandateFactory(structure=head.structure, role="contributor").user
    client = Client()
    sign_in(client, contributor)
    address = reverse("answer-help", args=[head.structure.pk, HelpRequest.objects.get().pk])
    assert client.post(address, {"reponse": "oui"}).status_code == 404
    assert (HelpRequest.objects.count(), Mandate.objects.helpers().count()) == (1, 0)


def test_only_members_ask_and_only_for_a_while(head, club):
    assert Side("Autre club", "Noé").ask(head).status_code == 404
    assert "un an au plus" in club.ask(head, until=f"31/12/{timezone.localdate().year + 2}").content.decode()
    assert "n’avons pas compris" in club.ask(head, until="bientôt").content.decode()
    assert "jour est passé" in club.ask(head, until=f"01/01/{timezone.localdate().year}").content.decode()
    club.ask(head)
    assert "attend déjà une réponse" in head.ask(club).content.decode()


def test_the_database_keeps_one_request_between_two_structures(head, club):
    club.ask(head)
    known = HelpRequest.objects.get()
    with pytest.raises(IntegrityError, match="help_request_unique"):
        HelpRequest.objects.create(
            head=known.head, member=known.member, is_offer=True, until=known.until, author=known.author
        )


@pytest.mark.django_db(transaction=True)
def test_two_of_the_head_who_accept_at_once_are_one(head, club):
    colleague = MandateFactory(structure=head.structure).user
    request = ask_help(
        head=head.structure,
        member=club.structure,
        author=club.person,
        until=timezone.localdate(),
        is_offer=False,
        site=SITE,
    )
    outcomes = at_once(
        *(
            lambda one=one: accept_help(request_id=request.pk, side=head.structure, author=one, site=SITE)
            for one in (head.person, colleague)
        )
    )
    assert {type(one) for one in outcomes} == {Assistance, HelpRefused}
    assert Mandate.objects.helpers().count() == 1
