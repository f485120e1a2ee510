"""What invented associations borrow from each other: some to come, some asked, some given back."""

from datetime import timedelta
from random import Random

from django.utils import timezone

from maillage.demonstration.parts import parts
from maillage.directory.models import Mandate, Structure
from maillage.sharing.bookings import stock, terms
from maillage.sharing.models import Booking, Listing
from maillage.sharing.periods import A_DAY

SHARE = 3  # one offer out of three is borrowed
MOST_EACH = 3
AHEAD_DAYS = 45
STATES = (Booking.State.CONFIRMED, Booking.State.CONFIRMED, Booking.State.REQUESTED)


def write_bookings(*, seed, today):
    """What would be lent twice is left out."""
    chance = Random(seed)  # noqa: S311
    purposes = parts("bookings")["purposes"]
    borrowers = list(Structure.objects.filter(is_demonstration=True).order_by("pk"))
    people = dict(Mandate.objects.current().order_by("pk").values_list("structure", "user"))
    offers = Listing.objects.offers().published().filter(structure__in=borrowers).select_related("structure")
    for listing in offers.order_by("pk"):
        if not terms.is_lent(listing) or chance.randrange(SHARE):
            continue
        for _ in range(chance.randint(1, MOST_EACH)):
            borrower = chance.choice([one for one in borrowers if one.pk != listing.structure_id])
            booking = Booking(
                listing=listing,
                borrower=borrower,
                author_id=people.get(borrower.pk),
                quantity=chance.randint(1, listing.quantity),
                purpose=chance.choice(purposes),
                state=chance.choice(STATES),
            )
            _write(booking, first=today + chance.randint(1, AHEAD_DAYS) * A_DAY, days=chance.choice([0, 0, 0, 1]))


def _write(booking, *, first, days):
    rules = terms.rules_of(booking.listing)
    try:
        booking.period = terms.whole_days(booking.listing, first, first + days * A_DAY)
        terms.check(
            booking.listing, rules, period=booking.period, quantity=booking.quantity, now=timezone.now() - timedelta(1)
        )
    except terms.BookingRefused:
        return
    takes = booking.state in Booking.OCCUPYING
    bounds = (booking.period.lower, booking.period.upper)
    if takes and stock.Stock(booking.listing, *bounds).free(*bounds) < booking.quantity:
        return
    booking.answered_at = timezone.now() if takes else None
    booking.save()
    if takes:
        stock.occupy(booking, rules)
