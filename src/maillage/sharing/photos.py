"""Photos of listings and of structures: pixels alone, under a name that says nothing."""

import uuid

from django.core.files.base import ContentFile

from maillage.kernel.pictures import NotAPicture, PictureTooLarge, pixels_of

MOST_BYTES = 12 * 2**20
HOW_TO_LIGHTEN = (
    "Pour l’alléger, envoyez-la-vous par e\u2011mail en choisissant «\u00a0taille moyenne\u00a0», "
    "puis prenez ici celle que vous recevez."
)


class PhotoRefused(ValueError):
    """Its text is for the person who chose the photo."""


def clean_photo(upload):
    """A WebP file of at most 1600 pixels a side, upright, with nothing but pixels; raises PhotoRefused."""
    if upload.size > MOST_BYTES:
        raise PhotoRefused(f"Cette photo pèse plus de 12\u00a0Mo. {HOW_TO_LIGHTEN}")
    try:
        return ContentFile(pixels_of(upload), name=f"{uuid.uuid4().hex}.webp")
    except PictureTooLarge:
        raise PhotoRefused(
            f"Cette photo est trop grande\u00a0: plus de 60\u00a0millions de points. {HOW_TO_LIGHTEN}"
        ) from None
    except NotAPicture as error:
        raise PhotoRefused(
            "Ce fichier n’est pas une photo que nous savons lire. "
            "Choisissez un JPEG, un PNG ou une photo d’iPhone (HEIC)."
        ) from error


def smaller(photo, longest_side):
    """A copy of a clean photo for small screens and lists."""
    photo.seek(0)
    copy = ContentFile(pixels_of(photo, longest_side), name=f"{uuid.uuid4().hex}.webp")
    photo.seek(0)
    return copy
