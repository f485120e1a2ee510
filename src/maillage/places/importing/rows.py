"""One record made into the facts of a place, or set aside with its reason; notes say what was mended or left out."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from maillage.directory.register import values
from maillage.directory.register.communes import CommuneResolver
from maillage.engine import hours
from maillage.engine.french import phone_fr
from maillage.engine.text import fold
from maillage.places import kinds, positions
from maillage.places.models import Place, stored_hours
from maillage.territory.models import Commune

NO_NUMBER = "99999"  # SCDL: a street without numbers
FORMULA = ("=", "@", "+", "-")
TEXTS = ("contact_role", "accessibility", "hours_note")
NOTES = {"swapped": "latitude et longitude étaient échangées", "far": "position loin de la commune, laissée de côté"}


FIELDS = {field.attname: field for field in Place._meta.concrete_fields}


class LeftAside(Exception):
    """The text is the reason, shown to the agent."""


@dataclass
class Row:
    """``facts`` holds only what the file tells; ``refusal`` is why the line is left aside, "" when it is read."""

    line_number: int
    name: str = ""
    key: str = ""
    facts: dict = field(default_factory=dict)
    notes: list = field(default_factory=list)
    refusal: str = ""


class RowReader:
    """Made once for a file: it knows the communes of the territory."""

    def __init__(self, columns, today):
        self._columns = columns
        self._today = today
        self._resolver = CommuneResolver()
        self._communes = {commune.code: commune for commune in Commune.objects.of_territory()}

    def read(self, line_number, cells):
        row = Row(line_number)
        try:
            if cells is None:
                raise LeftAside("cette ligne n’a pas le même nombre de colonnes que la première")
            self._read(row, {what: values.text(cells[position]) for what, position in self._columns.items()})
        except LeftAside as reason:
            row.refusal = str(reason)
        return row

    def _read(self, row, cells):
        row.name = cells["name"][:160]
        if not row.name:
            raise LeftAside("le nom manque")
        if len(cells["name"]) > 160:
            raise LeftAside("le nom dépasse 160\u00a0signes")
        if row.name.startswith(FORMULA):
            raise LeftAside(f"le nom commence par «\u00a0{row.name[0]}\u00a0»\u00a0: c’est une formule de tableur")
        kind = kinds.recognise(cells["kind"]) or kinds.recognise(row.name)
        if kind is None:
            said = cells["kind"][:80]
            raise LeftAside(
                f"«\u00a0{said}\u00a0» n’est pas une sorte de lieu connue" if said else "la sorte de lieu manque"
            )
        commune = self._commune(cells)
        row.facts = {"kind": kind.code, "name": row.name, "commune_id": commune.code}
        row.facts |= self._position(row, cells, commune) | self._contacts(row, cells) | self._hours(row, cells)
        self._texts(row, cells)
        external = cells.get("key", "")[:100]
        row.key = f"id:{external}" if external else f"nom:{fold(row.name)[:160]}|{commune.code}"

    def _commune(self, cells):
        said = cells.get("insee_code") or cells.get("interop_key", "")[:5]
        code = self._resolver.resolve(said, cells.get("postal_code", ""), cells.get("commune", "")[:80])
        if code is None:
            raise LeftAside("la commune n’est pas reconnue\u00a0: donnez son nom et son code postal")
        if code not in self._communes:
            raise LeftAside("la commune est hors du territoire")
        return self._communes[code]

    @staticmethod
    def _position(row, cells, commune):
        typed = [cells.get(name, "") for name in ("latitude", "longitude")]
        degrees = [positions.read_degrees(text) for text in typed]
        if any(typed) and None in degrees:
            row.notes.append("la position n’est pas un nombre de degrés, laissée de côté")
        (latitude, longitude), is_exact, note = positions.placed(commune, *degrees)
        if note:
            row.notes.append(NOTES[note])
        return {"latitude": latitude, "longitude": longitude, "is_exact": is_exact}

    @staticmethod
    def _contacts(row, cells):
        facts = {}
        if "phone" in cells:
            phone = phone_fr(cells["phone"]).replace("\u00a0", " ")
            is_number = len(phone) <= 20 and not any(sign.isalpha() for sign in phone)
            facts["phone"] = phone if is_number and sum(sign.isdigit() for sign in phone) > 1 else ""
            if phone and not facts["phone"]:
                row.notes.append("le téléphone n’est pas un numéro, laissé de côté")
        if "email" in cells:
            facts["email"] = cells["email"]
            try:
                if cells["email"]:
                    validate_email(cells["email"])
            except ValidationError:
                facts["email"] = ""
                row.notes.append("l’adresse e\u2011mail n’est pas complète, laissée de côté")
        if "website" in cells:
            facts["website"], refusal = values.website(cells["website"])
            if refusal:
                row.notes.append("l’adresse du site n’est pas complète, laissée de côté")
        return facts

    @staticmethod
    def _hours(row, cells):
        days = {day: cells[f"day_{day}"] for day in range(7) if f"day_{day}" in cells}
        spans, notes = [], []
        if cells.get("hours"):
            try:
                spans, said = hours.read_osm(cells["hours"])
                notes = [said] if said else []
            except hours.HoursNotRead:
                notes.append(cells["hours"])
                row.notes.append("les horaires ne se lisent pas, gardés comme précision")
        for day, text in days.items():
            try:
                spans += [(day, *span) for span in hours.read_day(text)]
            except hours.HoursNotRead:
                notes.append(f"{hours.WEEKDAYS[day].capitalize()}\u00a0: {text}")
                row.notes.append(f"les heures du {hours.WEEKDAYS[day]} ne se lisent pas, gardées comme précision")
        if "hours" not in cells and not days:
            return {}
        return {"hours": stored_hours(spans), "hours_note": " ".join(notes)[:400]}

    def _texts(self, row, cells):
        facts = row.facts
        if "street" in cells or "number" in cells:
            number = cells.get("number", "")
            parts = ["" if number == NO_NUMBER else number, cells.get("street", "")]
            facts["address"] = self._short(row, " ".join(filter(None, parts)), "address", "l’adresse")
        for name in TEXTS:
            if cells.get(name):
                label = str(FIELDS[name].verbose_name)
                said = " ".join(filter(None, [facts.get(name, ""), cells[name]]))
                facts[name] = self._short(row, said, name, label)
            elif name in cells:
                facts.setdefault(name, "")
        if cells.get("verified_on"):
            day = values.day(cells["verified_on"])
            if day and day <= self._today:
                facts["verified_on"] = day.isoformat()
            else:
                row.notes.append("la date de vérification n’est pas un jour passé, laissée de côté")

    @staticmethod
    def _short(row, text, name, label):
        longest = FIELDS[name].max_length or 0
        if text.startswith(("=", "@")):
            row.notes.append(f"{label}\u00a0: une formule de tableur, laissée de côté")
            return ""
        if len(text) > longest:
            row.notes.append(f"{label}\u00a0: raccourci à {longest}\u00a0signes")
        return text[:longest]
