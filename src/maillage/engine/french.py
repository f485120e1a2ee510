"""French as it is written: dates, numbers, amounts, and the spaces of its punctuation (docs/design-system.md)."""

import re
from decimal import ROUND_HALF_UP, Decimal

from maillage.engine.text import fold

NBSP = "\u00a0"  # before « : », inside « », between a number and its unit
NNBSP = "\u202f"  # before ; ! ? and between thousands
HYPHEN = "\u2011"  # « manque-t-il » stays on one line

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
SHORT_MONTHS = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.")


def day_fr(day):
    """« samedi 7 novembre »."""
    return f"{WEEKDAYS[day.weekday()]} {_day_number(day)}{NBSP}{MONTHS[day.month - 1]}"


def date_fr(day):
    """« mardi 13 avril 2021 », « jeudi 1er octobre 2026 »."""
    return f"{day_fr(day)} {day.year}"


def short_day_fr(day):
    """« sam. 7 nov. », for tables."""
    return f"{WEEKDAYS[day.weekday()][:3]}. {_day_number(day)}{NBSP}{SHORT_MONTHS[day.month - 1]}"


def _day_number(day):
    return "1er" if day.day == 1 else str(day.day)


def time_fr(time):
    """« 18 h 30 », « 8 h »."""
    minutes = f"{NBSP}{time.minute:02}" if time.minute else ""
    return f"{time.hour}{NBSP}h{minutes}"


