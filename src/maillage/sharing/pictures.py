"""The pictures of a listing or of a draft: added, put in order, removed. Their files follow on commit."""

from functools import partial
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction

from maillage.sharing.models import Picture
from maillage.sharing.models.drafts import MOST_PICTURES
from maillage.sharing.photos import PhotoRefused

TOO_MANY = "Une annonce montre six photos au plus. Retirez-en une avant d’en ajouter."


def add_picture(owner, content, description=""):
    """The Picture made of ``content``, a file of ``photos.clean_photo``, after those of ``owner``, which is locked.

    Raises PhotoRefused when there are six already.
    """
    count = owner.pictures.count()
    if count >= MOST_PICTURES:
        raise PhotoRefused(TOO_MANY)
    return owner.pictures.create(image=content, description=description, position=count)


def arrange_pictures(owner, kept, descriptions):
    """Keep the pictures whose ids are in ``kept``, in that order, and remove the others of ``owner``, which is locked.

    descriptions  {id: text}; a picture that is not in it keeps its own
    """
    pictures = {picture.pk: picture for picture in owner.pictures.all()}
    ordered = [pictures.pop(pk) for pk in dict.fromkeys(kept) if pk in pictures]
    remove_files([picture.image for picture in pictures.values()])
    owner.pictures.filter(pk__in=pictures).delete()
    for position, picture in enumerate(ordered):
        picture.position = position
        picture.description = descriptions.get(picture.pk, picture.description)
    Picture.objects.bulk_update(ordered, ["position", "description"])
    return ordered


def copy_pictures(owner, pictures):
    """Give ``owner`` files of its own with the same pictures: what happens to one is not the other's business."""
    for position, picture in enumerate(pictures):
        if picture.image.storage.exists(picture.image.name):
            with picture.image.open("rb") as file:
                content = ContentFile(file.read(), name=f"{uuid4().hex}.webp")
            owner.pictures.create(image=content, description=picture.description, position=position)


def remove_files(images):
    """Files leave on commit: a transaction that fails keeps them."""
    for image in images:
        transaction.on_commit(partial(image.storage.delete, image.name))
