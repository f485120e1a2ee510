"""Finding communes: by name or postal code as people type them, by code as registers write them."""

import re

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, Count, Exists, F, Func, OuterRef, Q, Sum, TextField, Value, When
from django.db.models.functions import Concat

from maillage.engine.french import NBSP
from maillage.engine.text import fold
from maillage.territory.drawing import current_drawing
from maillage.territory.models import Commune, Departement, Epci, FormerCommune

ABBREVIATIONS = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "s": "sur"}
LONGEST_NAME = 80
OWN_BONUS = 0.15  # added to the likeness of a commune of the territory: one misspells the names of one's neighbours


class CommuneNotFound(LookupError):
    """The text is shown to the user."""


class CommuneAmbiguous(LookupError):
    """The text is shown to the user; ``candidates`` are the communes to choose from, likeliest first."""

    def __init__(self, message, candidates):
        super().__init__(message)
        self.candidates = candidates


def find_communes(text, limit=10):
    """Communes whose name or postal code ``text`` begins; misspelt names only when nothing else answers.

    Case, accents, hyphens, apostrophes and « st », « ste » are forgiven. The territory's own communes come first,
    then by population.
    """
    name, number = _name_and_number(text)
    if not name and not number:
        return []
    found = _own_first()
    if number:
        found = _with_postal_code(found, number)
    if name:
        found = found.filter(Q(search_name__startswith=name) | Q(search_name__contains=f" {name}"))
        found = found.annotate(
            likeness=Case(
                When(search_name=name, then=Value(0)),
                When(search_name__startswith=name, then=Value(1)),
                default=Value(2),
            )
        )
    found = list(found.order_by("-is_own", *(["likeness"] if name else []), "-population", "code")[:limit])
    return found if found or number else _misspelt(name, limit)


def resolve_commune(text):
    """The commune that ``text`` means: « Revel », « Revel (31250) », a postal code or, failing that, an INSEE code.

    A number is a postal code first (that is what people know: 31300 is Toulouse, and also the INSEE code of Lieoux).
    Raises CommuneNotFound, or CommuneAmbiguous when several communes answer or the name is misspelt.
    """
    name, number = _name_and_number(text)
    if not name and not number:
        raise CommuneNotFound("Indiquez une commune, par son nom ou son code postal.")
    exact = _own_first().order_by("-is_own", "-population", "code")
    if name:
        exact = exact.filter(search_name=name)
    if number and name:
        exact = exact.filter(Q(postal_codes__contains=[number]) | Q(code=number))
    elif number:
        exact = exact.filter(postal_codes__contains=[number])
    return _the_only_one(text, name, number, list(exact))


def _the_only_one(text, name, number, exact):
    """Among the communes that bear exactly the name or the number, else those that begin so, the one that is meant."""
    if len(exact) == 1 and (number or exact[0].is_own):
        return exact[0]
    if number and not name and not exact and (commune := resolve_code(number)):
        return commune
    found = exact if number else find_communes(text)
    own = [commune for commune in exact if commune.is_own] or [commune for commune in found if commune.is_own]
    shown = f"«{NBSP}{' '.join(text.split())[:LONGEST_NAME]}{NBSP}»"
    if not found:
        raise CommuneNotFound(f"Nous ne trouvons pas la commune {shown}. Vérifiez le nom, ou le code postal.")
    if not _begins(found[0], name):
        raise CommuneAmbiguous(f"Nous ne trouvons pas {shown}. Choisissez une commune au nom proche.", found)
    if name and len(own) == 1:
        return own[0]
    if name and not own and len(exact or found) == 1:
        return (exact or found)[0]
    raise CommuneAmbiguous(f"Plusieurs communes répondent à {shown}. Choisissez la bonne dans la liste.", found)


def _begins(commune, name):
    return f" {commune.search_name}".find(f" {name}") >= 0


def resolve_code(code):
    """The commune today of an INSEE code, current or former (arrondissement, associated, merged…), else None."""
    return Commune.objects.filter(code=current_code(code)).first()


def current_code(code, known=None):
    """The INSEE code today of ``code``, else None; ``known`` (from ``known_codes``) spares the queries.

    The registers write the arrondissements of Lyon 69301 to 69309, which are 69381 to 69389.
    """
    code = code.strip().upper()
    if re.fullmatch(r"6930[1-9]", code):
        code = f"6938{code[-1]}"
    if known is not None:
        return known.get(code)
    if Commune.objects.filter(code=code).exists():
        return code
    return FormerCommune.objects.filter(code=code).values_list("commune_id", flat=True).first()


def known_codes():
    """{INSEE code, current or former: today's code}, for those who read thousands of them."""
    former = dict(FormerCommune.objects.values_list("code", "commune_id"))
    return former | {code: code for code in Commune.objects.order_by().values_list("code", flat=True)}


def _name_and_number(text):
    """« St Félix (31540) » -> ("saint felix", "31540")."""
    words = fold(text[: 2 * LONGEST_NAME]).split()
    numbers = [word for word in words if re.fullmatch(r"\d{1,5}|2[ab]\d{1,3}", word)]
    names = [ABBREVIATIONS.get(word, word) for word in words if word not in numbers]
    return " ".join(names)[:LONGEST_NAME], numbers[0].upper() if numbers else ""


def _own_first():
    """Communes with ``is_own``: whether they are of the territory."""
    own = Departement.objects.loaded().filter(pk=OuterRef("departement"))
    return Commune.objects.select_related("departement").annotate(is_own=Exists(own))


def _with_postal_code(communes, number):
    """``communes`` with a postal code that ``number`` begins."""
    if len(number) == 5:
        return communes.filter(postal_codes__contains=[number])
    postal_codes = Func(F("postal_codes"), Value(" "), function="array_to_string", output_field=TextField())
    return communes.annotate(spaced=Concat(Value(" "), postal_codes, output_field=TextField())).filter(
        spaced__contains=f" {number}"
    )


def _misspelt(name, limit):
    likeness = TrigramSimilarity("search_name", name)
    own = Case(When(is_own=True, then=Value(OWN_BONUS)), default=Value(0.0))
    found = _own_first().filter(search_name__trigram_similar=name).annotate(likeness=likeness + own)
    return list(found.order_by(F("likeness").desc(), "-population", "code")[:limit])


def communes_of_epci(epci):
    """The communes of an intercommunalité, outside the territory too, by name."""
    return epci.communes.select_related("departement").order_by("search_name", "code")


def epci_of_territory():
    """Intercommunalités with at least a commune of the territory, with how many (``own_count``) and their people."""
    own = Q(communes__departement__in=Departement.objects.loaded())
    return (
        Epci.objects.filter(own)
        .annotate(own_count=Count("communes", filter=own), own_population=Sum("communes__population", filter=own))
        .order_by("name")
    )


def neighbours(commune):
    """The communes of the territory that share a border with ``commune``, by name."""
    return Commune.objects.filter(code__in=current_drawing().contours.neighbours(commune.code))
