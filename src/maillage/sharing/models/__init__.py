from maillage.sharing.models.bookings import Approval, Booking, BookingQuerySet, BookingSeries, Occupation
from maillage.sharing.models.drafts import Draft, Picture, PublishedDraft
from maillage.sharing.models.inventories import Inventory, InventoryLine
from maillage.sharing.models.lending import Closure, LendingRules, OutsideCalendar, Part
from maillage.sharing.models.listings import (
    Contact,
    Listing,
    ListingQuerySet,
    ListingReader,
    SearchWord,
)
from maillage.sharing.models.saved_searches import SavedSearch

__all__ = [
    "Approval",
    "Booking",
    "BookingQuerySet",
    "BookingSeries",
    "Closure",
    "Contact",
    "Draft",
    "Inventory",
    "InventoryLine",
    "LendingRules",
    "Listing",
    "ListingQuerySet",
    "ListingReader",
    "Occupation",
    "OutsideCalendar",
    "Part",
    "Picture",
    "PublishedDraft",
    "SavedSearch",
    "SearchWord",
]
