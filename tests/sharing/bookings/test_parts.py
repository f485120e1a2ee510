"""What an offer is made of, and how many there are: promises follow, or the change is refused with the dates."""

from datetime import timedelta

import pytest
from django.utils import timezone

from maillage.sharing.bookings.closures import close
from maillage.sharing.bookings.parts import set_part
from maillage.sharing.bookings.services import BookingRefused, ask
from maillage.sharing.bookings.stock import Stock
from maillage.sharing.bookings.terms import whole_days
from maillage.sharing.models import Booking, LendingRules, Listing, Occupation, Part
from maillage.sharing.services import ListingRefused, change_listing
from tests.at_once import at_once
from tests.factories.directory import MandateFactory
from tests.factories.sharing import BookingFactory, ListingFactory, next_saturday

pytestmark = pytest.mark.django_db
SOUND, CHAIRS, HALL = (
    "technical.equipment.sound_light.sound",
    "technical.equipment.events.tables",
    "technical.premises.hall",
)


@pytest.fixture
def lender():
    return MandateFactory()


@pytest.fixture
def saturday():
    return next_saturday(timezone.localdate())


def offer(lender, title, quantity=1, category=SOUND):
    return ListingFactory(structure=lender.structure, title=title, quantity=quantity, category=category)


def made_of(lender, whole, part, quantity=1):
    set_part(whole_id=whole.pk, part_id=part.pk, quantity=quantity, author=lender.user)


def resized(lender, listing, quantity):
    listing = Listing.objects.get(pk=listing.pk)
    return change_listing(listing_id=listing.pk, author=lender.user, opened_at=listing.modified_at, quantity=quantity)


def test_a_part_is_added_counted_anew_and_taken_out(lender):
    kit, speakers = offer(lender, "Sono"), offer(lender, "Enceintes", 4)
    made_of(lender, kit, speakers, 2)
    made_of(lender, kit, speakers, 3)
    assert Part.objects.get().quantity == 3
    made_of(lender, kit, speakers, 0)
    assert not Part.objects.exists()


def test_no_offer_is_made_of_itself_however_deep(lender):
    house, floor, room = (offer(lender, title, category=HALL) for title in ("Maison", "Étage", "Salle"))
    made_of(lender, house, floor)
    made_of(lender, floor, room)
    with pytest.raises(BookingRefused, match="l’inverse n’est pas possible"):
        made_of(lender, room, house)
    with pytest.raises(BookingRefused, match="d’elle-même"):
        made_of(lender, room, room)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_make_each_part_of_the_other_one_is_refused(lender):
    left, right = offer(lender, "A"), offer(lender, "B")
    answers = at_once(lambda: made_of(lender, left, right), lambda: made_of(lender, right, left))
    assert Part.objects.count() == 1
    assert sum(isinstance(answer, BookingRefused) for answer in answers) == 1


def test_no_more_of_a_part_than_there_are(lender):
    with pytest.raises(BookingRefused, match="Il y en a 3 en tout"):
        made_of(lender, offer(lender, "Sono"), offer(lender, "Enceintes", 3), 4)


def test_parts_are_of_the_same_structure(lender):
    other = MandateFactory(user=lender.user)
    with pytest.raises(BookingRefused, match="même association"):
        made_of(lender, offer(lender, "Sono"), offer(other, "Câbles"))
    with pytest.raises(BookingRefused, match="Vous n’agissez pas pour"):
        made_of(lender, offer(lender, "Sono"), offer(MandateFactory(), "Câbles"))


def test_who_was_promised_the_kit_is_promised_its_new_piece(lender):
    kit, speakers = offer(lender, "Sono"), offer(lender, "Enceintes", 2)
    booking = BookingFactory(listing=kit, confirmed=True)
    made_of(lender, kit, speakers, 2)
    assert sorted(booking.occupations.values_list("listing", "quantity")) == [(kit.pk, 1), (speakers.pk, 2)]
    made_of(lender, kit, speakers, 0)
    assert list(booking.occupations.values_list("listing", flat=True)) == [kit.pk]


def test_a_piece_promised_elsewhere_is_not_added_to_a_kit_promised_the_same_day(lender):
    kit, speakers = offer(lender, "Sono"), offer(lender, "Enceintes")
    BookingFactory(listing=kit, confirmed=True)
    BookingFactory(listing=speakers, confirmed=True)
    with pytest.raises(BookingRefused, match="pas libre ce jour-là"):
        made_of(lender, kit, speakers)
    assert Occupation.objects.count() == 2


def test_a_room_added_to_a_closed_building_is_closed_and_opens_when_it_leaves(lender, saturday):
    house, room = (offer(lender, title, category=HALL) for title in ("Maison", "Salle"))
    day = whole_days(house, saturday, saturday)
    close(listing_id=house.pk, author=lender.user, period=day, reason="closed")
    for quantity, free in ((1, 0), (0, 1)):
        made_of(lender, house, room, quantity)
        assert Stock(room, day.lower, day.upper).free(day.lower, day.upper) == free


def test_fewer_than_are_promised_is_refused_with_the_dates(lender, saturday):
    chairs = offer(lender, "Chaises", 40, CHAIRS)
    BookingFactory(listing=chairs, confirmed=True, quantity=20, period=whole_days(chairs, saturday, saturday))
    BookingFactory(listing=chairs, confirmed=True, quantity=15, period=whole_days(chairs, saturday, saturday))
    with pytest.raises(ListingRefused, match="promis plus de 34") as refusal:
        resized(lender, chairs, 34)
    assert f"samedi {saturday.day}" in str(refusal.value)
    assert resized(lender, chairs, 35).quantity == 35


def test_what_there_is_one_of_is_refused_twice_by_the_database_too(lender):
    chairs = offer(lender, "Chaises", 2, CHAIRS)
    booking = BookingFactory(listing=chairs, confirmed=True)
    resized(lender, chairs, 1)
    assert booking.occupations.get().is_single
    resized(lender, chairs, 5)
    assert not booking.occupations.get().is_single


def test_closures_follow_how_many_there_are(lender, saturday):
    chairs = offer(lender, "Chaises", 2, CHAIRS)
    day = whole_days(chairs, saturday + timedelta(days=7), saturday + timedelta(days=7))
    close(listing_id=chairs.pk, author=lender.user, period=day, reason="closed")
    resized(lender, chairs, 9)
    assert Occupation.objects.get().quantity == 9


@pytest.mark.django_db(transaction=True)
def test_chairs_are_never_promised_beyond_what_is_left_while_their_number_falls(lender, saturday):
    chairs = offer(lender, "Chaises", 10, CHAIRS)
    LendingRules.objects.create(listing=chairs, approvals=0)
    period = whole_days(chairs, saturday, saturday)
    borrowers = [MandateFactory() for _ in range(10)]
    calls = [
        lambda one=one: ask(
            listing_id=chairs.pk, borrower=one.structure, author=one.user, period=period, purpose="Une fête"
        )
        for one in borrowers
    ]
    at_once(*calls, lambda: resized(lender, chairs, 4))
    chairs.refresh_from_db()
    promised = Booking.objects.occupying().count()
    assert promised <= chairs.quantity
    assert chairs.quantity in (4, 10)
