"""Networks: ask, invite, answer, leave; what the head sees of its members."""

import pytest
from django.test import Client
from django.urls import reverse

from maillage.accounts.models import User
from maillage.directory.models import NetworkMembership, NetworkRequest, Structure
from maillage.directory.networks import NetworkRefused, ask_membership
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, NetworkMembershipFactory, StructureFactory
from tests.factories.sharing import ListingFactory
from tests.letters import address_in, deliver
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db


class Side:
    """A structure, and a client of someone who acts for it."""

    def __init__(self, **fields):
        self.mandate = MandateFactory(**{f"structure__{name}": value for name, value in fields.items()})
        self.structure, self.client = self.mandate.structure, Client()
        sign_in(self.client, self.mandate.user)

    def page(self, **asked):
        return self.client.get(reverse("network", args=[self.structure.pk]), asked)

    def press(self, name, *keys, **fields):
        address = reverse(name, args=[self.structure.pk, *keys])
        return self.client.post(address, fields, follow=True).content.decode()


@pytest.fixture
def head():
    return Side(name="Fédération des foyers", leads_network=True)


@pytest.fixture
def club():
    return Side(name="Club de lecture")


def memberships():
    return list(NetworkMembership.objects.values_list("head__name", "member__name"))


def test_a_club_asks_to_join_and_the_head_accepts(head, club):
    assert head.structure in club.page(nom="fédération").context["found"]
    assert "La demande est partie." in club.press("ask-network", reseau=head.structure.pk)
    assert memberships() == []
    request = NetworkRequest.objects.get()
    assert "Demande à rejoindre votre réseau" in head.page().content.decode()
    assert "un membre de plus" in head.press("answer-network", request.pk, reponse="oui")
    assert memberships() == [("Fédération des foyers", "Club de lecture")]
    assert "Fédération des foyers" in club.page().content.decode()


def test_a_head_invites_and_the_club_refuses(head, club):
    assert club.structure in head.page(nom="lecture").context["found"]
    head.press("ask-network", membre=club.structure.pk)
    request = NetworkRequest.objects.get()
    assert "Vous invite dans son réseau" in club.page().content.decode()
    club.press("answer-network", request.pk, reponse="non")
    assert (memberships(), NetworkRequest.objects.count()) == ([], 0)


@pytest.mark.parametrize("accepts", [True, False])
@pytest.mark.parametrize("head_invites", [True, False])
def test_each_step_is_told_once_to_the_other_side(head, club, head_invites, accepts):
    asking, asked = (head, club) if head_invites else (club, head)
    asking.press("ask-network", **{"membre" if head_invites else "reseau": asked.structure.pk})
    (letter,) = deliver()
    assert letter.to == [asked.mandate.user.email]
    assert len(letter.subject) <= 60
    assert asking.structure.name in letter.subject
    assert address_in(letter) == reverse("network", args=[asked.structure.pk])
    asked.press("answer-network", NetworkRequest.objects.get().pk, reponse="oui" if accepts else "non")
    (letter,) = deliver()
    assert letter.to == [asking.mandate.user.email]
    assert asked.structure.name in letter.subject
    assert ("n’a pas accepté" in letter.body) is not accepts
    assert address_in(letter) == reverse("network", args=[asking.structure.pk])


def test_what_is_taken_back_or_crossed_tells_no_refusal(head, club):
    head.press("ask-network", membre=club.structure.pk)
    head.press("answer-network", NetworkRequest.objects.get().pk, reponse="non")
    assert deliver() == []
    head.press("ask-network", membre=club.structure.pk)
    deliver()
    club.press("ask-network", reseau=head.structure.pk)
    (letter,) = deliver()
    assert (letter.to, "a accepté votre invitation" in letter.body) == ([head.mandate.user.email], True)


def test_who_wants_no_letter_gets_none_and_long_names_fit(head, club):
    User.objects.filter(pk=head.mandate.user.pk).update(hears_of_messages=False)
    other = MandateFactory(structure=head.structure)
    MandateFactory(structure=head.structure, role="contributor")
    Structure.objects.filter(pk=club.structure.pk).update(name="Club de lecture des coteaux et de la plaine " * 3)
    club.press("ask-network", reseau=head.structure.pk)
    (letter,) = deliver()
    assert (letter.to, len(letter.subject)) == ([other.user.email], 60)


def test_who_asked_does_not_answer_for_the_other(head, club):
    club.press("ask-network", reseau=head.structure.pk)
    request = NetworkRequest.objects.get()
    assert "n’attend plus de réponse" in club.press("answer-network", request.pk, reponse="oui")
    outsider = Side()
    outsider.press("answer-network", request.pk, reponse="oui")
    outsider.press("answer-network", request.pk, reponse="non")
    assert (memberships(), NetworkRequest.objects.count()) == ([], 1)


