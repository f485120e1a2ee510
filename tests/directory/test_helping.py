"""Acting for a structure at its demand: for a while, without signing, and never for itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone
from factory import SelfAttribute

from maillage.directory import helping, team
from maillage.directory.helping import HelpRefused, help_by_phone, help_of
from maillage.directory.models import Assistance, Mandate, Structure
from maillage.directory.models.helping import FORGOTTEN
from maillage.directory.team import TeamRefused, has_representative
from maillage.directory.visitor_letters import readers_of
from maillage.engine.french import date_fr
from maillage.sharing.models import Listing
from maillage.sharing.services import change_listing, publish_listing
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.directory import AssistanceFactory, MandateFactory, StructureFactory
from tests.letters import deliver

ITSELF = SelfAttribute("structure")
SITE = "https://maillage.example.org/"


def days(number):
    return timezone.localdate() + timedelta(days=number)


def help_(structure, agent, **changes):
    call = {"asked_by": "Mme Delmas", "how": "phone", "asked_on": days(0), "until": days(14), "site": SITE}
    return help_by_phone(structure=structure, agent=agent, **call | changes)


@pytest.mark.django_db
def test_an_agent_acts_for_who_telephoned_until_a_day_and_no_more():
    structure, agent = StructureFactory(), UserFactory(agent=True)
    given = help_(structure, agent)
    mandate = Mandate.objects.get()
    assert given.mandate == mandate
    assert (mandate.user, mandate.role, mandate.ends_on, mandate.may_commit) == (agent, "helper", days(14), False)
    assert list(Structure.objects.acted_for_by(agent)) == [structure]
    assert not has_representative(structure)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"until": days(29)}, "quatre semaines"),
        ({"until": days(-1)}, "Ce jour est passé"),
        ({"asked_on": days(1)}, "Le jour de la demande"),
        ({"asked_on": days(-32)}, "Le jour de la demande"),
        ({"asked_by": " "}, "Dites qui"),
        ({"how": "telepathy"}, "n’est pas un choix"),
    ],
)
def test_a_call_that_cannot_be_is_refused(changes, why):
    with pytest.raises(HelpRefused, match=why):
        help_(StructureFactory(), UserFactory(agent=True), **changes)
    assert not Mandate.objects.exists()
    assert not Assistance.objects.exists()


@pytest.mark.django_db
def test_nobody_helps_who_may_not():
    structure = StructureFactory()
    with pytest.raises(HelpRefused, match="l’équipe du territoire"):
        help_(structure, MandateFactory(structure=structure).user)
    with pytest.raises(HelpRefused, match="n’est plus active"):
        help_(StructureFactory(dissolved=True), UserFactory(agent=True))
    of_the_team = MandateFactory(structure=structure, user=UserFactory(agent=True))
    with pytest.raises(HelpRefused, match="Vous agissez déjà"):
        help_(structure, of_the_team.user)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"ends_on": None}, "mandate_of_help_ends"),
        ({"ends_on": days(367)}, "mandate_of_help_ends"),
        ({"ends_on": days(9), "may_commit": True}, "mandate_commits_as_representative"),
    ],
)
def test_the_database_refuses_help_without_end_or_that_signs(changes, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        MandateFactory(role=Mandate.Role.HELPER, starts_on=days(0), **changes)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"asked_by": " "}, "assistance_names_who_asked"),
        ({"asked_on": days(15)}, "assistance_asked_before_it_ends"),
        ({"head": ITSELF}, "assistance_not_to_oneself"),
    ],
)
def test_the_database_refuses_help_without_ground(changes, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        AssistanceFactory(**changes)


@pytest.mark.django_db
@pytest.mark.parametrize("by", ["helper", "representative", "agent"])
def test_help_ends_at_once_and_what_it_entered_says_so_still(by):
    given = AssistanceFactory()
    representative = MandateFactory(structure=given.structure).user
    people = {"helper": given.helper, "representative": representative, "agent": UserFactory(agent=True)}
    listing = publish_for(given)
    team.end_mandate(mandate_id=given.mandate_id, by=people[by])
    assert help_of(given.helper, given.structure) is None
    assert not Structure.objects.acted_for_by(given.helper).exists()
    listing.refresh_from_db()
    assert listing.assistance == given


def publish_for(given, author=None):
    commune = given.structure.commune
    what = {"direction": "offer", "category": "technical.vehicles.van", "title": "Camionnette"}
    return publish_listing(structure=given.structure, author=author or given.helper, commune=commune, **what)


@pytest.mark.django_db
def test_what_the_association_publishes_itself_names_no_help():
    given = AssistanceFactory()
    own = publish_for(given, MandateFactory(structure=given.structure).user)
    assert (own.assistance, publish_for(given).assistance) == (None, given)
    change_listing(listing_id=own.pk, author=given.helper, opened_at=own.modified_at, title="Fourgon")
    assert Listing.objects.get(pk=own.pk).assistance is None


@pytest.mark.django_db
def test_a_helper_is_not_of_the_team():
    given = AssistanceFactory()
    with pytest.raises(TeamRefused, match="aide à votre demande"):
        team.change_mandate(
            mandate_id=given.mandate_id, by=UserFactory(agent=True), role="contributor", may_commit=False, ends_on=None
        )
    for change in (
        lambda: team.invite(structure=given.structure, by=given.helper, email="a@b.fr", role="contributor", site=SITE),
        lambda: team.end_mandate(mandate_id=MandateFactory(structure=given.structure).pk, by=given.helper),
    ):
        with pytest.raises(TeamRefused, match="Vous ne représentez pas"):
            change()


@pytest.mark.django_db
def test_a_helper_who_joins_the_team_helps_no_more():
    today, earlier = AssistanceFactory(), AssistanceFactory(today=days(-5))
    for given in (today, earlier):
        team.appoint(structure=given.structure, person=given.helper, role=Mandate.Role.CONTRIBUTOR)
        assert help_of(given.helper, given.structure) is None
        assert given.structure.mandates.current().get().role == Mandate.Role.CONTRIBUTOR


@pytest.mark.django_db
def test_letters_of_visitors_go_to_the_helper_where_nobody_represents_the_structure():
    given = AssistanceFactory()
    assert list(readers_of(given.structure)) == [given.helper]
    representative = MandateFactory(structure=given.structure).user
    assert list(readers_of(given.structure)) == [representative]


@pytest.mark.django_db
def test_the_name_of_who_asked_is_forgotten_a_year_after_the_end():
    kept, old = AssistanceFactory(today=days(-370)), AssistanceFactory(today=days(-390))
    helping.forget_who_asked()
    names = dict(Assistance.objects.values_list("pk", "asked_by"))
    assert names == {kept.pk: "Mme Delmas", old.pk: FORGOTTEN}


@pytest.mark.django_db(transaction=True)
def test_one_call_confirmed_twice_at_once_is_one():
    structure, agent = StructureFactory(), UserFactory(agent=True)
    outcomes = at_once(*[lambda: help_(structure, agent)] * 2)
    assert sorted(type(one).__name__ for one in outcomes) == ["Assistance", "HelpRefused"]
    assert Mandate.objects.count() == 1


@pytest.mark.django_db
def test_the_end_of_a_help_is_told_once_a_week_before():
    given = AssistanceFactory(today=days(-7))
    representative = MandateFactory(structure=given.structure, user__hears_of_messages=False).user
    AssistanceFactory(today=days(-6))
    AssistanceFactory(today=days(-1), until=days(6))
    AssistanceFactory(today=days(-20))
    assert [helping.remind_of_ends(site=SITE) for _ in range(2)] == [1, 0]
    letters = {letter.to[0]: letter for letter in deliver()}
    assert sorted(letters) == sorted([given.helper.email, representative.email])
    assert "Vous agissez pour" in letters[given.helper.email].body
    assert date_fr(days(7)) in letters[representative.email].body


@pytest.mark.django_db
def test_a_help_that_was_ended_before_its_letter_left_is_told_to_nobody():
    given = AssistanceFactory(today=days(-10))
    helping.remind_of_ends(site=SITE)
    helping.end_helps(Assistance.objects.filter(pk=given.pk))
    assert deliver() == []
