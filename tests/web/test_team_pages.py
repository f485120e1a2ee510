"""The team of a structure: joining, inviting, changing, ending, and what the letters say."""

from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.limits import LIMITS, Limit
from maillage.accounts.models import User
from maillage.directory.models import Claim, Invitation, Mandate
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory
from tests.letters import address_in, deliver
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db
EMAIL = "odile@exemple.fr"


@pytest.fixture
def structure(mandate):
    return mandate.structure


@pytest.fixture
def newcomer():
    client = Client()
    client.person = UserFactory(name="Odile Delmas")
    client.force_login(client.person)
    return client


def page(client, structure):
    return client.get(reverse("team", args=[structure.pk])).content.decode()


def ask(client, structure, text="Je joue du tuba."):
    return client.post(reverse("ask-to-act", args=[structure.pk]), {"text": text})


def decide(client, structure, decision, refusal=""):
    pk = Claim.objects.get().pk
    fields = {"decision": decision, f"{pk}-refusal": refusal}
    return client.post(reverse("decide-joining", args=[structure.pk, pk]), fields)


def invite(client, structure, email=EMAIL, role="contributor", **fields):
    return client.post(reverse("invite", args=[structure.pk]), {"email": email, "role": role} | fields)


def change(client, mandate, **fields):
    fields = {"role": "representative"} | fields
    return client.post(reverse("change-mandate", args=[mandate.structure_id, mandate.pk]), fields)


def acts(person, structure):
    return list(structure.mandates.current().filter(user=person).values_list("role", flat=True))


@pytest.mark.parametrize("may_commit", [True, False])
def test_who_accepts_is_told_that_the_right_to_sign_goes_with_it(member, structure, may_commit):
    Claim.objects.create(structure=structure, user=UserFactory(), may_commit=may_commit)
    assert ("Dit pouvoir signer" in page(member, structure)) == may_commit


@pytest.mark.parametrize("role", ["representative", "contributor"])
def test_those_who_represent_a_structure_let_someone_join(member, structure, mandate, newcomer, role):
    contributor = MandateFactory(structure=structure, role="contributor")
    assert "Rejoindre cette association" in newcomer.get(structure.get_absolute_url()).content.decode()
    assert ask(newcomer, structure)["Location"] == reverse("my-space")
    receipt, letter = sorted(deliver(), key=lambda letter: letter.to == [mandate.user.email])
    assert receipt.to == [newcomer.person.email]
    assert "Les personnes qui représentent l’association la lisent" in receipt.body
    assert letter.to == [mandate.user.email]
    assert "Je joue du tuba." in letter.body
    assert contributor.user.email not in letter.to
    assert newcomer.person.email not in letter.body
    assert address_in(letter) == reverse("team", args=[structure.pk])
    assert "Odile Delmas" in page(member, structure)
    assert decide(member, structure, role)["Location"] == reverse("team", args=[structure.pk])
    assert acts(newcomer.person, structure) == [role]
    (told,) = deliver()
    assert told.to == [newcomer.person.email]


def test_a_refusal_is_polite_and_has_a_reason(member, structure, newcomer):
    ask(newcomer, structure)
    deliver()
    refused = decide(member, structure, "refused")
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["refusal"])
    decide(member, structure, "refused", "Venez d’abord nous voir.")
    assert "Venez d’abord nous voir." in deliver()[0].body
    assert "Venez d’abord nous voir." in newcomer.get(reverse("my-space")).content.decode()
    assert acts(newcomer.person, structure) == []


def test_a_message_is_asked_to_join(newcomer, structure):
    answer = ask(newcomer, structure, " ")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["text"])


def test_nobody_is_told_who_wants_no_letters(structure, mandate, newcomer):
    User.objects.filter(pk=mandate.user_id).update(hears_of_messages=False)
    ask(newcomer, structure)
    assert [letter.to for letter in deliver()] == [[newcomer.person.email]]


def test_outsiders_and_contributors_see_no_team(structure, newcomer):
    MandateFactory(structure=structure, user=newcomer.person, role="contributor")
    for client in (newcomer, Client()):
        assert client.get(reverse("team", args=[structure.pk])).status_code in (302, 404)
    assert ask(newcomer, structure)["Location"] == reverse("my-space")
    assert decide(newcomer, structure, "representative").status_code == 404


def test_a_team_of_one_is_told_to_invite_another(member, structure):
    assert "Invitez une deuxième personne" in page(member, structure)
    invite(member, structure)
    assert "1\u00a0invitation attend une réponse." in page(member, structure)
    assert "Invitez une deuxième personne" not in page(member, structure)
    MandateFactory(structure=structure, user__name="Odile Delmas")
    assert "Invitez une deuxième personne" not in page(member, structure)
    assert "Odile Delmas" in page(member, structure)


def test_a_stranger_is_invited_opens_an_account_and_acts(member, structure, mandate):
    assert invite(member, structure, role="representative")["Location"] == reverse("team", args=[structure.pk])
    assert EMAIL in page(member, structure)
    (letter,) = deliver()
    assert letter.to == [EMAIL]
    assert mandate.user.name in letter.body
    address = address_in(letter)
    stranger = Client()
    shown = stranger.get(address).content.decode()
    assert f"{reverse('account_signup')}?next={quote(address, safe='')}" in shown
    assert stranger.post(address).status_code == 200
    assert not Mandate.objects.exclude(pk=mandate.pk).exists()
    stranger.post(reverse("account_signup"), {"email": EMAIL, "next": address})
    join = address_in(deliver()[0])
    assert stranger.post(join, {"name": "Odile", "password": "une-laine-bleue"})["Location"] == address
    assert stranger.post(address)["Location"] == structure.get_absolute_url()
    assert acts(User.objects.get(email=EMAIL), structure) == ["representative"]
    assert not Invitation.objects.exists()
    assert "Vous en faites déjà partie" in stranger.get(address).content.decode()
    for other in (Client(), member):
        assert other.get(address).status_code == 410
    assert "Vous en faites déjà partie" not in Client().get(address).content.decode()


