"""What people do with listings: publish, change, pause, resume, renew, close. Each leaves a trace of who did it."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from maillage.directory.helping import note_help
from maillage.directory.models import Structure
from maillage.engine.french import date_fr
from maillage.kernel import events
from maillage.kernel.audit import acting
from maillage.sharing import taxonomy, terms
from maillage.sharing.bookings import stock
from maillage.sharing.bookings.parts import resize
from maillage.sharing.bookings.terms import BookingRefused
from maillage.sharing.indexing import index_listing
from maillage.sharing.models import Listing, ListingReader
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


def publish_listing(*, structure, author, direction, category, title, commune, readers=(), **details):
    """Publish an offer or a need of ``structure``; ``details`` are fields of Listing, ``readers`` structures.

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
    _check(listing, readers)
    with transaction.atomic(), acting(author):
        _check_active(structure)
        listing.assistance = note_help(author, structure)
        listing.save()
        _choose_readers(listing, readers)
        _tell(listing, "listing.published")
    return listing


def change_listing(*, listing_id, author, opened_at, readers=None, pictures=None, photo=None, **changes):
    """Change fields of a listing, unless someone saved it since ``opened_at`` (its ``modified_at`` when it was opened).

    A change of commune brings its coordinates along; another term is one that letters tell of.
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
        listing.lapses = listing.lapses and changes.get("valid_until", listing.valid_until) == listing.valid_until
        was = listing.quantity
        for name, value in changes.items():
            setattr(listing, name, value)
        if pictures is not None or photo is not None:
            _change_pictures(listing, pictures, photo)
        _check(listing, readers if readers is not None else listing.readers.all())
        listing.save()
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


def close_listing(*, listing_id, author):
    """End a listing for good: it stays in its history, no longer in any search."""
    return _move(listing_id, author, Listing.State.CLOSED)


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


def _check(listing, readers):
    if not taxonomy.exists(listing.category):
        raise ListingRefused("Choisissez une catégorie dans la liste.")
    if listing.visibility == Listing.Visibility.CHOSEN and not readers:
        raise ListingRefused("Choisissez au moins une structure qui verra cette annonce.")
    if listing.visibility == Listing.Visibility.NETWORK and not listing.structure.is_in_a_network:
        raise ListingRefused(NO_NETWORK)
    listing.valid_until = terms.within(listing.direction, listing.valid_until, listing.last_day)
    furthest = terms.longest_until(listing.direction, timezone.localdate())
    if listing.valid_until > furthest:
        raise ListingRefused(f"Cette annonce peut être montrée jusqu’au {date_fr(furthest)} au plus tard.")
    try:
        listing.full_clean(exclude=["search_vector"])
    except ValidationError as error:
        raise ListingRefused(" ".join(error.messages)) from error


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
    events.publish_on_commit(f"listing:{listing.pk}", name, {"listing": listing.pk})
