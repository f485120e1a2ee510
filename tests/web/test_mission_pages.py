"""Missions through their pages: written, published, answered; what each may read."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.volunteering.models import Engagement, Mission
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, NetworkMembershipFactory
from tests.factories.sharing import ListingFactory
from tests.factories.volunteering import EngagementFactory, MissionFactory
from tests.letters import address_in, deliver

pytestmark = pytest.mark.django_db
IN_A_WEEK = timezone.localdate() + timedelta(days=7)
TYPED = {
    "title": "Tenir la buvette",
    "tasks": "Servir, tenir la caisse.",
    "commune": "Revel",
    "place": "salle des fêtes",
    "first_day": f"{IN_A_WEEK:%d/%m/%Y}",
    "hours": "de 14 h à 18 h",
    "places": "3",
    "insurer": "Mutuelle des coteaux",
    "policy": "31-4425",
    "contact_role": "la responsable de la buvette",
    "visibility": "everyone",
}


@pytest.fixture
def structure(mandate):
    return mandate.structure


def write(client, structure, **typed):
    return client.post(reverse("write-mission", args=[structure.pk]), TYPED | typed)


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def accepting(mission, **ticked):
    return {"has_read": "on", "is_of_age": "on", "terms_at": mission.terms_at.isoformat()} | ticked


def test_a_mission_is_written_published_and_found(member, structure, client):
    response = write(member, structure, publier="oui")
    mission = Mission.objects.get()
    assert response["Location"] == mission.get_absolute_url()
    assert (mission.state, mission.places, mission.last_day) == ("published", 3, IN_A_WEEK)
    for address in (reverse("missions"), reverse("structure", args=[structure.pk]), mission.get_absolute_url()):
        assert "Tenir la buvette" in Client().get(address).content.decode()


def test_a_mission_without_insurance_is_kept_as_a_draft_and_not_published(member, structure):
    refused = write(member, structure, policy="", publier="oui")
    page = refused.content.decode()
    assert refused.status_code == 422
    assert refused.context["form"].errors["policy"] == [
        "Écrivez le numéro de votre contrat d’assurance. Sans lui, une mission ne se publie pas."
    ]
    assert "Mutuelle des coteaux" in page  # what was typed stays
    assert not Mission.objects.exists()
    write(member, structure, policy="")
    mission = Mission.objects.get()
    assert mission.state == "draft"
    response = member.post(reverse("publish-mission", args=[mission.pk]), follow=True)
    assert "une mission ne se publie pas" in response.content.decode()
    assert Client().get(mission.get_absolute_url()).status_code == 404


def test_days_in_the_wrong_order_are_refused(member, structure):
    refused = write(member, structure, last_day=f"{IN_A_WEEK - timedelta(days=1):%d/%m/%Y}")
    assert refused.context["form"].errors == {
        "last_day": ["Le dernier jour est avant le premier. Changez l’un des deux."]
    }


def test_the_form_begins_with_the_need_and_the_insurance_of_last_time(member, structure):
    MissionFactory(structure=structure, insurer="Mutuelle du canal", policy="77-1")
    need = ListingFactory(structure=structure, need=True, category="services.volunteers.event_help", title="Des bras")
    assert "En faire une mission" in member.get(need.get_absolute_url()).content.decode()
    address = f"{reverse('write-mission', args=[structure.pk])}?annonce={need.pk}"
    initial = member.get(address).context["form"].initial
    assert (initial["title"], initial["insurer"], initial["policy"]) == ("Des bras", "Mutuelle du canal", "77-1")
    member.post(address, TYPED)
    assert Mission.objects.get(title="Tenir la buvette").listing == need


@pytest.mark.parametrize("asked", ["x", "0", "9" * 40, "²"])
def test_a_need_that_is_not_theirs_is_ignored(member, structure, asked):
    ListingFactory()
    assert member.get(f"{reverse('write-mission', args=[structure.pk])}?annonce={asked}").status_code == 200


def test_partners_are_chosen_in_the_networks_of_the_organiser(member, structure):
    head = NetworkMembershipFactory(member=structure).head
    write(member, structure, partners=[head.pk])
    mission = Mission.objects.get()
    assert list(mission.partners.all()) == [head]
    member.post(reverse("edit-mission", args=[mission.pk]), TYPED | {"partners": []})
    assert list(mission.partners.all()) == []


def test_a_volunteer_reads_accepts_and_withdraws():
    mission = MissionFactory()
    person = UserFactory()
    client = signed_in(person)
    page = client.get(mission.get_absolute_url()).content.decode()
    for read in (
        mission.tasks,
        "Salle des fêtes",
        "14\u00a0h à 18\u00a0h",
        mission.insurer,
        mission.policy,
        "Organisée par",
    ):
        assert read in page
    refused = client.post(reverse("accept-mission", args=[mission.pk]), accepting(mission, is_of_age=""))
    assert "accord d’un parent" in refused.content.decode()
    assert client.post(reverse("accept-mission", args=[mission.pk]), accepting(mission)).status_code == 302
    assert mission.title in client.get(reverse("my-missions")).content.decode()
    client.post(reverse("withdraw-from-mission", args=[mission.pk]))
    assert Engagement.objects.get().state == "withdrawn"


@pytest.mark.parametrize("moment", ["", "hier", "2020-01-01T00:00:00+00:00"])
def test_what_was_read_travels_with_the_page(moment):
    mission = MissionFactory()
    refused = signed_in(UserFactory()).post(
        reverse("accept-mission", args=[mission.pk]), accepting(mission, terms_at=moment)
    )
    assert refused.status_code == 422
    assert "La mission vient de changer." in refused.content.decode()


def test_a_visitor_reads_neither_the_policy_nor_the_phone():
    mission = MissionFactory(contact_phone="05 36 49 12 34")
    page = Client().get(mission.get_absolute_url()).content.decode()
    assert mission.insurer in page
    assert mission.policy not in page
    assert "05\u00a036" not in page


def test_who_comes_is_known_to_the_team_alone(member, structure):
    mission = MissionFactory(structure=structure)
    EngagementFactory(mission=mission, user__name="Odile Delmas")
    EngagementFactory(mission=mission, invited=True, email="secret@exemple.fr")
    page = member.get(mission.get_absolute_url()).content.decode()
    assert "Odile Delmas" in page
    assert "secret@exemple.fr" in page
    partner = MandateFactory()
    mission.partnerships.create(structure=partner.structure)
    for client in (Client(), signed_in(partner.user), signed_in(UserFactory(agent=True))):
        for address in (mission.get_absolute_url(), reverse("missions"), structure.get_absolute_url()):
            page = client.get(address, follow=True).content.decode()
            assert "Odile Delmas" not in page
            assert "secret@exemple.fr" not in page


def test_an_invitation_leads_to_the_mission_and_is_accepted_with_any_account(member, structure):
    mission = MissionFactory(structure=structure, visibility="invited")
    member.post(reverse("invite-volunteer", args=[mission.pk]), {"email": "odile@exemple.fr"})
    address = address_in(deliver()[0])
    assert "Créer un compte" in Client().get(address).content.decode()
    person = UserFactory()
    assert signed_in(person).get(mission.get_absolute_url()).status_code == 404
    signed_in(person).post(address, accepting(mission))
    assert Engagement.objects.get().user == person
    assert signed_in(person).get(mission.get_absolute_url()).status_code == 200
    assert Client().get(address).status_code == 410


def test_a_full_mission_says_so_on_each_page():
    mission = MissionFactory(places=1)
    EngagementFactory(mission=mission)
    invited = EngagementFactory(mission=mission, invited=True)
    client = signed_in(UserFactory(email=invited.email))
    assert "J’accepte cette mission" not in client.get(mission.get_absolute_url()).content.decode()
    refused = client.post(reverse("accept-mission", args=[mission.pk]), accepting(mission))
    assert "complète\u00a0: une autre personne a pris la dernière place" in refused.content.decode()


def test_an_invitation_is_declined_by_whoever_holds_its_letter(member, structure):
    mission = MissionFactory(structure=structure)
    member.post(reverse("invite-volunteer", args=[mission.pk]), {"email": "odile@exemple.fr"})
    address = address_in(deliver()[0])
    Client().post(address, {"decliner": "oui"})
    assert Engagement.objects.get().state == "declined"


@pytest.mark.parametrize("count", [1, 4])
def test_the_cost_of_the_list_does_not_grow(client, count, django_assert_num_queries):
    MissionFactory.create_batch(count)
    with django_assert_num_queries(7):
        assert len(client.get(reverse("missions")).context["page"].object_list) == count


def test_an_erased_account_leaves_no_address_and_frees_its_place(member, structure):
    mission = MissionFactory(structure=structure, places=1)
    engagement = EngagementFactory(mission=mission)
    engagement.user.delete()
    assert mission.engagements.count() == 0