def test_nothing_tells_whether_an_invited_address_is_known(member, structure):
    known = UserFactory()
    MandateFactory(user=known, structure=structure)
    answers = [invite(member, structure, email) for email in (known.email, EMAIL)]
    pages = [member.get(reverse("team", args=[structure.pk])).content.decode() for _ in answers]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert all(email in pages[0] for email in (known.email, EMAIL))
    letters = deliver()
    assert letters[0].subject == letters[1].subject


def test_an_invitation_lapses_and_is_cancelled(member, structure, newcomer):
    invite(member, structure)
    address = address_in(deliver()[0])
    with time_machine.travel(timezone.now() + timezone.timedelta(days=14, minutes=1)):
        newcomer.force_login(newcomer.person)
        assert newcomer.post(address).status_code == 410
    pk = Invitation.objects.get().pk
    member.post(reverse("cancel-invitation", args=[structure.pk, pk]))
    newcomer.force_login(newcomer.person)
    assert newcomer.post(address).status_code == 410
    page(member, structure)  # which says that it is cancelled, and to whom it was sent
    assert EMAIL not in page(member, structure)


def test_invitations_are_counted(member, structure, monkeypatch):
    monkeypatch.setitem(LIMITS, "invitation", {"about": Limit(2, 3600)})
    assert [invite(member, structure, email).status_code for email in (EMAIL, EMAIL.upper(), EMAIL)] == [302, 302, 429]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "odile"}, "email"),
        ({"email": ""}, "email"),
        ({"role": "chief"}, "role"),
        ({"may_commit": "on", "role": "representative"}, "__all__"),
        ({"may_commit": "on", "role": "contributor"}, "may_commit"),
    ],
)
def test_a_wrong_invitation_is_refused_and_kept(member, structure, fields, wrong):
    answer = invite(member, structure, **fields)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [wrong])
    assert deliver() == []


def test_a_mandate_is_changed(member, structure, mandate):
    other = MandateFactory(structure=structure)
    assert change(member, other, role="contributor", ends_on="31/12/2030").status_code == 302
    other.refresh_from_db()
    assert (other.role, str(other.ends_on)) == ("contributor", "2030-12-31")
    assert "jusqu’au mardi 31\u00a0décembre 2030" in page(member, structure)
    for fields, wrong in (
        ({"ends_on": "1/1/2020"}, "__all__"),
        ({"ends_on": "bientôt"}, "ends_on"),
        ({"role": ""}, "role"),
    ):
        answer = change(member, other, **fields)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [wrong])


def test_the_last_representative_is_told_what_to_do(member, structure, mandate):
    answer = change(member, mandate, role="contributor")
    assert answer.status_code == 422
    assert "Invitez d’abord quelqu’un, ou demandez à l’équipe du territoire." in answer.content.decode()
    ended = member.post(reverse("end-mandate", args=[structure.pk, mandate.pk]), follow=True)
    assert "Invitez d’abord quelqu’un" in ended.content.decode()
    MandateFactory(structure=structure)
    left = member.post(reverse("end-mandate", args=[structure.pk, mandate.pk]))
    assert left["Location"] == reverse("my-space")
    assert member.get(reverse("team", args=[structure.pk])).status_code == 404
    assert acts(mandate.user, structure) == []


def test_someone_comes_back_after_an_end(member, structure, newcomer):
    MandateFactory(structure=structure, user=newcomer.person, ended=True)
    ask(newcomer, structure)
    decide(member, structure, "representative")
    assert acts(newcomer.person, structure) == ["representative"]


def test_claims_that_wait_go_to_the_first_representative(client, mandate, structure, newcomer):
    Mandate.objects.all().delete()
    newcomer.post(reverse("ask-to-act", args=[structure.pk]), {"position": "tubiste", "may_commit": "on"})
    second = UserFactory(name="Noé Benali")
    client.force_login(second)
    client.post(reverse("ask-to-act", args=[structure.pk]), {"position": "président", "may_commit": "on"})
    agent = Client()
    agent.force_login(UserFactory(agent=True))
    first = Claim.objects.get(user=second)
    assert [letter.subject for letter in deliver()] == ["Votre demande est arrivée"] * 2
    agent.post(reverse("decide-claim", args=[first.pk]), {"decision": "accepted", f"{first.pk}-refusal": ""})
    assert sorted(letter.to for letter in deliver()) == [[second.email], [second.email]]
    assert "tubiste" in page(client, structure)
    left = Claim.objects.waiting().get()
    client.post(reverse("decide-joining", args=[structure.pk, left.pk]), {"decision": "representative"})
    assert structure.mandates.get(user=newcomer.person).may_commit


def test_an_erased_address_leaves_no_invitation(client, member, structure, newcomer):
    invite(member, structure, newcomer.person.email)
    sign_in(newcomer, newcomer.person)
    data = newcomer.get(reverse("my-data")).json()
    assert [one["Écrite par vous"] for one in data["Invitations à agir pour une association"]] == ["non"]
    newcomer.post(reverse("erase-account"), {"understood": "on"})
    assert not Invitation.objects.exists()
