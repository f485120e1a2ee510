"""Addresses of searches: one spelling for one search, so that links can be shared and compared."""

from urllib.parse import urlencode, urlsplit

from django.http import QueryDict
from django.urls import reverse

from maillage.sharing.models import Listing
from maillage.sharing.search.criteria import DISTANCE, RELEVANCE, USUAL_RADIUS_KM
from maillage.sharing.search.days import read_day
from maillage.sharing.search.phrase import read_phrase
from maillage.web.search.forms import DIRECTIONS, LONGEST_TEXT, OTHER_DAY, SORTS

_DIRECTION_WORDS = {code: word for word, code in DIRECTIONS.items()}
_SORT_WORDS = {code: word for word, code in SORTS.items()}


def address(criteria, *, view="cartes", page=1):
    """The address that means exactly these Criteria; what is usual is left out."""
    usual_sort = DISTANCE if criteria.place and not criteria.words else RELEVANCE
    usual_radius = criteria.radius_km == USUAL_RADIUS_KM or not criteria.place
    parameters = {
        "sens": _DIRECTION_WORDS[criteria.direction],
        "quoi": criteria.words,
        "ou": criteria.place.label if criteria.place else None,
        "rayon": None if usual_radius else str(criteria.radius_km or ""),
        "quand": criteria.day.isoformat() if criteria.day else None,
        "famille": criteria.category or None,
        "prix_max": None if criteria.max_price_cents is None else _amount(criteria.max_price_cents),
        "tri": None if criteria.sort == usual_sort else _SORT_WORDS[criteria.sort],
        "vue": None if view == "cartes" else view,
        "page": None if page == 1 else str(page),
    }
    return written({name: value for name, value in parameters.items() if value is not None})


def answer_by_publishing(criteria):
    """Where one says what was not found, or proposes what nobody asks for, with what the search said already."""
    opposite = {Listing.Direction.OFFER: "besoin", Listing.Direction.NEED: "offre"}
    said = {
        "sens": opposite[criteria.direction],
        "quoi": criteria.words,
        "ou": criteria.place.label if criteria.place else "",
        "quand": f"{criteria.day:%d/%m/%Y}" if criteria.day else "",
    }
    return f"{reverse('publish')}?{urlencode({name: value for name, value in said.items() if value})}"


def search_left(request):
    """The address of the search whose page led here, or "": only its query is taken from what the browser says."""
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if came_from.netloc != request.get_host() or came_from.path != reverse("search"):
        return ""
    return f"{reverse('search')}?{came_from.query}"


def written(parameters):
    query = QueryDict(mutable=True)
    query.update(parameters)
    return f"{reverse('search')}?{query.urlencode()}"


def spelled_out(parameters, today):
    """The address that says in its fields what ``parameters`` say in words, or None when there is nothing to spell out.

    « camionnette revel samedi » becomes what, where and when; a field that is filled wins over the phrase. A day said
    in words becomes a date: the address must mean the same tomorrow.
    """
    said = {name: parameters[name].strip() for name in parameters}
    spelled = dict(said)
    if other_day := spelled.pop("jour", ""):
        spelled["quand"] = other_day
    phrase = spelled.get("quoi", "")
    if phrase and len(phrase) <= LONGEST_TEXT and "\0" not in phrase:
        spelled |= _recognised(phrase, spelled, today)
    when = spelled.get("quand", "")
    if len(when) <= LONGEST_TEXT and (day := read_day(when, today)):
        spelled["quand"] = day.isoformat()
    return written(spelled) if spelled != said else None


def _recognised(phrase, said, today):
    fields = {"where": "ou", "radius": "rayon", "day": "quand", "price": "prix_max"}
    filled = {name for name, field in fields.items() if said.get(field, "") not in ("", OTHER_DAY) and name != "radius"}
    found = read_phrase(phrase, today, skip=filled)
    spelled = {field: value for name, field in fields.items() if (value := getattr(found, name))}
    return spelled | {"quoi": found.what} if found.says_more else {}


def _amount(cents):
    return f"{cents // 100},{cents % 100:02}" if cents % 100 else str(cents // 100)
