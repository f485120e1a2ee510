"""From one team to the next: the day on which mandates change, and who is sure to follow."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from maillage.accounts import links
from maillage.directory import team
from maillage.directory.hand_over import hand_over
from maillage.directory.models import HandOver, Invitation, Mandate
from maillage.directory.team import TeamRefused
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory

SITE = "https://maillage.example.org/"
EMAIL = "odile@exemple.fr"


def days(number):
    return timezone.localdate() + timedelta(days=number)


def hand(former, **fields):
    fields = {"staying": [], "emails": [], "day": days(10), "word": "", "may_commit": False} | fields
    return hand_over(structure=former.structure, by=former.user, site=SITE, **fields)


def representing(structure, day):
    """Who represents ``structure`` on a day to come."""
    with time_machine.travel(timezone.now() + timedelta(days=day)):
        return set(structure.mandates.current().representatives().values_list("user", flat=True))


@pytest.mark.django_db
def test_a_contributor_follows_on_the_day_and_the_former_ends_on_the_eve():
    former = MandateFactory(may_commit=True)
    contributor = MandateFactory(structure=former.structure, role="contributor")
    hand(former, staying=[contributor], may_commit=True)
    structure, follower = former.structure, contributor.user
    assert [representing(structure, day) for day in (0, 9, 10)] == [{former.user_id}, {former.user_id}, {follower.pk}]
    assert list(follower.mandates.order_by("starts_on").values_list("role", "may_commit", "starts_on", "ends_on")) == [
        ("contributor", False, contributor.starts_on, days(9)),
        ("representative", True, days(10), None),
    ]


@pytest.mark.django_db
def test_a_relay_of_today_changes_the_team_at_once():
    former = MandateFactory()
    staying = MandateFactory(structure=former.structure, may_commit=True, ends_on=days(3))
    hand(former, staying=[staying], day=days(0))
    assert [representing(former.structure, day) for day in (0, 30)] == [{staying.user_id}] * 2
    staying.refresh_from_db()
    assert staying.may_commit


@pytest.mark.django_db
@pytest.mark.parametrize(("accepted_after", "last_day"), [(2, 9), (10, 9), (12, 11)])
def test_the_invited_follow_and_nobody_leaves_before(accepted_after, last_day):
    former = MandateFactory(may_commit=True)
    hand(former, emails=[EMAIL], may_commit=True)
    assert representing(former.structure, 11) == {former.user_id}
    follower, token = UserFactory(), links.sign("invitation", invitation=Invitation.objects.get().pk)
    ends_on = days(last_day)
    with time_machine.travel(timezone.now() + timedelta(days=accepted_after)):
        team.accept_invitation(token=token, person=follower)
    former.refresh_from_db()
    assert former.ends_on == ends_on
    assert representing(former.structure, last_day) == {former.user_id}
    assert representing(former.structure, last_day + 1) == {follower.pk}
    assert former.structure.mandates.get(user=follower).may_commit


@pytest.mark.django_db
def test_a_mandate_that_ends_earlier_is_not_made_longer():
    former = MandateFactory()
    earlier = MandateFactory(structure=former.structure, ends_on=days(2))
    hand(former, staying=[MandateFactory(structure=former.structure, role="contributor")])
    earlier.refresh_from_db()
    assert earlier.ends_on == days(2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choisissez au moins une personne"),
        ({"emails": [EMAIL], "day": days(-1)}, "Ce jour est passé"),
        ({"emails": [EMAIL], "day": days(400)}, "plus d’un an"),
        ({"emails": [EMAIL], "may_commit": True}, "peut signer"),
        ({"emails": [EMAIL], "word": "x" * 2001}, "2000"),
    ],
)
def test_a_relay_that_makes_no_sense_changes_nothing(fields, sentence):
    former = MandateFactory()
    with pytest.raises(TeamRefused, match=sentence):
        hand(former, **fields)
    assert not HandOver.objects.exists()
    assert not Invitation.objects.exists()


@pytest.mark.django_db
def test_nobody_hands_over_without_leaving_nor_without_a_right():
    former = MandateFactory()
    with pytest.raises(TeamRefused, match="Personne ne part"):
        hand(former, staying=[former], emails=[EMAIL])
    contributor = MandateFactory(structure=former.structure, role="contributor")
    with pytest.raises(TeamRefused, match="Vous ne représentez pas"):
        hand(contributor, staying=[contributor])
    stranger = MandateFactory()
    with pytest.raises(TeamRefused, match="Choisissez au moins"):
        hand(former, staying=[stranger])


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_leave_someone_on_every_day():
    first = MandateFactory()
    second = MandateFactory(structure=first.structure)
    third, fourth = (MandateFactory(structure=first.structure, role="contributor") for _ in range(2))
    outcomes = at_once(lambda: hand(first, staying=[third]), lambda: hand(second, staying=[fourth], day=days(5)))
    assert [type(outcome) for outcome in outcomes] == [HandOver, HandOver]
    assert all(representing(first.structure, day) for day in range(12))
    assert Mandate.objects.filter(ends_on=None, role="representative").count() == 1


@pytest.fixture
def relay():
    """A representative who hands over, in ten days, to someone who contributes until then."""
    former = MandateFactory(may_commit=True)
    contributor = MandateFactory(structure=former.structure, role="contributor")
    hand(former, staying=[contributor])
    return former, contributor


def roles_of(person):
    return list(person.mandates.order_by("starts_on").values_list("role", "starts_on", "ends_on"))


@pytest.mark.django_db
@pytest.mark.parametrize(("day", "first_day"), [(5, 5), (20, 10)])
def test_a_second_relay_to_the_same_person_brings_the_first_forward_or_leaves_it(relay, day, first_day):
    former, contributor = relay
    hand(former, staying=list(contributor.user.mandates.all()), day=days(day))
    assert roles_of(contributor.user) == [
        ("contributor", contributor.starts_on, days(first_day - 1)),
        ("representative", days(first_day), None),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["contributor", "representative"])
def test_who_is_to_follow_and_is_accepted_meanwhile_still_follows(relay, role):
    former, contributor = relay
    team.appoint(structure=former.structure, person=contributor.user, role=role)
    assert roles_of(contributor.user) == [
        (role, contributor.starts_on, days(9)),
        ("representative", days(10), None),
    ]


@pytest.mark.django_db
def test_who_is_to_follow_and_does_not_act_yet_keeps_what_is_to_come():
    former, follower = MandateFactory(), UserFactory()
    hand(former, emails=[EMAIL])
    team.accept_invitation(token=links.sign("invitation", invitation=Invitation.objects.get().pk), person=follower)
    team.appoint(structure=former.structure, person=follower, role="contributor")
    assert roles_of(follower) == [("contributor", days(0), days(9)), ("representative", days(10), None)]


@pytest.mark.django_db
@pytest.mark.parametrize("ends_on", [None, 10])
def test_a_mandate_is_not_made_to_last_over_the_next_one(relay, ends_on):
    former, contributor = relay
    change = {"role": "contributor", "may_commit": False, "ends_on": ends_on and days(ends_on)}
    with pytest.raises(TeamRefused, match="Un autre mandat de cette personne suit"):
        team.change_mandate(mandate_id=contributor.pk, by=former.user, **change)


@pytest.mark.django_db
@pytest.mark.parametrize("day", [0, 10])
def test_who_was_to_leave_and_takes_the_invitation_stays(day):
    former, other = MandateFactory(), UserFactory()
    hand(former, emails=[EMAIL, "leon@exemple.fr"], day=days(day))
    for invitation, person in zip(Invitation.objects.order_by("pk"), (former.user, other), strict=True):
        team.accept_invitation(token=links.sign("invitation", invitation=invitation.pk), person=person)
    assert representing(former.structure, day) == {former.user_id, other.pk}
