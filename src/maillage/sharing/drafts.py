"""What people do with drafts: begin, save a screen, remove, publish. Nobody else hears of it before it is published."""

from django.db import transaction

from maillage.kernel.audit import acting
from maillage.sharing.models import Draft, InventoryLine, Picture, PublishedDraft
from maillage.sharing.pictures import add_picture, arrange_pictures, copy_pictures, remove_files
from maillage.sharing.services import ListingRefused, publish_listing

MOST_DRAFTS = 50
GONE = "Ce brouillon n’existe plus\u00a0: il a été publié ou effacé."


class DraftGone(ListingRefused):
    """Someone published or removed the draft meanwhile."""


class DraftChangedMeanwhile(ListingRefused):
    """Someone saved the draft since this person read it."""


def start_draft(*, structure, author, direction, typed=None, pictures=()):
    """A new draft; ``pictures`` are copied. Raises ListingRefused when this person left too many of them."""
    if Draft.objects.filter(author=author).count() >= MOST_DRAFTS:
        raise ListingRefused(f"Vous avez déjà {MOST_DRAFTS} brouillons. Publiez-en ou effacez-en un d’abord.")
    with transaction.atomic():
        draft = Draft.objects.create(structure=structure, author=author, direction=direction, typed=typed or {})
        copy_pictures(draft, pictures)
    return draft


def add_photo(*, draft_id, photo):
    """Add a file of ``photos.clean_photo`` after the pictures of a draft; returns the Picture.

    Raises DraftGone, PhotoRefused.
    """
    with transaction.atomic():
        return add_picture(_locked(draft_id), photo)


def save_screen(*, draft_id, step, typed, structure=None, pictures=None):
    """Save what was typed on one screen, right or wrong; the others stay as they are. Returns the draft.

    structure  whose draft it becomes
    pictures   ids of those that are kept, in order; None when the screen shows none
    Raises DraftGone
    """
    with transaction.atomic():
        draft = _locked(draft_id)
        if pictures is not None:
            arrange_pictures(draft, pictures, {})
        draft.typed[step] = typed
        draft.structure = structure or draft.structure
        draft.save(update_fields=["typed", "structure", "modified_at"])
    return draft


def publish_draft(*, draft_id, author, opened_at, descriptions, **details):
    """Publish a draft that was read at ``opened_at``; returns the Listing, and the draft is no more.

    descriptions  {id of a picture: what it shows}
    details       as of ``publish_listing``
    Raises DraftGone, DraftChangedMeanwhile, ListingRefused
    """
    with transaction.atomic(), acting(author):
        draft = _locked(draft_id)
        if draft.modified_at != opened_at:
            raise DraftChangedMeanwhile("Ce brouillon a changé pendant que vous le relisiez. Relisez-le, puis publiez.")
        ordered = list(draft.pictures.values_list("pk", flat=True))
        pictures = arrange_pictures(draft, ordered, descriptions)
        if pictures:
            details |= {"photo": pictures[0].image.name, "photo_description": pictures[0].description}
        listing = publish_listing(structure=draft.structure, author=author, direction=draft.direction, **details)
        Picture.objects.filter(draft=draft).update(draft=None, listing=listing)
        InventoryLine.objects.filter(draft=draft).update(draft=None, listing=listing)
        PublishedDraft.objects.create(number=draft_id, listing=listing)
        draft.delete()
    return listing


def listing_of(draft_id):
    """The listing that a draft became, None when it did not."""
    found = PublishedDraft.objects.select_related("listing__structure").filter(number=draft_id).first()
    return found and found.listing


def remove_draft(*, draft_id):
    """Remove a draft and its pictures; without effect when it is gone."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().filter(pk=draft_id).first()
        if draft:
            _remove(draft)


def remove_forgotten_drafts():
    """Remove the drafts that nobody has touched for a month; returns how many."""
    with transaction.atomic():
        drafts = list(Draft.objects.forgotten().select_for_update(skip_locked=True))
        for draft in drafts:
            _remove(draft)
    return len(drafts)


def _remove(draft):
    remove_files([picture.image for picture in draft.pictures.all()])
    draft.delete()


def _locked(draft_id):
    draft = Draft.objects.select_for_update(of=("self",)).select_related("structure").filter(pk=draft_id).first()
    if draft is None:
        raise DraftGone(GONE)
    return draft
