"""One row made into the facts of an offer, or left with its problem; notes say what was mended or left out."""

import re
from dataclasses import dataclass, field

from maillage.engine.french import euros_fr
from maillage.engine.text import fold
from maillage.kernel.prices import PriceRefused, parse_price
from maillage.sharing import taxonomy
from maillage.sharing.models import Listing
from maillage.sharing.search.spelling import find_categories
from maillage.territory.queries import CommuneAmbiguous, CommuneNotFound, resolve_commune

LONGEST_TITLE, LONGEST_TEXT, LONGEST_REFERENCE = 120, 4000, 60
MOST_QUANTITY = 100_000
MOST_MENDED = 40  # looking for the word that was meant takes a hundredth of a second
MOST_WORDS_MENDED = 4
SUGGESTIONS = 4
FORMULA = ("=", "@")
Conditions, Unit = Listing.Conditions, Listing.PriceUnit
UNITS = {
    Unit.DAY: ("jour", "journee", "24h", "jours"),
    Unit.HOUR: ("heure", "h", "heures"),
    Unit.KM: ("km", "kilometre", "kilometres"),
    Unit.PIECE: ("piece", "unite", "pieces", "exemplaire", "objet", "chaise", "table"),
    Unit.TOTAL: ("tout", "total", "forfait", "ensemble", "lot"),
}
_UNIT_OF = {word: unit for unit, words in UNITS.items() for word in words}
_AMOUNT_AND_UNIT = re.compile(r"(.*?)(?:\s*/\s*|\s+(?:par|la|le|en)\s+|\s+l['’])([^\W\d_]+|24h)\s*", re.DOTALL)
_COUNTED = re.compile(r"(\d{1,6})\s*(?:x\s+)?((?:[^\W\d_]|['’]){3,}.*)", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|\d+")
_BULLET = re.compile(r"^[-–—•*·+]\s*")
_DEPOSIT = re.compile(r"(?:caution|dépôt de garantie)\s*(?:de|:)?\s*(.+)", re.IGNORECASE)


class Problem(Exception):
    """The text says what to mend in the file."""


@dataclass
class Row:
    """facts     only what the file tells, as Listing names it; commune is a code
    category  told or guessed, "" when neither; suggestions are codes, the likeliest first
    problem   why nothing can be made of the line, "" when something can
    """

    line_number: int
    title: str = ""
    reference: str = ""
    facts: dict = field(default_factory=dict)
    category: str = ""
    suggestions: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    problem: str = ""

    @property
    def quantity(self):
        return self.facts.get("quantity", 1)


class RowReader:
    """Made once for a file."""

    def __init__(self, columns, structure):
        self._columns = columns
        self._has_commune = structure.commune_id is not None
        self._communes = {}
        self._mended = 0

    def read(self, line_number, cells):
        row = Row(line_number)
        said = self._columns.read(cells)
        try:
            self._title(row, said)
            self._quantity(row, said)
            self._reference(row, said)
            self._commune(row, said)
            self._category(row, said)
            sentences = _conditions(row, said)
            _text(row, said, sentences)
        except Problem as problem:
            row.problem = str(problem)
        return row

    @staticmethod
    def _title(row, said):
        whole = _BULLET.sub("", " ".join(said["title"].split())).strip(" ,;.")
        row.title = whole[:LONGEST_TITLE]
        if not whole:
            raise Problem("le nom de la chose manque\u00a0: écrivez par exemple «\u00a0Chaises pliantes\u00a0»")
        if whole.startswith(FORMULA):
            raise Problem(f"le nom commence par «\u00a0{whole[0]}\u00a0», comme une formule\u00a0: écrivez-le en mots")
        counted = _COUNTED.fullmatch(whole)
        if counted and not said.get("quantity"):
            said["quantity"], whole = counted[1], counted[2]
        whole = whole[:1].upper() + whole[1:]
        row.title = whole
        if len(whole) > LONGEST_TITLE:
            row.title = whole[:LONGEST_TITLE].rpartition(" ")[0] or whole[:LONGEST_TITLE]
            said["text"] = "\n".join(filter(None, [whole, said.get("text", "")]))
            row.notes.append("le nom était trop long\u00a0: il est raccourci, et entier dans la description")
        row.facts["title"] = row.title

    @staticmethod
    def _quantity(row, said):
        typed = said.get("quantity", "")
        if not typed:
            return
        whole = re.sub(r"[.,]0+$", "", typed)
        numbers = _NUMBER.findall(whole)
        if len(numbers) != 1 or re.search(r"\d[.,]\d{1,2}\b", whole):
            raise Problem(
                f"combien\u00a0: «\u00a0{typed[:30]}\u00a0» n’est pas un nombre entier. Écrivez par exemple 12"
            )
        quantity = int(re.sub(r"\D", "", numbers[0]))
        if quantity < 1 or typed.startswith(("-", "−")):
            raise Problem("la quantité est de zéro ou moins\u00a0: écrivez 1 au moins, ou retirez la ligne")
        if quantity > MOST_QUANTITY:
            raise Problem("la quantité dépasse 100\u00a0000\u00a0: vérifiez le nombre de zéros")
        row.facts["quantity"] = quantity

    @staticmethod
    def _reference(row, said):
        typed = " ".join(said.get("reference", "").split())
        if len(typed) > LONGEST_REFERENCE:
            row.notes.append("la référence dépasse 60\u00a0signes\u00a0: elle est laissée de côté")
        else:
            row.reference = typed

    def _commune(self, row, said):
        typed = " ".join(filter(None, (said.get("commune", ""), said.get("postal_code", ""))))[:100]
        if not typed:
            if not self._has_commune:
                raise Problem("la commune manque\u00a0: ajoutez une colonne «\u00a0Commune\u00a0»")
            return
        if typed not in self._communes:
            try:
                self._communes[typed] = resolve_commune(typed).pk
            except (CommuneNotFound, CommuneAmbiguous):
                self._communes[typed] = None
        if self._communes[typed] is None:
            raise Problem(
                f"la commune «\u00a0{typed[:40]}\u00a0» n’est pas reconnue\u00a0: écrivez son nom et son code postal"
            )
        row.facts["commune_id"] = self._communes[typed]

    def _category(self, row, said):
        typed = said.get("category", "")[:120]
        told = _named(typed) if typed else []
        guessed = taxonomy.find(row.title) or self._mend(row.title) or taxonomy.find(said.get("text", "")[:300])
        if told:
            inside = [one for one in guessed if taxonomy.is_under(one.code, told[0].code)]
            if not told[0].parent and not inside:
                row.notes.append("la famille ne suffit pas\u00a0: choisissez la catégorie")
            guessed = inside + [one for one in told if one.parent] + guessed
        elif typed:
            row.notes.append(
                f"la catégorie «\u00a0{typed[:40]}\u00a0» n’est pas une des nôtres\u00a0: voici la plus proche"
            )
        codes = dict.fromkeys(one.code for one in guessed if one.parent)
        row.suggestions = list(codes)[:SUGGESTIONS]
        certain = not told or told[0].parent or inside
        row.category = row.suggestions[0] if row.suggestions and certain else ""
        if told and row.category:
            row.facts["category"] = row.category

    def _mend(self, title):
        if self._mended >= MOST_MENDED or len(title.split()) > MOST_WORDS_MENDED:
            return []
        self._mended += 1
        return find_categories(title)[0]


def _named(typed):
    """Categories of this very label first, else those whose names are in it."""
    plain = fold(typed)
    exact = [entry for entry in taxonomy.all_categories() if fold(entry.label) == plain]
    return exact or taxonomy.find(typed)


def _conditions(row, said):
    """Fill the conditions of the facts; returns the sentences that the description gets."""
    mode = _mode(row, said.get("mode", ""))
    cents, unit = _price(row, said)
    if mode == "give" and cents:
        row.notes.append("un don n’a pas de prix\u00a0: le prix est laissé de côté")
        cents = 0
    if cents:
        paid = Conditions.COST_SHARE if mode == "lend" else Conditions.PRICE
        row.facts |= {"conditions": paid, "price_cents": cents, "price_unit": unit}
    elif cents == 0 or mode in ("lend", "give"):
        row.facts |= {"conditions": Conditions.FREE, "price_cents": None, "price_unit": Unit.TOTAL}
    elif mode == "rent":
        row.notes.append("location sans prix\u00a0: «\u00a0participation aux frais à convenir\u00a0»")
        row.facts |= {"conditions": Conditions.COST_SHARE, "price_cents": None, "price_unit": Unit.TOTAL}
    sentences = ["À donner."] if mode == "give" else []
    for what, label in (("deposit", "Caution"), ("value", "Valeur")):
        if amount := _amount(row, said.get(what, ""), label):
            sentences.append(f"{label}\u00a0: {euros_fr(amount)}.")
    return sentences


def _mode(row, typed):
    plain = fold(typed).split()
    found = {
        "lend": any(word.startswith(("pret", "gratuit")) for word in plain),
        "rent": any(word.startswith(("locat", "lou")) for word in plain),
        "give": any(word in ("don", "dons", "donner", "donne", "cession") for word in plain),
    }
    modes = [mode for mode, is_said in found.items() if is_said]
    if plain and not modes and plain not in (["oui"], ["non"]):
        row.notes.append(f"«\u00a0{typed[:30]}\u00a0» n’est ni prêt, ni location, ni don\u00a0: laissé de côté")
    return modes[0] if len(modes) == 1 else ""


def _price(row, said):
    """(cents, unit); cents is None when no price is said or understood."""
    typed, unit = said.get("price", ""), _UNIT_OF.get(_last_word(said.get("unit", "")), "")
    if parted := _AMOUNT_AND_UNIT.fullmatch(typed):
        typed, unit = parted[1], _UNIT_OF.get(fold(parted[2]), "") or unit
        if fold(parted[2]) not in _UNIT_OF:
            row.notes.append(f"prix par «\u00a0{parted[2][:20]}\u00a0»\u00a0: compris comme un prix en tout")
    return _amount(row, typed, "Prix"), unit or Unit.TOTAL


def _last_word(text):
    return next(iter(fold(text).split()[::-1]), "")


def _amount(row, typed, label):
    if not typed or typed in ("-", "–", "0 %") or fold(typed) in ("non", "aucun", "aucune", "sans", "neant"):
        return None
    try:
        return parse_price(re.sub(r",(\d\d)\d+$", r",\1", typed))
    except PriceRefused:
        row.notes.append(f"{label.lower()}\u00a0: «\u00a0{typed[:30]}\u00a0» n’est pas un montant, laissé de côté")
        return None


def _text(row, said, sentences):
    loose = []
    for part in said.get("loose", "").split("\n"):
        deposit = _DEPOSIT.fullmatch(part)
        amount = _amount(row, deposit[1], "Caution") if deposit else None
        loose.append(f"Caution\u00a0: {euros_fr(amount)}." if amount else _sentence(part))
    place = said.get("place", "").replace("\n", " ")
    parts = [said.get("text", ""), *loose, f"Rangement\u00a0: {place}." if place else "", *sentences]
    text = "\n".join(filter(None, parts))
    if len(text) > LONGEST_TEXT:
        text = text[:LONGEST_TEXT]
        row.notes.append("la description dépassait 4\u00a0000\u00a0signes\u00a0: la fin est laissée de côté")
    if text:
        row.facts["text"] = text


def _sentence(part):
    return part[:1].upper() + part[1:] + ("" if part[-1:] in ".!?" else ".") if part else ""


def read_rows(table, structure):
    """The Rows of a Table of files.py, those that say the same of one thing made into one."""
    reader = RowReader(table.columns, structure)
    return merge_same([reader.read(number, cells) for number, cells in table.rows])


def merge_same(rows):
    """Quantities of lines that say the same are added; the later line tells where it went."""
    first, references = {}, {}
    for row in rows:
        if row.problem:
            continue
        other, reference = first.setdefault(_what_it_says(row), row), fold(row.reference)
        if other is not row:
            other.facts["quantity"] = min(other.quantity + row.quantity, MOST_QUANTITY)
            other.notes.append(f"la ligne {row.line_number} dit la même chose\u00a0: quantités additionnées")
            row.problem = f"elle dit la même chose que la ligne {other.line_number}\u00a0: quantités additionnées"
        elif reference and references.setdefault(reference, row) is not row:
            row.problem = (
                f"la référence «\u00a0{row.reference}\u00a0» est déjà celle de la ligne "
                f"{references[reference].line_number}\u00a0: donnez-en une à chacune"
            )
            del first[_what_it_says(row)]
    return rows


def _what_it_says(row):
    others = sorted((name, str(value)) for name, value in row.facts.items() if name not in ("quantity", "title"))
    return fold(row.reference), fold(row.title), tuple(others)
