"""The database refuses what a listing must never be, even past the services."""

from datetime import date, time

import pytest
from django.db import IntegrityError, transaction

from maillage.sharing.models import Listing, ListingReader
from tests.factories.directory import StructureFactory
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("constraint", "broken"),
    [
        ("listing_state_known", {"state": "draft"}),
        ("listing_quantity_at_least_one", {"quantity": 0}),
        ("listing_last_day_after_first", {"first_day": date(2026, 1, 2), "last_day": date(2026, 1, 1)}),
        ("listing_weekdays_exist", {"weekdays": [7]}),
        ("listing_hours_in_order", {"starts_at": time(9)}),
        ("listing_hours_in_order", {"ends_at": time(9)}),
        ("listing_hours_in_order", {"starts_at": time(9), "ends_at": time(9)}),
        ("listing_price_fits_conditions", {"conditions": "free", "price_cents": 100}),
        ("listing_price_fits_conditions", {"conditions": "price", "price_cents": None}),
        ("listing_price_fits_conditions", {"conditions": "price", "price_cents": 0}),
        ("listing_price_fits_conditions", {"conditions": "cost_share", "price_cents": 0}),
        ("listing_radius_reasonable", {"radius_km": 0}),
        ("listing_radius_reasonable", {"radius_km": 301}),
        ("listing_has_title", {"title": ""}),
    ],
)
def test_the_database_refuses(constraint, broken):
    listing = ListingFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Listing.objects.filter(pk=listing.pk).update(**broken)


def test_a_reader_is_chosen_once():
    listing, structure = ListingFactory(), StructureFactory()
    ListingReader.objects.create(listing=listing, structure=structure)
    with pytest.raises(IntegrityError, match="listing_reader_unique"), transaction.atomic():
        ListingReader.objects.create(listing=listing, structure=structure)


def test_every_constraint_says_what_is_wrong_in_french():
    messages = [constraint.violation_error_message for constraint in Listing._meta.constraints]
    assert all(message.endswith(".") and "Constraint" not in message for message in messages)


@pytest.mark.parametrize(
    ("direction", "conditions"), [("need", "cost_share"), ("need", "price"), ("offer", "cost_share")]
)
def test_an_amount_may_be_left_open(direction, conditions):
    assert ListingFactory(direction=direction, conditions=conditions, price_cents=None).pk
