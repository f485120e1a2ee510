from maillage.sharing.models.drafts import Draft, Picture, PublishedDraft
from maillage.sharing.models.inventories import Inventory, InventoryLine
from maillage.sharing.models.listings import (
    Contact,
    Listing,
    ListingQuerySet,
    ListingReader,
    SearchWord,
)
from maillage.sharing.models.saved_searches import SavedSearch

__all__ = [
    "Contact",
    "Draft",
    "Inventory",
    "InventoryLine",
    "Listing",
    "ListingQuerySet",
    "ListingReader",
    "Picture",
    "PublishedDraft",
    "SavedSearch",
    "SearchWord",
]
