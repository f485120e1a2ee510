"""The least valid listing: an offer of a van, published, for everyone; variations are traits."""

from datetime import time, timedelta

import factory
from django.core.files.base import ContentFile
from django.utils import timezone

from maillage.sharing import terms
from maillage.sharing.bookings import stock
from maillage.sharing.bookings.terms import period_between, rules_of
from maillage.sharing.indexing import index_listing
from maillage.sharing.inventories.services import read_inventory
from maillage.sharing.models import Booking, Draft, Inventory, InventoryLine, Listing
from tests.factories.accounts import UserFactory
from tests.factories.directory import StructureFactory


class ListingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Listing
        skip_postgeneration_save = True

    class Params:
        need = factory.Trait(direction=Listing.Direction.NEED, visibility=Listing.Visibility.MEMBERS)
        paused = factory.Trait(state=Listing.State.PAUSED)
        closed = factory.Trait(state=Listing.State.CLOSED)
        expired = factory.Trait(valid_until=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1)))
        priced = factory.Trait(conditions=Listing.Conditions.PRICE, price_cents=3000, price_unit=Listing.PriceUnit.DAY)

    structure = factory.SubFactory(StructureFactory)
    direction = Listing.Direction.OFFER
    category = "technical.vehicles.van"
    title = factory.Sequence(lambda n: f"Camionnette {n}")
    commune = factory.SelfAttribute("structure.commune")
    latitude = factory.SelfAttribute("commune.latitude")
    longitude = factory.SelfAttribute("commune.longitude")
    visibility = Listing.Visibility.EVERYONE
    last_day = None
    valid_until = factory.LazyAttribute(lambda o: terms.usual_until(o.direction, timezone.localdate(), o.last_day))

    @factory.post_generation
    def indexed(listing, create, extracted):  # noqa: N805
        if create:
            index_listing(listing)

    @factory.post_generation
    def pictured(listing, create, extracted):  # noqa: N805
        if create and listing.photo:
            listing.pictures.create(image=listing.photo.name, description=listing.photo_description, position=0)


class DraftFactory(factory.django.DjangoModelFactory):
    """A draft of which nothing is typed yet; ``author`` acts for ``structure`` when the test says so."""

    class Meta:
        model = Draft

    structure = factory.SubFactory(StructureFactory)
    author = factory.SubFactory(UserFactory)
    direction = Listing.Direction.OFFER


def make_inventory(structure, author, table, name="inventaire.csv"):
    """What is read of ``table`` (a text, or bytes), and waits to be confirmed."""
    content = table.encode() if isinstance(table, str) else table
    return read_inventory(file=ContentFile(content, name=name), structure=structure, author=author)


def make_done_inventory(listing, author):
    """An import that found ``listing`` there already, and left a line aside."""
    inventory = Inventory.objects.create(
        structure=listing.structure, author=author, file_name="2025.ods", state="done", done_at=timezone.now()
    )
    known = {"outcome": "unchanged", "listing": listing, "title": listing.title}
    InventoryLine.objects.create(inventory=inventory, line_number=2, **known)
    aside = {"outcome": "left_aside", "problem": "le nom de la chose manque", "is_kept": False}
    InventoryLine.objects.create(inventory=inventory, line_number=3, **aside)
    return inventory


class BookingFactory(factory.django.DjangoModelFactory):
    """A van asked for next Saturday, from 8 h to 20 h; ``confirmed`` takes it too."""

    class Meta:
        model = Booking
        skip_postgeneration_save = True

    class Params:
        confirmed = factory.Trait(state=Booking.State.CONFIRMED)
        day = factory.LazyFunction(lambda: next_saturday(timezone.localdate()))

    listing = factory.SubFactory(ListingFactory)
    borrower = factory.SubFactory(StructureFactory)
    author = factory.SubFactory(UserFactory)
    period = factory.LazyAttribute(lambda o: period_between(o.day, o.day, time(8), time(20)))
    purpose = "Transporter les décors du spectacle"

    @factory.post_generation
    def occupied(booking, create, extracted):  # noqa: N805
        if create and booking.state in Booking.OCCUPYING:
            stock.occupy(booking, rules_of(booking.listing))


def next_saturday(today):
    return today + timedelta(days=(5 - today.weekday() - 1) % 7 + 1)
