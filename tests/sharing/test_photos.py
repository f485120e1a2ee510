"""Photos come out upright, small and bare, or are refused with a sentence."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from maillage.kernel.pictures import LONGEST_SIDE
from maillage.sharing.photos import MOST_BYTES, PhotoRefused, clean_photo

ORIENTATION, GPS = 0x0112, 0x8825


def photo_file(kind="JPEG", size=(40, 30), mode="RGB", colour="red", name="photo.jpg", **options):
    written = BytesIO()
    Image.new(mode, size, colour).save(written, kind, **options)
    return SimpleUploadedFile(name, written.getvalue())


def opened(cleaned):
    return Image.open(BytesIO(cleaned.read()))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_webp_under_a_name_of_our_own(kind):
    cleaned = clean_photo(photo_file(kind, name="../../etc/passwd.jpg"))
    assert opened(cleaned).format == "WEBP"
    assert len(cleaned.name) == 37
    assert cleaned.name.endswith(".webp")


def test_place_and_maker_are_erased():
    exif = Image.Exif()
    exif[0x010F] = "Appareil de Bernard"
    exif.get_ifd(GPS)[1] = "N"
    cleaned = clean_photo(photo_file(exif=exif))
    picture = opened(cleaned)
    assert dict(picture.getexif()) == {}
    assert "exif" not in picture.info
    cleaned.seek(0)
    assert b"Bernard" not in cleaned.read()


def test_a_photo_held_sideways_is_put_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    assert opened(clean_photo(photo_file(size=(40, 30), exif=exif))).size == (30, 40)


def test_a_large_photo_is_reduced():
    assert opened(clean_photo(photo_file(size=(4000, 1000)))).size == (LONGEST_SIDE, 400)


def test_transparency_becomes_white():
    cleaned = clean_photo(photo_file("PNG", mode="RGBA", colour=(0, 0, 0, 0)))
    assert opened(cleaned).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "LA", "1", "I;16"])
def test_every_mode_of_png_is_read(mode):
    assert opened(clean_photo(photo_file("PNG", mode=mode, colour=0))).mode == "RGB"


def test_what_follows_the_pixels_of_a_polyglot_is_gone():
    polyglot = SimpleUploadedFile("a.png", photo_file("PNG").read() + b"<script>alert(1)</script>")
    assert b"<script>" not in clean_photo(polyglot).read()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a<script>alert(1)</script>",
        b"\xff\xd8\xff\xe0" * 50,
    ],
)
def test_what_is_no_photo_is_refused(content):
    with pytest.raises(PhotoRefused, match="pas une photo"):
        clean_photo(SimpleUploadedFile("a.jpg", content))


def test_a_truncated_photo_is_refused():
    whole = photo_file(size=(400, 300)).read()
    with pytest.raises(PhotoRefused, match="pas une photo"):
        clean_photo(SimpleUploadedFile("a.jpg", whole[: len(whole) // 2]))


def test_a_gif_is_refused():
    with pytest.raises(PhotoRefused, match="JPEG"):
        clean_photo(photo_file("GIF"))


def test_a_pixel_bomb_is_refused_before_it_is_opened():
    bomb = photo_file("PNG", size=(9000, 9000), mode="1", colour=0)
    assert bomb.size < 100_000
    with pytest.raises(PhotoRefused, match="trop grande"):
        clean_photo(bomb)


def test_a_heavy_file_is_refused_unread():
    with pytest.raises(PhotoRefused, match=r"12\u00a0Mo\..*par e\u2011mail"):
        clean_photo(SimpleUploadedFile("a.jpg", b"0" * (MOST_BYTES + 1)))


def heic(name):
    return SimpleUploadedFile("IMG_0042.HEIC", (Path(__file__).parent / name).read_bytes())


def test_the_photo_of_an_iphone_is_read_and_its_place_erased():
    assert b"Bernard" in heic("photo.heic").read()
    cleaned = clean_photo(heic("photo.heic"))
    picture = opened(cleaned)
    assert (picture.format, picture.size, dict(picture.getexif())) == ("WEBP", (64, 48), {})
    cleaned.seek(0)
    assert b"Bernard" not in cleaned.read()


def test_a_pixel_bomb_of_an_iphone_is_refused_before_it_is_opened():
    with pytest.raises(PhotoRefused, match="trop grande"):
        clean_photo(heic("large.heic"))


@pytest.mark.parametrize("kept", [20, 100, 300, 500])
def test_half_a_photo_of_an_iphone_is_refused(kept):
    half = SimpleUploadedFile("IMG_0042.HEIC", heic("photo.heic").read()[:kept])
    with pytest.raises(PhotoRefused, match="pas une photo"):
        clean_photo(half)


PEAKS = """
import resource
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from PIL import Image
from maillage.kernel.pictures import pixels_of

content = BytesIO()
Image.new("RGBA", (4000, 4000)).save(content, "PNG", compress_level=1)
for count in (1, 4):
    with ThreadPoolExecutor(count) as threads:
        list(threads.map(lambda _: pixels_of(BytesIO(content.getvalue())), range(count)))
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_several_photos_at_once_take_no_more_memory_than_one():
    said = subprocess.run([sys.executable, "-c", PEAKS], check=True, capture_output=True, text=True).stdout
    alone, together = map(int, said.split())
    assert together < alone * 1.5
