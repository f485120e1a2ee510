"""What the database refuses of places and reports, without going through the services; who sees which place."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.places import kinds
from maillage.places.models import Place
from tests.factories.accounts import UserFactory
from tests.factories.places import PlaceFactory, PlaceImportFactory, PlaceReportFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("place_has_name", {"name": ""}),
        ("place_kind_exists", {"kind": "castle"}),
        ("place_has_source", {"source": ""}),
        ("place_coordinates_on_earth", {"latitude": 91.0}),
        ("place_person_agreed", {"contact_name": "Jo Roux"}),
        ("place_person_agreed", {"contact_agreed_on": "2024-01-01"}),
        ("place_hours_in_order", {"hours": [{"day": 7, "start": 0, "end": 60}]}),
        ("place_hours_in_order", {"hours": [{"day": 0, "start": 60, "end": 60}]}),
        ("place_hours_in_order", {"hours": [{"day": 0, "start": 60, "end": 1441}]}),
        ("place_hours_in_order", {"hours": [{"day": 0, "start": "9 h", "end": 720}]}),
        ("place_hours_in_order", {"hours": [{"start": 60, "end": 61}]}),
        ("place_hours_in_order", {"hours": "lundi"}),
    ],
)
def test_database_refuses_a_wrong_place(constraint, wrong):
    place = PlaceFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Place.objects.filter(pk=place.pk).update(**wrong)


def test_one_source_has_one_place_under_a_key():
    PlaceFactory(source="SCDL", source_key="1")
    PlaceFactory(source="SCDL", source_key=None)
    PlaceFactory(source="SCDL", source_key=None)
    with pytest.raises(IntegrityError, match="place_source_key_unique"), transaction.atomic():
        PlaceFactory(source="SCDL", source_key="1")


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("place_report_subject_exists", {"subject": "roof"}),
        ("place_report_other_says_what", {"subject": "other", "text": ""}),
        ("place_report_handled_once", {"handled_by": True}),
    ],
)
def test_database_refuses_a_wrong_report(constraint, wrong):
    if wrong.get("handled_by"):
        wrong = {"handled_by": UserFactory(agent=True)}
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PlaceReportFactory(**wrong)


def test_the_same_error_waits_once():
    report = PlaceReportFactory(text="Fermé le lundi.")
    with pytest.raises(IntegrityError, match="place_report_said_once"), transaction.atomic():
        PlaceReportFactory(place=report.place, text="Fermé le lundi.")
    report.handled_at = timezone.now()
    report.save()
    PlaceReportFactory(place=report.place, text="Fermé le lundi.")


def test_a_constraint_that_is_broken_says_so_in_french():
    place = PlaceFactory()
    place.hours = [{"day": 0, "start": 720, "end": 540}]
    with pytest.raises(ValidationError, match="chaque fin vient après son début"):
        place.full_clean()


def test_predicate_and_queryset_agree_on_who_sees_a_place():
    places = [PlaceFactory(), PlaceFactory(hidden=True)]
    for user in (AnonymousUser(), UserFactory(), UserFactory(agent=True)):
        seen = set(Place.objects.visible_to(user))
        assert seen == {place for place in places if user.has_perm("places.see_place", place)}


def test_every_kind_is_told_in_plain_words():
    for kind in kinds.KINDS:
        assert not any(word.isupper() for word in kind.label.split()), kind.label
        assert kind.explanation.endswith(".")
        assert kinds.recognise(kind.label) is kind


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("MJC", "youth_culture_house"),
        ("Centre socio-culturel", "social_centre"),
        ("Guid’Asso", "support_point"),
        ("Tiers-lieux", "third_place"),
        ("Maison de quartier des Izards", "neighbourhood_house"),
        ("Mairie", "town_hall"),
        ("Mairie annexe de Nailloux", "town_hall"),
        ("Service vie associative de la mairie", "town_service"),
        ("Maison France Services", "france_services"),
        ("École élémentaire", None),
        ("Communes", None),
        ("", None),
    ],
)
def test_kind_is_recognised_in_the_words_of_files(text, code):
    found = kinds.recognise(text)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("constraint", "wrong"),
    [
        ("place_import_has_source", {"source": ""}),
        ("place_import_dates_fit_state", {"state": "done"}),
        ("place_import_dates_fit_state", {"done": True, "state": "undone"}),
        ("place_import_dates_fit_state", {"done": True, "state": "waiting"}),
    ],
)
def test_database_refuses_a_wrong_import(constraint, wrong):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PlaceImportFactory(**wrong)


def test_line_left_aside_without_a_reason_is_refused():
    place_import = PlaceImportFactory(done=True)
    with pytest.raises(IntegrityError, match="place_import_line_says_why"), transaction.atomic():
        place_import.lines.create(line_number=2, outcome="left_aside")
