"""Hours are written by one person and validated by another; what they count for is said, and nothing declared."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.volunteering.civic import civic_year
from maillage.volunteering.hours import HoursRefused, correct_hours, remove_hours, validate_hours, write_hours
from maillage.volunteering.models import HoursCorrection, VolunteerHours
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.directory import AssistanceFactory, MandateFactory, StructureFactory
from tests.factories.volunteering import EngagementFactory, HoursFactory, MissionFactory

pytestmark = pytest.mark.django_db
DONE = {"minutes": 150, "task": "Tenir la buvette"}


@pytest.fixture
def mandate():
    return MandateFactory()


@pytest.fixture
def structure(mandate):
    return mandate.structure


@pytest.fixture
def volunteer(structure):
    return EngagementFactory(mission__structure=structure).user


def write(structure, volunteer, by=None, **facts):
    facts = {"day": timezone.localdate(), **DONE} | facts
    return write_hours(structure=structure, volunteer=volunteer, by=by or volunteer, **facts)


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"minutes": 4}, "hours_fit_in_a_day"),
        ({"minutes": 1441}, "hours_fit_in_a_day"),
        ({"task": " "}, "hours_say_what_was_done"),
        ({"validated": True, "validated_at": None}, "hours_validation_is_dated"),
    ],
)
def test_the_database_refuses_hours(facts, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        HoursFactory(**facts)


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_twice_at_once_writes_hours_once():
    engagement = EngagementFactory()
    structure, person = engagement.mission.structure, engagement.user
    _, refused = sorted(at_once(*[lambda: write(structure, person)] * 2), key=lambda one: isinstance(one, Exception))
    assert str(refused) == "Ces heures sont déjà écrites."
    assert VolunteerHours.objects.count() == 1


def test_the_database_refuses_that_one_person_writes_and_validates():
    hours = HoursFactory()
    with pytest.raises(IntegrityError, match="hours_validated_by_another"), transaction.atomic():
        VolunteerHours.objects.update(validated_by=hours.volunteer, validated_at=timezone.now())


def test_the_database_refuses_a_correction_without_a_reason():
    with pytest.raises(IntegrityError, match="hours_correction_says_why"), transaction.atomic():
        HoursCorrection.objects.create(
            hours=HoursFactory(), day_before=timezone.localdate(), minutes_before=5, reason=" "
        )


def test_the_volunteer_writes_and_the_association_validates(structure, volunteer, mandate):
    hours = write(structure, volunteer)
    with pytest.raises(HoursRefused, match="une autre personne les valide"):
        validate_hours(hours_id=hours.pk, by=volunteer)
    validate_hours(hours_id=hours.pk, by=mandate.user)
    hours.refresh_from_db()
    assert (hours.is_validated, hours.validated_by) == (True, mandate.user)
    with pytest.raises(HoursRefused, match="déjà validées"):
        validate_hours(hours_id=hours.pk, by=mandate.user)
    with pytest.raises(HoursRefused, match="ne s’effacent plus"):
        remove_hours(hours_id=hours.pk, by=volunteer)


def test_the_association_writes_and_the_volunteer_validates(structure, volunteer, mandate):
    hours = write(structure, volunteer, by=mandate.user)
    with pytest.raises(HoursRefused, match="une autre personne les valide"):
        validate_hours(hours_id=hours.pk, by=mandate.user)
    validate_hours(hours_id=hours.pk, by=volunteer)
    assert VolunteerHours.objects.validated().get() == hours


def test_a_president_s_own_hours_wait_for_someone_else_of_the_team(structure, mandate):
    hours = write(structure, mandate.user)
    with pytest.raises(HoursRefused, match="une autre personne les valide"):
        validate_hours(hours_id=hours.pk, by=mandate.user)
    validate_hours(hours_id=hours.pk, by=MandateFactory(structure=structure, role="contributor").user)
    assert VolunteerHours.objects.validated().exists()


def test_a_correction_keeps_what_was_written_and_asks_for_another_validation(structure, volunteer, mandate):
    hours = write(structure, volunteer)
    validate_hours(hours_id=hours.pk, by=mandate.user)
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(HoursRefused, match="Dites pourquoi"):
        correct_hours(hours_id=hours.pk, by=mandate.user, day=yesterday, minutes=90, reason="  ")
    correct_hours(hours_id=hours.pk, by=mandate.user, day=yesterday, minutes=90, reason="La fête a fini plus tôt.")
    hours.refresh_from_db()
    assert (hours.minutes, hours.day, hours.is_validated) == (90, yesterday, False)
    kept = hours.corrections.get()
    assert (kept.minutes_before, kept.day_before, kept.by) == (150, timezone.localdate(), mandate.user)
    with pytest.raises(HoursRefused, match="une autre personne"):
        validate_hours(hours_id=hours.pk, by=mandate.user)
    validate_hours(hours_id=hours.pk, by=volunteer)


def test_a_stranger_a_helper_and_an_agent_touch_no_hours(structure, volunteer):
    hours = write(structure, volunteer)
    helper = AssistanceFactory(structure=structure).helper
    for person in (UserFactory(), helper, UserFactory(agent=True), MandateFactory().user):
        for change in (validate_hours, remove_hours):
            with pytest.raises(HoursRefused, match="ne vous concernent pas"):
                change(hours_id=hours.pk, by=person)
        with pytest.raises(HoursRefused, match="Chacun écrit ses propres heures"):
            write(structure, volunteer, by=person)


def test_hours_are_given_to_an_association_that_one_is_linked_to(structure, volunteer, mandate):
    with pytest.raises(HoursRefused, match="aucune mission"):
        write(StructureFactory(), volunteer)
    with pytest.raises(HoursRefused, match="Une autre association organise cette mission"):
        write(structure, volunteer, mission=MissionFactory())


def test_hours_are_those_of_a_day_that_has_come(structure, volunteer):
    today = timezone.localdate()
    with pytest.raises(HoursRefused, match="à venir") as refused:
        write(structure, volunteer, day=today + timedelta(days=1))
    assert refused.value.field == "day"
    with pytest.raises(HoursRefused, match="trop ancien"):
        write(structure, volunteer, day=date(today.year - 3, 6, 1))
    write(structure, volunteer, minutes=1000)
    with pytest.raises(HoursRefused, match="plus de vingt-quatre heures") as refused:
        write(structure, volunteer, minutes=441)
    assert refused.value.field == "minutes"
    write(structure, volunteer, minutes=440)


def give(person, structure, hours, year=2026, *, validated=True):
    for start in range(0, hours, 10):
        minutes = min(10, hours - start) * 60
        HoursFactory(
            structure=structure,
            volunteer=person,
            validated=validated,
            minutes=minutes,
            day=date(year, 1, 1) + timedelta(days=start),
        )


def test_two_hundred_hours_of_several_associations_need_a_hundred_in_one():
    person = UserFactory()
    first, second, third = (StructureFactory(created_on=date(2001, 1, 1)) for _ in range(3))
    give(person, first, 90)
    give(person, second, 90)
    assert civic_year(person, 2026).sentence == "Il manque 20\u00a0h validées pour atteindre 200\u00a0h en 2026."
    give(person, third, 20)
    year = civic_year(person, 2026)
    assert (year.minutes, year.is_reached) == (200 * 60, False)
    assert "aucune association n’atteint 100\u00a0h à elle seule" in year.sentence
    assert "ne s’additionnent pas" in year.sentence
    give(person, first, 10)
    year = civic_year(person, 2026)
    assert (year.is_reached, year.in_one, year.too_young) == (True, [first], [])
    assert "jusqu’au 30\u00a0juin 2027" in year.sentence


def test_only_validated_hours_of_the_civil_year_count():
    person, structure = UserFactory(), StructureFactory()
    give(person, structure, 150)
    give(person, structure, 60, year=2025)
    give(person, structure, 60, validated=False)
    give(UserFactory(), structure, 60)
    assert civic_year(person, 2026).minutes == 150 * 60


@time_machine.travel("2026-11-25 12:00+01:00", tick=False)
def test_an_association_declared_less_than_a_year_ago_is_said():
    person, young = UserFactory(), StructureFactory(created_on=date(2026, 2, 1))
    give(person, young, 200)
    assert civic_year(person, 2026).too_young == [young]


def test_the_hours_of_an_erased_account_stay_without_a_name(structure, volunteer, mandate):
    hours = write(structure, volunteer)
    validate_hours(hours_id=hours.pk, by=mandate.user)
    volunteer.delete()
    hours.refresh_from_db()
    assert (hours.volunteer, hours.written_by, hours.minutes) == (None, None, 150)
