"""What people do with listings: publish, change, pause, resume, renew, close. Each leaves a trace of who did it."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.directory.helping import note_help
from maillage.directory.models import Structure
from maillage.engine.french import date_fr
from maillage.kernel import events
from maillage.kernel.audit import acting
from maillage.sharing import taxonomy, terms
from maillage.sharing.bookings import stock
from maillage.sharing.bookings.parts import resize
from maillage.sharing.bookings.services import refuse_all
from maillage.sharing.bookings.terms import BookingRefused, is_lent
from maillage.sharing.indexing import index_listing, learn_words, search_vector
from maillage.sharing.models import Booking, Listing, ListingReader
from maillage.sharing.photos import PhotoRefused
from maillage.sharing.pictures import add_picture, arrange_pictures

DEFAULT_VISIBILITY = {
    Listing.Direction.OFFER: Listing.Visibility.EVERYONE,
    Listing.Direction.NEED: Listing.Visibility.MEMBERS,
}
STATES_BEFORE = {
    Listing.State.PAUSED: (Listing.State.PUBLISHED,),
    Listing.State.PUBLISHED: (Listing.State.PAUSED,),
    Listing.State.CLOSED: (Listing.State.PUBLISHED, Listing.State.PAUSED),
}
ENDED = "Cette annonce est terminée\u00a0: elle ne change plus. Publiez-en une nouvelle."


NO_NETWORK = "Vous n’êtes dans aucun réseau\u00a0: personne ne verrait cette annonce. Choisissez un autre public."


class ListingRefused(Exception):
    """Its text is shown to the person."""


class ListingChangedMeanwhile(ListingRefused):
    """Someone else saved the listing since this person opened it."""


def publish_listing(*, author, readers=(), **details):
    """Publish one listing; ``details`` as ``prepare_listing`` takes them, ``readers`` structures.

    Raises ListingRefused.
    """
    listing = prepare_listing(**details)
    _check_readers(listing, readers)
    with transaction.atomic(), acting(author):
        _check_active(listing.structure)
        listing.assistance = note_help(author, listing.structure)
        _save(listing)
        _choose_readers(listing, readers)
        _tell(listing, "listing.published")
    return listing


def publish_listings(*, structure, author, listings):
    """Publish what ``prepare_listing`` made for ``structure``, in as many queries for many as for one.

    Raises ListingRefused.
    """
    if any(listing.visibility == Listing.Visibility.NETWORK for listing in listings):
        _check_network(structure)
    with transaction.atomic(), acting(author):
        _check_active(structure)
        help_given = note_help(author, structure)
        for listing in listings:
            listing.assistance, listing.search_vector = help_given, search_vector(listing)
        try:
            with transaction.atomic():
                Listing.objects.bulk_create(listings)
        except IntegrityError:
            for listing in listings:
                _check_constraints(listing, f"«\u00a0{listing}\u00a0»\u00a0: ")
            raise
        learn_words(listings)
        for listing in listings:
            _announce(listing, "listing.published")


def prepare_listing(*, structure, direction, category, title, commune, **details):
    """A listing of ``structure`` that may be published, not saved yet; ``details`` are fields of Listing.

    Without a visibility, an offer is for everyone, a need for members only. Without coordinates, those of the commune.
    Without a term, the usual one.
    Raises ListingRefused.
    """
    details.setdefault("visibility", DEFAULT_VISIBILITY[direction])
    details.setdefault("valid_until", terms.usual_until(direction, timezone.localdate()))
    details.setdefault("latitude", commune.latitude)
    details.setdefault("longitude", commune.longitude)
    listing = Listing(
        structure=structure, direction=direction, category=category, title=title, commune=commune, **details
    )
    _check(listing)
    return listing


def change_listing(
    *, listing_id, author, opened_at, keeps_later_term=False, readers=None, pictures=None, photo=None, **changes
):
    """Change fields of a listing, unless someone saved it since ``opened_at`` (its ``modified_at`` when it was opened).

    A change of commune brings its coordinates along; another term is one that letters tell of.
    keeps_later_term  nobody chose ``valid_until``: the form showed it, and a renewal made meanwhile stays
    pictures  {id: what it shows} of the pictures to keep, in order; None keeps them all
    photo     (file, what it shows) of a picture to add after them
    Raises ListingChangedMeanwhile, ListingRefused
    """
    with transaction.atomic(), acting(author):
        if "quantity" in changes:
            stock.lock(Listing(pk=listing_id))
        listing = _locked(listing_id)
        note_help(author, listing.structure)
        if listing.state == Listing.State.CLOSED:
            raise ListingRefused(ENDED)
        if listing.modified_at != opened_at:
            raise ListingChangedMeanwhile(
                "Une autre personne a modifié cette annonce pendant que vous l’écriviez. "
                "Rien n’est perdu : relisez votre texte, puis enregistrez à nouveau pour remplacer le sien."
            )
        if "commune" in changes and changes["commune"] != listing.commune:
            listing.latitude, listing.longitude = changes["commune"].latitude, changes["commune"].longitude
        if keeps_later_term and listing.valid_until > changes["valid_until"]:
            del changes["valid_until"]
        listing.lapses = listing.lapses and changes.get("valid_until", listing.valid_until) == listing.valid_until
        was = listing.quantity
        for name, value in changes.items():
            setattr(listing, name, value)
        if pictures is not None or photo is not None:
            _change_pictures(listing, pictures, photo)
        _check_readers(listing, readers if readers is not None else listing.readers.all())
        _check(listing)
        _check_still_lent(listing)
        _save(listing)
        if listing.quantity != was:
            _resize(listing)
        if readers is not None:
            _choose_readers(listing, readers)
        _tell(listing, "listing.changed")
    return listing


def pause_listing(*, listing_id, author):
    """Hide a listing for a while; without effect when it is already paused."""
    return _move(listing_id, author, Listing.State.PAUSED)


def resume_listing(*, listing_id, author):
    """Show a paused listing again, for another usual term when its own has gone."""
    return _move(listing_id, author, Listing.State.PUBLISHED)


def renew_listings(*, listing_ids, author):
    """Show listings for another usual term from today on; returns those for which it is longer than before.

    Their ``modified_at`` stays: what was found about them still holds. Raises ListingRefused.
    """
    with transaction.atomic(), acting(author):
        listings = [_locked(pk) for pk in sorted(listing_ids)]
        for listing in listings:
            if listing.state == Listing.State.CLOSED:
                raise ListingRefused(ENDED)
        return [listing for listing in listings if _renew(listing)]


def let_lapse(*, listing_id, author):
    """End a listing on its day, without another letter; it may still be renewed."""
    with transaction.atomic(), acting(author):
        listing = _locked(listing_id)
        if not listing.lapses:
            listing.lapses = True
            listing.save(update_fields=["lapses"])
    return listing


def close_listing(*, listing_id, author, site=""):
    """End a listing for good: it stays in its history, no longer in any search.

    Who asked to borrow it is told; what is accepted stays promised
    """
    with transaction.atomic(), acting(author):
        stock.lock(Listing(pk=listing_id))
        listing = _move(listing_id, author, Listing.State.CLOSED)
        refuse_all(listing, author, site)
    return listing


def withdraw_listings(structures):
    """Close all listings of ``structures``, which end; returns {structure: {listing: the state that it had}}."""
    kept = defaultdict(dict)
    living = Listing.objects.filter(structure__in=structures).exclude(state=Listing.State.CLOSED)
    for listing in living.only("structure", "state").order_by("pk").select_for_update():
        kept[listing.structure_id][listing.pk] = listing.state
    living.update(state=Listing.State.CLOSED, modified_at=timezone.now())
    return kept


def bring_back_listings(states):
    """Give listings that were withdrawn by mistake, {id: state}, the state that they had; returns how many."""
    closed = Listing.objects.filter(state=Listing.State.CLOSED)
    return sum(
        closed.filter(pk__in=[pk for pk, one in states.items() if one == state]).update(
            state=state, modified_at=timezone.now()
        )
        for state in sorted(set(states.values()))
    )


def _move(listing_id, author, state):
    with transaction.atomic(), acting(author):
        listing = _locked(listing_id)
        if listing.state == state:
            return listing
        if listing.state not in STATES_BEFORE[state]:
            raise ListingRefused(ENDED)
        note_help(author, listing.structure)
        listing.state = state
        listing.save(update_fields=["state", "modified_at"])
        if listing.is_expired:
            _renew(listing)
        _tell(listing, f"listing.{state}")
    return listing


def _renew(listing):
    """Whether it is shown longer than before."""
    today = timezone.localdate()
    if not terms.is_renewable(listing, today):
        return False
    listing.valid_until, listing.lapses = terms.renewed_until(listing, today), False
    listing.save(update_fields=["valid_until", "lapses"])
    _tell(listing, "listing.renewed")
    return True


def _locked(listing_id):
    related = Listing.objects.select_related("structure", "commune")
    listing = related.select_for_update(of=("self",)).filter(pk=listing_id).first()
    if listing is None:
        raise ListingRefused("Cette annonce n’existe plus.")
    return listing


def _check_active(structure):
    """Locked, so that a structure does not end while it publishes."""
    active = Structure.objects.active().select_for_update(no_key=True, of=("self",))
    if active.filter(pk=structure.pk).first() is None:
        raise ListingRefused(f"{structure} n’est plus active\u00a0: elle ne publie plus.")


def _check_readers(listing, readers):
    if listing.visibility == Listing.Visibility.CHOSEN and not readers:
        raise ListingRefused("Choisissez au moins une structure qui verra cette annonce.")
    if listing.visibility == Listing.Visibility.NETWORK:
        _check_network(listing.structure)


def _check_network(structure):
    if not structure.is_in_a_network:
        raise ListingRefused(NO_NETWORK)


def _check(listing):
    """All that can be told without the database."""
    if not taxonomy.exists(listing.category):
        raise ListingRefused("Choisissez une catégorie dans la liste.")
    listing.valid_until = terms.within(listing.direction, listing.valid_until, listing.last_day)
    furthest = terms.longest_until(listing.direction, timezone.localdate())
    if listing.valid_until > furthest:
        raise ListingRefused(f"Cette annonce peut être montrée jusqu’au {date_fr(furthest)} au plus tard.")
    try:
        listing.clean_fields(exclude=["search_vector", "structure", "commune", "assistance"])
    except ValidationError as error:
        raise ListingRefused(" ".join(error.messages)) from error


def _save(listing):
    """The database judges; Django, which asks it one constraint at a time, only says which one refused."""
    try:
        with transaction.atomic():
            listing.save()
    except IntegrityError:
        _check_constraints(listing)
        raise


def _check_constraints(listing, about=""):
    try:
        listing.validate_constraints()
    except ValidationError as error:
        raise ListingRefused(about + " ".join(error.messages)) from error


def _check_still_lent(listing):
    if not is_lent(listing) and Booking.objects.living().filter(listing=listing).exists():
        raise ListingRefused(
            "Des réservations de cette annonce sont à venir\u00a0: gardez une catégorie de locaux, de véhicules ou de "
            "matériel, ou annulez-les d’abord."
        )


def _resize(listing):
    try:
        resize(listing)
    except BookingRefused as refusal:
        raise ListingRefused(str(refusal)) from refusal


def _change_pictures(listing, pictures, photo):
    if pictures is not None:
        arrange_pictures(listing, list(pictures), pictures)
    if photo is not None:
        try:
            add_picture(listing, *photo)
        except PhotoRefused as refusal:
            raise ListingRefused(str(refusal)) from refusal
    first = listing.pictures.first()
    listing.photo, listing.photo_description = (first.image.name, first.description) if first else ("", "")


def _choose_readers(listing, readers):
    chosen = readers if listing.visibility == Listing.Visibility.CHOSEN else ()
    listing.chosen_readers.exclude(structure__in=chosen).delete()
    rows = [ListingReader(listing=listing, structure=structure) for structure in chosen]
    ListingReader.objects.bulk_create(rows, ignore_conflicts=True)


def _tell(listing, name):
    index_listing(listing)
    _announce(listing, name)


def _announce(listing, name):
    events.publish_on_commit(f"listing:{listing.pk}", name, {"listing": listing.pk})
