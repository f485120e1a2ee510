"""The least valid listing: an offer of a van, published, for everyone; variations are traits."""

from datetime import timedelta

import factory
from django.utils import timezone

from maillage.sharing import terms
from maillage.sharing.indexing import index_listing
from maillage.sharing.models import Draft, Listing
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