@pytest.mark.parametrize(
    ("side", "fields"),
    [("head", {"leads_network": False}), ("club", {"state": "dissolved"}), ("head", {"state": "dissolved"})],
)
def test_what_has_ended_meanwhile_is_not_joined(head, club, side, fields):
    club.press("ask-network", reseau=head.structure.pk)
    asked = {"head": head, "club": club}[side].structure
    Structure.objects.filter(pk=asked.pk).update(**fields)
    head.press("answer-network", NetworkRequest.objects.get().pk, reponse="oui")
    assert memberships() == []


def test_a_request_and_an_invitation_meet(head, club):
    head.press("ask-network", membre=club.structure.pk)
    club.press("ask-network", reseau=head.structure.pk)
    assert memberships() == [("Fédération des foyers", "Club de lecture")]
    assert NetworkRequest.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"reseau": "9" * 30}, "Choisissez une autre structure"),
        ({}, "Choisissez une autre structure"),
        ({"membre": "x"}, "Choisissez une autre structure"),
        ({"membre": "9" * 5_000}, "Choisissez une autre structure"),
    ],
)
def test_a_structure_that_is_not_there_is_refused(club, fields, said):
    assert said in club.press("ask-network", **fields)


def test_what_makes_no_sense_is_refused(head, club):
    assert "n’anime pas de réseau" in head.press("ask-network", reseau=club.structure.pk)
    assert "Choisissez une autre structure" in head.press("ask-network", membre=head.structure.pk)
    club.press("ask-network", reseau=head.structure.pk)
    assert "attend déjà une réponse" in club.press("ask-network", reseau=head.structure.pk)
    NetworkMembershipFactory(head=head.structure, member=club.structure)
    assert "fait déjà partie" in head.press("ask-network", membre=club.structure.pk)


def test_each_side_may_leave(head, club):
    other = Side()
    for side in (club, other):
        NetworkMembershipFactory(head=head.structure, member=side.structure)
    club.press("leave-network", reseau=head.structure.pk)
    head.press("leave-network", membre=other.structure.pk)
    assert memberships() == []


def test_a_structure_says_that_it_leads_a_network_and_takes_it_back(club):
    club.press("lead-network", anime="oui")
    club.structure.refresh_from_db()
    assert club.structure.leads_network
    membership = NetworkMembershipFactory(head=club.structure)
    assert "Votre réseau a des membres" in club.press("lead-network", anime="non")
    membership.delete()
    club.press("lead-network", anime="non")
    club.structure.refresh_from_db()
    assert not club.structure.leads_network


def test_the_head_sees_what_its_members_show_it(head, club):
    NetworkMembershipFactory(head=head.structure, member=club.structure)
    ListingFactory(structure=club.structure, title="Mille livres", visibility="network")
    ListingFactory(structure=club.structure, title="Salle du club", need=True)
    ListingFactory(structure=club.structure, title="Pour une seule", visibility="chosen")
    ListingFactory(structure=club.structure, title="En pause", paused=True)
    context = head.page().context
    assert [(one.offers, one.needs) for one in context["members"]] == [(1, 1)]
    assert [one.title for one in context["offers"]] == ["Mille livres"]
    assert [one.title for one in context["needs"]] == ["Salle du club"]


@pytest.mark.parametrize("count", [1, 5])
def test_the_cost_of_the_page_does_not_grow(head, count, django_assert_num_queries):
    for _ in range(count):
        member = NetworkMembershipFactory(head=head.structure).member
        ListingFactory(structure=member)
        ListingFactory(structure=member, need=True)
        NetworkRequest.objects.create(head=head.structure, member=StructureFactory(), is_invitation=False)
    head.page()
    with django_assert_num_queries(23):
        head.page()


def test_members_of_a_large_network_are_shown_fifty_at_a_time(head):
    for number in range(51):
        member = NetworkMembershipFactory(head=head.structure, member__name=f"Club {number:02}").member
    ListingFactory(structure=member)
    first, second = (head.client.get(reverse("network", args=[head.structure.pk]), {"page": n}) for n in (1, 2))
    assert [one.name for one in first.context["members"]] == [f"Club {number:02}" for number in range(50)]
    assert [(one.name, one.offers, one.needs) for one in second.context["members"]] == [("Club 50", 1, 0)]


def test_the_journal_tells_of_memberships(head, club):
    NetworkMembershipFactory(head=head.structure, member=club.structure)
    agent = Client()
    sign_in(agent, UserFactory(agent=True))
    which = [entry.which for entry in agent.get(reverse("journal")).context["entries"]]
    assert "de Club de lecture au réseau de Fédération des foyers" in which


@pytest.mark.django_db(transaction=True)
def test_a_request_and_an_invitation_at_the_same_moment_make_one_membership(head, club):
    pair = {"head_id": head.structure.pk, "member_id": club.structure.pk}
    author = club.mandate.user
    done = at_once(
        *[
            lambda is_invitation=is_invitation: ask_membership(**pair, author=author, is_invitation=is_invitation)
            for is_invitation in (True, False)
        ]
    )
    assert not [one for one in done if isinstance(one, NetworkRefused)]
    assert (len(memberships()), NetworkRequest.objects.count()) == (1, 0)
