"""Teams: the last one stays, nobody gives more than they have, and people who act at once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from maillage.accounts import links
from maillage.directory import team
from maillage.directory.models import Invitation, Mandate
from maillage.directory.team import TeamRefused
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, StructureFactory

SITE = "https://maillage.example.org/"
CONTRIBUTOR, REPRESENTATIVE = Mandate.Role.CONTRIBUTOR, Mandate.Role.REPRESENTATIVE


def days(number):
    return timezone.localdate() + timedelta(days=number)


def change(mandate, by, *, role=REPRESENTATIVE, may_commit=False, ends_on=None):
    return team.change_mandate(mandate_id=mandate.pk, by=by, role=role, may_commit=may_commit, ends_on=ends_on)


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["end", "last day", "other role"])
@pytest.mark.parametrize("other", ["nobody", "contributor", "ends before", "begins after", "ended"])
def test_the_last_representative_stays(way, other):
    mandate = MandateFactory()
    others = {
        "contributor": {"role": CONTRIBUTOR},
        "ends before": {"ends_on": days(0) if way == "last day" else days(-1)},
        "begins after": {"starts_on": days(9)},
        "ended": {"ended": True},
    }
    if other != "nobody":
        MandateFactory(structure=mandate.structure, **others[other])
    with pytest.raises(TeamRefused, match="Personne d’autre ne représenterait"):
        leave(mandate, way, mandate.user)
    mandate.refresh_from_db()
    assert (mandate.role, mandate.ends_on) == (REPRESENTATIVE, None)


def leave(mandate, way, by):
    if way == "end":
        team.end_mandate(mandate_id=mandate.pk, by=by)
    elif way == "last day":
        change(mandate, by, ends_on=days(3))
    else:
        change(mandate, by, role=CONTRIBUTOR)


@pytest.mark.django_db
@pytest.mark.parametrize("way", ["end", "last day", "other role"])
def test_one_of_two_representatives_leaves_and_an_agent_ends_any(way):
    mandate = MandateFactory()
    other = MandateFactory(structure=mandate.structure)
    leave(mandate, way, mandate.user)
    leave(other, way, UserFactory(agent=True))
    other.refresh_from_db()
    assert (other.role, other.ends_on) != (REPRESENTATIVE, None)


@pytest.mark.django_db
def test_a_mandate_that_ends_opens_no_door_from_that_moment():
    mandate = MandateFactory(role=CONTRIBUTOR)
    team.end_mandate(mandate_id=mandate.pk, by=mandate.user)
    mandate.refresh_from_db()
    assert (mandate.ends_on, Mandate.objects.current().exists()) == (days(-1), False)
    of_today = MandateFactory(role=CONTRIBUTOR, starts_on=days(0))
    team.end_mandate(mandate_id=of_today.pk, by=of_today.user)
    assert list(Mandate.objects.all()) == [mandate]


@pytest.mark.django_db
def test_a_contributor_changes_nothing_but_leaves():
    structure = MandateFactory().structure
    contributor = MandateFactory(structure=structure, role=CONTRIBUTOR)
    other = structure.mandates.exclude(pk=contributor.pk).get()
    for attempt in (
        lambda: change(contributor, contributor.user),
        lambda: team.end_mandate(mandate_id=other.pk, by=contributor.user),
        lambda: team.invite(structure=structure, by=contributor.user, email="a@b.fr", role=CONTRIBUTOR, site=SITE),
    ):
        with pytest.raises(TeamRefused, match="Vous ne représentez pas"):
            attempt()
    team.end_mandate(mandate_id=contributor.pk, by=contributor.user)


@pytest.mark.django_db
def test_nobody_gives_a_right_to_sign_that_they_do_not_have():
    signs = MandateFactory(may_commit=True)
    structure = signs.structure
    does_not, third = MandateFactory(structure=structure), MandateFactory(structure=structure)
    refused = {"email": "a@b.fr", "role": REPRESENTATIVE, "may_commit": True, "site": SITE, "structure": structure}
    for mandate in (does_not, third):
        with pytest.raises(TeamRefused, match="peut signer"):
            change(mandate, does_not.user, may_commit=True)
    with pytest.raises(TeamRefused, match="peut signer"):
        team.invite(by=does_not.user, **refused)
    assert change(does_not, signs.user, may_commit=True).may_commit
    assert change(third, UserFactory(agent=True), may_commit=True).may_commit
    assert not change(third, signs.user, role=CONTRIBUTOR, may_commit=True).may_commit


@pytest.mark.django_db
def test_only_who_is_to_represent_is_to_sign():
    with pytest.raises(IntegrityError, match="invitation_commits_as_representative"):
        Invitation.objects.create(structure=StructureFactory(), email="a@b.fr", role=CONTRIBUTOR, may_commit=True)


@pytest.mark.django_db
def test_invitations_of_one_address_are_one():
    mandate = MandateFactory()
    invitation = {"structure": mandate.structure, "by": mandate.user, "site": SITE}
    team.invite(email="odile@exemple.fr", role=CONTRIBUTOR, **invitation)
    sent = team.invite(email="Odile@Exemple.FR", role=REPRESENTATIVE, **invitation)
    assert list(Invitation.objects.values_list("email", "role")) == [("odile@exemple.fr", "representative")]
    with pytest.raises(IntegrityError, match="invitation_unique"):
        Invitation.objects.create(structure=sent.structure, email="ODILE@exemple.fr", role=CONTRIBUTOR)


@pytest.mark.django_db
def test_an_invitation_takes_no_role_away():
    mandate = MandateFactory(may_commit=True)
    invitation = Invitation.objects.create(structure=mandate.structure, email="a@b.fr", role=CONTRIBUTOR)
    team.accept_invitation(token=links.sign("invitation", invitation=invitation.pk), person=mandate.user)
    mandate.refresh_from_db()
    assert (mandate.role, mandate.may_commit) == (REPRESENTATIVE, True)


@pytest.mark.django_db
@pytest.mark.parametrize("signs", [True, False])
def test_an_invitation_gives_the_right_to_sign_that_its_author_still_has(signs):
    mandate = MandateFactory(may_commit=True)
    invited = {"structure": mandate.structure, "by": mandate.user, "email": "odile@exemple.fr", "site": SITE}
    invitation = team.invite(role=REPRESENTATIVE, may_commit=True, **invited)
    Mandate.objects.update(may_commit=signs)
    person = UserFactory()
    team.accept_invitation(token=links.sign("invitation", invitation=invitation.pk), person=person)
    assert (person.mandates.get().role, person.mandates.get().may_commit) == (REPRESENTATIVE, signs)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("way", "by", "kept"), [("end", "other", 0), ("other role", "other", 0), ("end", "oneself", 1)]
)
def test_who_is_put_out_of_a_team_leaves_no_letter_to_come_back_by(way, by, kept):
    mandate = MandateFactory()
    other = MandateFactory(structure=mandate.structure)
    for one in (mandate, other):
        email = f"{one.pk}@exemple.fr"
        team.invite(structure=one.structure, by=one.user, email=email, role=REPRESENTATIVE, site=SITE)
    leave(mandate, way, {"other": other, "oneself": mandate}[by].user)
    assert Invitation.objects.filter(invited_by=mandate.user).count() == kept
    assert Invitation.objects.filter(invited_by=other.user).exists()


@pytest.mark.django_db
def test_old_invitations_are_forgotten():
    kept = Invitation.objects.create(structure=StructureFactory(), email="a@b.fr", role=CONTRIBUTOR)
    Invitation.objects.create(
        structure=kept.structure, email="c@d.fr", role=CONTRIBUTOR, made_at=timezone.now() - timedelta(days=15)
    )
    team.forget_old_invitations()
    assert list(Invitation.objects.all()) == [kept]


@pytest.mark.django_db(transaction=True)
def test_two_representatives_who_leave_at_once_leave_one():
    first = MandateFactory()
    second = MandateFactory(structure=first.structure)
    outcomes = at_once(*(lambda one=one: team.end_mandate(mandate_id=one.pk, by=one.user) for one in (first, second)))
    assert sum(isinstance(outcome, TeamRefused) for outcome in outcomes) == 1
    assert Mandate.objects.current().count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_invitation_accepted_by_several_at_once_serves_once():
    structure = StructureFactory()
    invitation = Invitation.objects.create(structure=structure, email="a@b.fr", role=CONTRIBUTOR)
    token = links.sign("invitation", invitation=invitation.pk)
    people = UserFactory.create_batch(3)
    outcomes = at_once(*(lambda one=one: team.accept_invitation(token=token, person=one) for one in people))
    assert sum(isinstance(outcome, links.LinkRefused) for outcome in outcomes) == 2
    assert structure.mandates.count() == 1
