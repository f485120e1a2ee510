"""Pictures that people send: read with suspicion, written again from their pixels alone (no GPS, no hidden page)."""

import warnings
from io import BytesIO
from threading import Lock

from pi_heif import register_heif_opener
from PIL import Image, ImageOps

MOST_PIXELS = 60_000_000
LONGEST_SIDE = 1600
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
QUALITY = 80
register_heif_opener(thumbnails=False)  # the photos of iPhones
_ONE_AT_A_TIME = Lock()  # a PNG of MOST_PIXELS weighs little, and takes half a gigabyte of memory once open


class PictureTooLarge(ValueError):
    """More than MOST_PIXELS."""


class NotAPicture(ValueError):
    """Whatever a hostile or broken file makes the decoder say."""


def pixels_of(upload, longest_side=LONGEST_SIDE):
    """The bytes of a WebP of at most ``longest_side`` pixels, upright; raises PictureTooLarge, NotAPicture."""
    try:
        with _ONE_AT_A_TIME:
            picture = _upright(upload, longest_side)
    except PictureTooLarge:
        raise
    except Exception as error:
        raise NotAPicture from error
    written = BytesIO()
    picture.save(written, "WEBP", quality=QUALITY)
    return written.getvalue()


def _upright(upload, longest_side):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture = Image.open(upload, formats=FORMATS)
    if picture.width * picture.height > MOST_PIXELS:
        raise PictureTooLarge
    picture.draft("RGB", (longest_side, longest_side))
    picture.thumbnail((longest_side, longest_side))
    picture = ImageOps.exif_transpose(picture).convert("RGBA")
    clean = Image.new("RGB", picture.size, "white")
    clean.paste(picture, mask=picture.getchannel("A"))
    return clean
