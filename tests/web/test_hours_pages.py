"""Hours through their pages: written by one, validated by another, counted, attested."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.volunteering.models import VolunteerHours
from maillage.web.volunteering.hours_forms import PastDayField, read_duration
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory
from tests.factories.volunteering import EngagementFactory, HoursFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def structure(mandate):
    return mandate.structure


@pytest.fixture
def engagement(structure):
    return EngagementFactory(mission__structure=structure, mission__over=True, user__name="Jo Lafon")


@pytest.fixture
def volunteer(engagement):
    client = Client()
    client.force_login(engagement.user)
    return client


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("2 h 30", 150),
        ("2h30", 150),
        ("2\u00a0h\u00a030", 150),
        ("2:30", 150),
        ("2 heures", 120),
        ("1,5 h", 90),
        ("0,75", 45),
        ("45 min", 45),
        ("90 minutes", 90),
        ("3", 180),
        ("2 h 75", None),
        ("230", None),
        ("deux heures", None),
        ("-2 h", None),
        ("", None),
    ],
)
def test_a_duration_is_read_as_people_type_it(typed, minutes):
    assert read_duration(typed) == minutes


@time_machine.travel("2026-11-25 12:00+01:00", tick=False)  # a Wednesday
@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("hier", date(2026, 11, 24)),
        ("Avant-hier", date(2026, 11, 23)),
        ("aujourd’hui", date(2026, 11, 25)),
        ("samedi", date(2026, 11, 21)),
        ("14 novembre", date(2026, 11, 14)),
        ("12/12", date(2025, 12, 12)),
        ("31/12/2025", date(2025, 12, 31)),
        ("26/11/2026", date(2026, 11, 26)),
    ],
)
def test_a_day_of_hours_is_one_that_has_come(typed, day):
    assert PastDayField().clean(typed) == day


def test_a_volunteer_notes_hours_from_the_mission_and_the_association_validates(
    volunteer, engagement, member, structure
):
    address = f"{reverse('write-hours')}?mission={engagement.mission_id}"
    assert address in volunteer.get(reverse("my-missions")).content.decode()
    assert volunteer.get(address).context["form"].initial["task"] == engagement.mission.title
    typed = {"structure": structure.pk, "task": "La buvette", "day": "aujourd’hui", "minutes": "2 h 30"}
    refused = volunteer.post(address, typed | {"minutes": "longtemps"})
    assert refused.status_code == 422
    assert "Écrivez par exemple 2 h 30" in refused.content.decode()
    assert "longtemps" in refused.content.decode()
    assert volunteer.post(address, typed).status_code == 302
    hours = VolunteerHours.objects.get()
    assert (hours.mission, hours.minutes) == (engagement.mission, 150)
    page = member.get(reverse("structure-hours", args=[structure.pk])).content.decode()
    assert "Jo Lafon" in page
    member.post(reverse("validate-hours", args=[hours.pk]))
    assert VolunteerHours.objects.validated().count() == 1
    year = timezone.localdate().year
    attested = volunteer.get(reverse("hours-certificate", args=[structure.pk, year])).content.decode()
    assert "2\u00a0h\u00a030" in attested
    assert "Ce n’est pas une déclaration" in attested


def test_an_association_notes_hours_for_its_volunteer(member, volunteer, engagement, structure):
    address = reverse("write-hours-for", args=[structure.pk])
    typed = {"volunteer": UserFactory().pk, "task": "La buvette", "day": "aujourd’hui", "minutes": "45 min"}
    assert member.post(address, typed).context["form"].errors == {"volunteer": ["Choisissez une personne de la liste."]}
    member.post(address, typed | {"volunteer": engagement.user.pk})
    hours = VolunteerHours.objects.get()
    assert "À valider par vous" in volunteer.get(reverse("my-hours")).content.decode()
    volunteer.post(
        reverse("correct-hours", args=[hours.pk]), {"day": "hier", "minutes": "1 h", "reason": "C’était hier."}
    )
    page = member.get(reverse("structure-hours", args=[structure.pk])).content.decode()
    assert "c’était 45\u00a0min" in page
    member.post(reverse("validate-hours", args=[hours.pk]))
    hours.refresh_from_db()
    assert (hours.minutes, hours.is_validated) == (60, True)


def test_one_does_not_validate_what_one_wrote(volunteer, engagement, structure):
    hours = HoursFactory(structure=structure, volunteer=engagement.user)
    page = volunteer.post(reverse("validate-hours", args=[hours.pk]), follow=True).content.decode()
    assert "une autre personne les valide" in page
    assert not VolunteerHours.objects.validated().exists()
    volunteer.post(reverse("remove-hours", args=[hours.pk]))
    assert not VolunteerHours.objects.exists()


def test_hours_are_read_by_their_two_sides_alone(member, structure):
    hours = HoursFactory(structure=structure, volunteer__name="Jo Lafon")
    for person in (MandateFactory().user, UserFactory(agent=True)):
        client = Client()
        client.force_login(person)
        assert client.get(reverse("structure-hours", args=[structure.pk])).status_code == 404
        assert client.get(reverse("correct-hours", args=[hours.pk])).status_code == 404
    year = timezone.localdate().year
    assert member.get(reverse("hours-certificate", args=[structure.pk, year])).status_code == 404


@pytest.mark.parametrize("asked", ["1999", "9999", "²⁰²⁶", "x"])
def test_a_year_that_is_none_is_this_one(member, asked):
    assert member.get(reverse("my-hours"), {"annee": asked}).context["year"] == timezone.localdate().year


@pytest.mark.parametrize("count", [1, 5])
def test_the_cost_of_the_hours_of_an_association_does_not_grow(member, structure, count, django_assert_num_queries):
    HoursFactory.create_batch(count, structure=structure)
    member.get(reverse("structure-hours", args=[structure.pk]))
    with django_assert_num_queries(16):
        member.get(reverse("structure-hours", args=[structure.pk]))
