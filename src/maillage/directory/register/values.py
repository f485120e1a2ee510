"""One cell made into one value, or into nothing when the register writes a filler."""

import re
from datetime import date, datetime
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from stdnum.fr import siret as siret_numbers

FRANCE = ZoneInfo("Europe/Paris")
RNA_ID = re.compile(r"W\d[A-Z\d]\d{7}", re.ASCII)
OLD_ID = re.compile(r"(?=\d[A-Z\d]{0,3}[A-Z])\d[A-Z\d-]{4,19}", re.ASCII)
_FILLERS = (date(1, 1, 1), date(1901, 7, 1))
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_FRENCH_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")
_STAMP = re.compile(r"(\d{4}-\d{2}-\d{2})[ T]+(\d{2}:\d{2}:\d{2})")
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9à-ÿ]([a-z0-9à-ÿ-]{0,61}[a-z0-9à-ÿ])?\.)+[a-z]{2,24}")


def text(cell):
    """``cell`` with its runs of spaces collapsed; the fillers « _ » and « " » are nothing."""
    bare = " ".join(cell.split())
    return "" if bare in ("_", '"', '""') else bare


def paragraphs(cell):
    """A long text: line breaks kept, spaces collapsed inside each line."""
    return "\n".join(filter(None, map(text, cell.split("\n"))))


@lru_cache(maxsize=20_000)
def day(cell):
    match = _DAY.match(cell.strip())
    parts = match.groups() if match else None
    if parts is None and (match := _FRENCH_DAY.match(cell.strip())):
        parts = match.groups()[::-1]
    if parts is None:
        return None
    try:
        value = date(*map(int, parts))
    except ValueError:
        return None
    return None if value in _FILLERS or value.year < 1000 else value


def moment(cell):
    match = _STAMP.match(cell.strip())
    if not match:
        return None
    try:
        value = datetime.fromisoformat(f"{match[1]} {match[2]}")
    except ValueError:
        return None
    return None if value.year < 1900 else value.replace(tzinfo=FRANCE)


def siret(cell):
    """(SIRET, None), (None, None) when there is none, or (None, note) when it can't be one."""
    bare = re.sub(r"[\s.-]", "", cell) if cell else ""
    if not bare.strip("0"):
        return None, None
    padded = bare.zfill(14) if len(bare) == 13 and bare.isascii() and bare.isdigit() else bare
    if siret_numbers.is_valid(padded):
        return padded, None
    return None, "siret_invalid"


def website(cell):
    """(address, None), ("", None) when there is none, or ("", note); nothing is fetched."""
    bare = cell.strip()
    if not bare or bare.lower() in ("_", '"', "http://", "https://", "néant", "neant", "non", "aucun"):
        return "", None
    address = bare if re.match(r"[a-z][a-z0-9+.-]*:", bare, re.IGNORECASE) else f"https://{bare.lstrip('/')}"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "", "website_refused"
    if parts.scheme not in ("http", "https") or parts.username or not _HOST.fullmatch(host):
        return "", "website_refused"
    tail = (parts.path if parts.path != "/" else "") + (f"?{parts.query}" if parts.query else "")
    tail += f"#{parts.fragment}" if parts.fragment else ""
    address = f"{parts.scheme}://{host}{f':{port}' if port else ''}{tail}"
    if len(address) > 300 or re.search(r"[\s<>\"\\^`{|}]", address):
        return "", "website_refused"
    return address, None


@lru_cache(maxsize=20_000)
def purpose_codes(*cells):
    """Six-digit codes of the nomenclature; a lost leading zero is given back, unknown codes are kept."""
    codes = []
    for cell in cells:
        code = cell.strip().zfill(6)
        if len(code) == 6 and code.isascii() and code.isdigit() and code.strip("0") and code not in codes:
            codes.append(code)
    return codes


def postal_code(cell):
    """Five digits, a lost leading zero given back; "" when it is not one."""
    bare = cell.strip().replace(" ", "")
    bare = f"0{bare}" if len(bare) == 4 else bare
    return bare if len(bare) == 5 and bare.isascii() and bare.isdigit() and bare != "00000" else ""


def insee_code(cell):
    bare = cell.strip().upper()
    bare = f"0{bare}" if len(bare) == 4 else bare
    return bare if re.fullmatch(r"(\d{2}|2[AB])\d{3}", bare, re.ASCII) else ""
