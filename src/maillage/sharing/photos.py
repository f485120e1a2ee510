"""Photos that people send: read with suspicion, written again from their pixels alone (no GPS, no name)."""

import uuid
import warnings
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageOps

MOST_BYTES = 12 * 2**20
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP")
QUALITY = 80


class PhotoRefused(ValueError):
    """Its text is for the person who chose the photo."""


def clean_photo(upload):
    """A WebP file of at most 1600 pixels a side, upright, with nothing but pixels; raises PhotoRefused."""
    if upload.size > MOST_BYTES:
        raise PhotoRefused("Cette photo pèse plus de 12 Mo. Choisissez-en une plus légère.")
    try:
        picture = _upright(upload)
    except PhotoRefused:
        raise
    except Exception as error:  # whatever a hostile file makes the decoder say
        raise PhotoRefused(
            "Ce fichier n’est pas une photo que nous savons lire. Choisissez un JPEG ou un PNG."
        ) from error
    return _webp(picture)


def smaller(photo, longest_side):
    """A copy of a clean photo for small screens and lists."""
    photo.seek(0)
    picture = Image.open(photo)
    picture.thumbnail((longest_side, longest_side))
    photo.seek(0)
    return _webp(picture)


def _webp(picture):
    written = BytesIO()
    picture.save(written, "WEBP", quality=QUALITY)
    return ContentFile(written.getvalue(), name=f"{uuid.uuid4().hex}.webp")


def _upright(upload):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture = Image.open(upload, formats=FORMATS)
    if picture.width * picture.height > MOST_PIXELS:
        raise PhotoRefused("Cette photo est trop grande : plus de 60 millions de points. Réduisez-la d’abord.")
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    picture = ImageOps.exif_transpose(picture).convert("RGBA")
    clean = Image.new("RGB", picture.size, "white")
    clean.paste(picture, mask=picture.getchannel("A"))
    return clean
