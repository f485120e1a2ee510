"""A volunteer accepts personally: by an invitation or alone, never more of them than there are places."""

import pytest
from django.utils import timezone

from maillage.accounts.links import LinkRefused
from maillage.volunteering import engaging
from maillage.volunteering.merging import hand_over_volunteering
from maillage.volunteering.missions import MissionRefused, change_mission
from maillage.volunteering.models import Engagement, MissionPartner
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory
from tests.factories.volunteering import EngagementFactory, MissionFactory
from tests.letters import deliver

pytestmark = pytest.mark.django_db
SITE = "https://maillage.example/"


def accept(mission, person, **said):
    said = {"terms_at": mission.terms_at, "is_of_age": True, "site": SITE} | said
    return engaging.accept(mission_id=mission.pk, person=person, **said)


@pytest.mark.django_db(transaction=True)
def test_the_last_of_three_places_goes_to_one_of_twenty():
    """Without the lock of the mission, several find the last place free."""
    mission = MissionFactory(places=3)
    EngagementFactory.create_batch(2, mission=mission)
    people = UserFactory.create_batch(20)
    answers = at_once(*(lambda person=person: accept(mission, person) for person in people))
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert {str(one) for one in refused} == {engaging.FULL}
    assert len(refused) == 19
    assert mission.engagements.accepted().count() == 3


def test_a_place_given_back_is_free_again():
    mission, person = MissionFactory(places=1), UserFactory()
    accept(mission, person)
    with pytest.raises(MissionRefused, match="complète"):
        accept(mission, UserFactory())
    engaging.withdraw(mission_id=mission.pk, person=person, site=SITE)
    accept(mission, UserFactory())
    with pytest.raises(MissionRefused, match="complète"):
        accept(mission, person)
    assert mission.engagements.get(user=person).state == Engagement.State.WITHDRAWN


def test_one_accepts_what_one_has_read():
    mandate = MandateFactory()
    mission, person = MissionFactory(structure=mandate.structure), UserFactory()
    read_at = mission.terms_at
    change_mission(mission_id=mission.pk, author=mandate.user, site=SITE, hours="toute la nuit")
    with pytest.raises(MissionRefused, match="Relisez-la"):
        accept(mission, person, terms_at=read_at)
    mission.refresh_from_db()
    assert accept(mission, person).is_outdated is False
    change_mission(mission_id=mission.pk, author=mandate.user, site=SITE, place="le gymnase")
    assert Engagement.objects.get().is_outdated
    mission.refresh_from_db()
    accept(mission, person)
    assert not Engagement.objects.get().is_outdated


def test_a_mission_accepted_by_two_presses_is_told_once():
    mandate = MandateFactory()
    mission, person = MissionFactory(structure=mandate.structure), UserFactory()
    accept(mission, person)
    accept(mission, person)
    assert [letter.to for letter in deliver()] == [[mandate.user.email]]


def test_another_organiser_after_a_merger_is_accepted_anew():
    engagement, kept = EngagementFactory(), MandateFactory().structure
    hand_over_volunteering(engagement.mission.structure, kept)
    assert Engagement.objects.select_related("mission").get().is_outdated


def test_below_sixteen_a_parent_is_needed():
    with pytest.raises(MissionRefused, match="accord d’un parent") as refused:
        accept(MissionFactory(), UserFactory(), is_of_age=False)
    assert refused.value.field == "is_of_age"
    assert not Engagement.objects.exists()


@pytest.mark.parametrize("trait", ["draft", "cancelled", "over", "structure__dissolved"])
def test_only_a_published_mission_to_come_is_accepted(trait):
    mission = MissionFactory(**{trait: True})
    with pytest.raises(MissionRefused, match="n’attend plus de réponse"):
        accept(mission, UserFactory())


def test_an_invitation_is_told_answered_once_and_its_address_forgotten():
    mandate = MandateFactory()
    mission = MissionFactory(structure=mandate.structure)
    engaging.invite(mission_id=mission.pk, by=mandate.user, email="Odile@exemple.fr", site=SITE)
    engaging.invite(mission_id=mission.pk, by=mandate.user, email="odile@exemple.fr", site=SITE)
    first, again = deliver()
    assert (first.to, first.subject) == (["odile@exemple.fr"], again.subject)
    assert mission.insurer in first.body
    assert mission.hours in first.body
    token = engaging.link_of(Engagement.objects.get())
    found = engaging.invitation_of(token)
    person = UserFactory(name="Odile Delmas")  # whose account has another address
    accept(mission, person, invitation=found)
    answered = Engagement.objects.get()
    assert (answered.user, answered.email, answered.state) == (person, "", "accepted")
    (letter,) = deliver()
    assert letter.to == [mandate.user.email]
    assert "Odile Delmas accepte" in letter.body
    assert "Il reste 1 place sur 2." in letter.body
    with pytest.raises(LinkRefused):
        engaging.invitation_of(token)


def test_an_invitation_is_declined_without_an_account():
    invited = EngagementFactory(invited=True)
    MandateFactory(structure=invited.mission.structure)
    engaging.decline(engagement_id=invited.pk, site=SITE)
    invited.refresh_from_db()
    assert (invited.state, invited.email, invited.user) == ("declined", "", None)
    (letter,) = deliver()
    assert "Une personne décline" in letter.body
    with pytest.raises(MissionRefused, match="n’attend plus"):
        engaging.decline(engagement_id=invited.pk, site=SITE)


def test_someone_invited_at_their_address_takes_that_invitation_up_from_the_page():
    person = UserFactory(email="odile@exemple.fr")
    invited = EngagementFactory(invited=True, email=person.email)
    accept(invited.mission, person)
    assert Engagement.objects.get().pk == invited.pk


def test_a_partner_invites_and_a_stranger_does_not():
    mission, partner = MissionFactory(), MandateFactory()
    with pytest.raises(MissionRefused, match="Seules l’organisatrice et ses partenaires"):
        engaging.invite(mission_id=mission.pk, by=partner.user, email="odile@exemple.fr", site=SITE)
    MissionPartner.objects.create(mission=mission, structure=partner.structure)
    invited = engaging.invite(mission_id=mission.pk, by=partner.user, email="odile@exemple.fr", site=SITE)
    assert invited.invited_by == partner.structure


def test_a_draft_invites_nobody():
    mandate = MandateFactory()
    mission = MissionFactory(structure=mandate.structure, draft=True)
    with pytest.raises(MissionRefused, match="Publiez d’abord la mission"):
        engaging.invite(mission_id=mission.pk, by=mandate.user, email="odile@exemple.fr", site=SITE)


def test_who_did_not_accept_cannot_withdraw():
    with pytest.raises(MissionRefused, match="n’avez pas accepté"):
        engaging.withdraw(mission_id=MissionFactory().pk, person=UserFactory(), site=SITE)


def test_addresses_invited_to_what_is_over_are_forgotten():
    kept, old = EngagementFactory(invited=True), EngagementFactory(invited=True, mission__over=True)
    accepted = EngagementFactory(mission__over=True)
    EngagementFactory(invited=True, mission__cancelled=True)
    engaging.forget_old_invitations()
    assert set(Engagement.objects.all()) == {kept, accepted}
    assert old.mission.last_day < timezone.localdate()