def duration_fr(minutes):
    """« 2 h 30 », « 45 min », « 1 200 h »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}min"
    return f"{number_fr(hours)}{NBSP}h" + (f"{NBSP}{rest:02}" if rest else "")


def number_fr(number):
    """« 17 500 », « 2,5 »: thousands apart, at most two decimals, no zero too many."""
    exact = Decimal(str(number)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    whole, decimals = f"{abs(exact):,.2f}".split(".")
    decimals = decimals.rstrip("0")
    sign = "−" if exact < 0 else ""
    return sign + whole.replace(",", NNBSP) + (f",{decimals}" if decimals else "")


def euros_fr(cents):
    """« 12,50 € », « 30 € »."""
    euros, rest = divmod(abs(cents), 100)
    decimals = f",{rest:02}" if rest else ""
    sign = "−" if cents < 0 else ""
    return f"{sign}{number_fr(euros)}{decimals}{NBSP}€"


def km_fr(kilometres):
    """« 9 km », « moins de 1 km »."""
    if kilometres < 1:
        return f"moins de 1{NBSP}km"
    return f"{number_fr(int(kilometres + 0.5))}{NBSP}km"


def join_fr(words, last="et"):
    """« a, b et c »."""
    *others, final = [str(word) for word in words] or [""]
    return f"{', '.join(others)} {last} {final}" if others else final


def count_fr(number, one, many=None):
    """« 0 offre », « 1 offre », « 1 248 offres »: in French the plural starts at two."""
    return f"{number_fr(number)}{NBSP}{one if abs(number) < 2 else many or one + 's'}"


# What « de » stays whole before: the h of « hameau », « onze », « yoga ». All other words in h- and y- take « d’ ».
_KEEPS_DE = re.compile(
    r"h(?:ach|aie|alle?s?\b|altes?\b|amac|ameau|anche|and|angar|ara|arc|ard|areng|aricot|arnais|arp|asard|ate|au|avre"
    r"|eriss|eron|eros\b|etre|eurt|ibou|ierarch|ip\b|iss|obb|och|ockey|oll|old|omard|ong|ont|op\b|ors|ott|ou"
    r"|ublot|uche|uguenot|uit(?!r)|upp|url|ussard|utt)|onz|oui\b|ouistiti|y[aeiou]"
)


def rank_fr(rank):
    """« 1re », « 2e »: of a place."""
    return "1re" if rank == 1 else f"{number_fr(rank)}e"


def of_fr(name):
    """« d’Amicale laïque », « d’Harmonie de Revel », « de Revel », « du Fousseret »: ``name`` behind « de »."""
    article, _, rest = name.partition(" ")
    if rest and article.lower() in ("le", "les"):
        return f"{'du' if article.lower() == 'le' else 'des'} {rest}"
    said = fold(name)
    return f"d’{name}" if said[:1] in tuple("aeiouyh") and not _KEEPS_DE.match(said) else f"de {name}"


def phone_fr(number):
    """« 05 36 49 12 34 »; a number that is not French stays as it is."""
    digits = _national_digits(number)
    return NBSP.join(digits[start : start + 2] for start in range(0, 10, 2)) if digits else number


def phone_uri(number):
    """``tel:+33536491234``."""
    digits = _national_digits(number)
    return f"tel:+33{digits[1:]}" if digits else "tel:" + re.sub(r"[^\d+]", "", number)


def _national_digits(number):
    digits = re.sub(r"^(\+33|0033)0?", "0", re.sub(r"[^\d+]", "", number))
    return digits if re.fullmatch(r"0\d{9}", digits) else None


_LITTLE_WORD = re.compile(r"(?:à|aux?|des?|du|d|en|et|les?|la|l|pour|sur|une?)$", re.IGNORECASE)


def initials(name):
    """« FR » for « Foyer rural de Revel »: the first letters of the first two words that count."""
    words = [word for word in re.findall(r"\w+", name) if not _LITTLE_WORD.match(word)]
    return "".join(word[0] for word in words[:2]).upper()


_SPACE = f"[ {NBSP}{NNBSP}]"
_ADDRESS = re.compile(r"(\b(?:https?://|www\.)\S+|\S+@\S+)")
_UNITS = r"(?:€|%|km|kg|m²|m³|cm|h|min|ans?|jours?|heures?|places?|personnes?)"
_PRONOUNS = r"(?:je|tu|il|elle|on|nous|vous|ils|elles|ce)"


def _close_thousands(match):
    return re.sub(_SPACE, NNBSP, match[0])


_RULES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\.\.\.", "…"),
        (r"(?<=\w)'(?=\w)", "’"),
        (r'"([^"\n]*)"', r"«\1»"),
        (rf"«{_SPACE}*", "«" + NBSP),
        (rf"{_SPACE}*»", NBSP + "»"),
        (rf"(?<=[\w)\]’…»]){_SPACE}*([;!?]+)(?=$|[\s)\]»])", NNBSP + r"\1"),
        (rf"{_SPACE}+([;!?])", NNBSP + r"\1"),
        (rf"(?<=[\w)\]’…»]){_SPACE}*:(?=$|\s)", NBSP + ":"),
        (rf"{_SPACE}+:", NBSP + ":"),
        (rf"(?<!\d)(?<!\d{_SPACE})\d{{1,3}}(?:{_SPACE}\d{{3}})+(?!{_SPACE}?\d)", _close_thousands),
        (rf"(?:{_SPACE}+|(?<=\d))([€%])", NBSP + r"\1"),
        (rf"(?<=\d){_SPACE}({_UNITS})\b", NBSP + r"\1"),
        (rf"\b(\d{{1,2}}){_SPACE}?h{_SPACE}?(\d\d)\b", rf"\1{NBSP}h{NBSP}\2"),
        (r"\b(\d{1,2})h\b", rf"\1{NBSP}h"),
        (rf"(?<=\d)({NBSP}h(?:{NBSP}\d\d)?){_SPACE}?[-–]{_SPACE}?(?=\d{{1,2}}{NBSP}h\b)", rf"\1{NBSP}– "),
        (rf"\b([nN]°){_SPACE}*(?=\d)", r"\1" + NBSP),
        (rf"(?<=\w)[-{HYPHEN}]t[-{HYPHEN}](il|elle|on)\b", rf"{HYPHEN}t{HYPHEN}\1"),
        (rf"(?<=\w)-({_PRONOUNS})\b", HYPHEN + r"\1"),
    )
)


def typo(text):
    """``text`` with the spaces, quotes, apostrophes and hyphens of French; addresses of sites and people stay whole."""
    parts = _ADDRESS.split(text)
    return "".join(part if index % 2 else _typeset(part) for index, part in enumerate(parts))


def _typeset(text):
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
