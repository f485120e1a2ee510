from maillage.sharing.models.drafts import Draft, Picture
from maillage.sharing.models.listings import (
    Contact,
    Listing,
    ListingQuerySet,
    ListingReader,
    SearchWord,
    in_box,
    point,
)

__all__ = [
    "Contact",
    "Draft",
    "Listing",
    "ListingQuerySet",
    "ListingReader",
    "Picture",
    "SearchWord",
    "in_box",
    "point",
]
