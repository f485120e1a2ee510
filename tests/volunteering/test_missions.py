"""What the database and the services refuse of a mission, each with its sentence."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.volunteering.missions import (
    MissionRefused,
    cancel_mission,
    change_mission,
    publish_mission,
    write_mission,
)
from maillage.volunteering.models import Engagement, Mission, MissionPartner
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.volunteering import EngagementFactory, MissionFactory
from tests.letters import deliver

pytestmark = pytest.mark.django_db
SITE = "https://maillage.example/"


@pytest.fixture
def mandate():
    return MandateFactory()


@pytest.fixture
def author(mandate):
    return mandate.user


@pytest.fixture
def structure(mandate):
    return mandate.structure


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"insurer": " "}, "mission_published_is_insured"),
        ({"policy": ""}, "mission_published_is_insured"),
        ({"policy": "à venir"}, "mission_published_is_insured"),
        ({"tasks": ""}, "mission_published_is_told"),
        ({"place": " "}, "mission_published_is_told"),
        ({"hours": ""}, "mission_published_is_told"),
        ({"contact_role": ""}, "mission_published_is_told"),
        ({"published_at": None}, "mission_publication_is_dated"),
        ({"places": 0}, "mission_has_places"),
        ({"places": 501}, "mission_has_places"),
        ({"last_day": timezone.localdate() - timedelta(days=9)}, "mission_ends_after_it_starts"),
        ({"state": "cancelled"}, "mission_cancelled_says_why"),
        ({"cancelled_because": "La pluie."}, "mission_cancelled_says_why"),
    ],
)
def test_the_database_refuses_a_mission(facts, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        MissionFactory(**facts)


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"user": None}, "engagement_accepted_by_someone"),
        ({"terms_at": None}, "engagement_accepted_by_someone"),
        ({"answered_at": None}, "engagement_answer_is_dated"),
        ({"email": "odile@exemple.fr"}, "engagement_answer_is_dated"),
        ({"invited": True, "email": ""}, "engagement_answer_is_dated"),
        ({"invited": True, "state": "accepted"}, "engagement_accepted_by_someone"),
    ],
)
def test_the_database_refuses_an_engagement(facts, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        EngagementFactory(**facts)


def test_the_database_refuses_the_same_person_address_or_partner_twice():
    engagement = EngagementFactory()
    invited = EngagementFactory(invited=True)
    partner = MissionPartner.objects.create(mission=engagement.mission, structure=StructureFactory())
    for again, constraint in (
        (lambda: EngagementFactory(mission=engagement.mission, user=engagement.user), "engagement_once"),
        (
            lambda: EngagementFactory(invited=True, mission=invited.mission, email=invited.email.upper()),
            "engagement_invited_once",
        ),
        (lambda: MissionPartner.objects.create(mission=partner.mission, structure=partner.structure), "partner_once"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            again()


def test_a_draft_needs_no_insurance_and_is_refused_when_it_is_published(structure, author):
    tomorrow = timezone.localdate() + timedelta(days=1)
    days = {"first_day": tomorrow, "last_day": tomorrow}
    mission = write_mission(structure=structure, author=author, title="Buvette", commune=structure.commune, **days)
    said = [
        ("tasks", "Servir.", "Dites quelles sont les tâches."),
        ("place", "Salle des fêtes", "Dites où se trouve la mission."),
        ("hours", "de 9\u00a0h à 12\u00a0h", "Dites à quels horaires."),
        ("contact_role", "la présidente", "Dites à qui les bénévoles s’adressent sur place."),
        (
            "insurer",
            "Mutuelle",
            "Écrivez le nom de votre assureur\u00a0: c’est votre contrat qui couvre les bénévoles.",
        ),
        (
            "policy",
            "bientôt",
            "Écrivez le numéro de votre contrat d’assurance. Sans lui, une mission ne se publie pas.",
        ),
        ("policy", "31-44", "Un numéro de contrat a des chiffres. Recopiez celui de votre attestation."),
    ]
    for field, value, sentence in said:
        with pytest.raises(MissionRefused) as refused:
            publish_mission(mission_id=mission.pk, author=author)
        assert (str(refused.value), refused.value.field) == (sentence, field)
        change_mission(mission_id=mission.pk, author=author, site=SITE, **{field: value})
    publish_mission(mission_id=mission.pk, author=author)
    mission.refresh_from_db()
    assert mission.is_published
    with pytest.raises(MissionRefused, match="n’est plus un brouillon"):
        publish_mission(mission_id=mission.pk, author=author)
    with pytest.raises(MissionRefused, match="Sans lui, une mission ne se publie pas"):
        change_mission(mission_id=mission.pk, author=author, site=SITE, policy="")


def test_only_those_who_act_for_the_organiser_run_a_mission(structure, author):
    mission, stranger = MissionFactory(structure=structure), UserFactory(agent=True)
    partner = MandateFactory()
    MissionPartner.objects.create(mission=mission, structure=partner.structure)
    for person in (stranger, partner.user):
        with pytest.raises(MissionRefused, match="n’agissez pas pour l’association qui organise"):
            change_mission(mission_id=mission.pk, author=person, site=SITE, title="Autre")
        with pytest.raises(MissionRefused, match="n’agissez pas"):
            write_mission(
                structure=structure,
                author=person,
                title="Buvette",
                commune=structure.commune,
                first_day=mission.first_day,
                last_day=mission.last_day,
            )


def test_the_organiser_is_nobody_s_partner(structure, author):
    mission, other = MissionFactory(structure=structure), StructureFactory()
    change_mission(mission_id=mission.pk, author=author, site=SITE, partners=[structure, other])
    assert list(mission.partners.all()) == [other]
    change_mission(mission_id=mission.pk, author=author, site=SITE, partners=[])
    assert list(mission.partners.all()) == []


def test_a_change_of_what_was_accepted_is_told_to_those_who_accepted(structure, author):
    mission = MissionFactory(structure=structure)
    engagement = EngagementFactory(mission=mission)
    EngagementFactory(mission=mission, invited=True)
    change_mission(mission_id=mission.pk, author=author, site=SITE, contact_role="le trésorier")
    assert deliver() == []
    change_mission(mission_id=mission.pk, author=author, site=SITE, hours="de 6\u00a0h à 8\u00a0h")
    (letter,) = deliver()
    assert (letter.to, letter.subject) == ([engagement.user.email], f"La mission a changé\u00a0: {mission.title}")
    assert "de 6\u00a0h à 8\u00a0h" in letter.body
    assert Engagement.objects.select_related("mission").get(pk=engagement.pk).is_outdated


def test_places_never_go_below_those_taken(structure, author):
    mission = MissionFactory(structure=structure)
    EngagementFactory.create_batch(2, mission=mission)
    with pytest.raises(MissionRefused, match="2\u00a0personnes ont déjà accepté"):
        change_mission(mission_id=mission.pk, author=author, site=SITE, places=1)


def test_a_cancelled_mission_tells_why_and_changes_no_more(structure, author):
    mission = MissionFactory(structure=structure)
    engagement = EngagementFactory(mission=mission)
    with pytest.raises(MissionRefused, match="pourquoi la mission est annulée"):
        cancel_mission(mission_id=mission.pk, author=author, because="  ", site=SITE)
    cancel_mission(mission_id=mission.pk, author=author, because="Il va pleuvoir.", site=SITE)
    (letter,) = deliver()
    assert letter.to == [engagement.user.email]
    assert "Il va pleuvoir." in letter.body
    for change in (
        lambda: change_mission(mission_id=mission.pk, author=author, site=SITE, title="Autre"),
        lambda: cancel_mission(mission_id=mission.pk, author=author, because="Encore.", site=SITE),
    ):
        with pytest.raises(MissionRefused, match="annulée"):
            change()


def test_a_mission_that_is_over_is_neither_published_nor_cancelled(structure, author):
    past = MissionFactory(structure=structure, over=True, draft=True)
    with pytest.raises(MissionRefused, match="Son dernier jour est passé"):
        publish_mission(mission_id=past.pk, author=author)
    done = MissionFactory(structure=structure, over=True)
    with pytest.raises(MissionRefused, match="est terminée"):
        cancel_mission(mission_id=done.pk, author=author, because="Trop tard.", site=SITE)
    assert Mission.objects.to_come().count() == 0
