"""Reading comfort: choices kept in a cookie, without an account, that become classes of ``<html>`` (comfort.css)."""

COOKIE = "comfort"
TEXT_SIZES = {"": "Normale", "text-large": "Grande", "text-larger": "Très grande"}
SWITCHES = {"strong-contrast": "Contraste renforcé", "no-motion": "Sans animation", "dark": "Fond sombre"}
ONE_YEAR = 365 * 24 * 3600


def comfort_of(request):
    """The classes chosen, in a fixed order; what the cookie holds beyond our own words is left out."""
    asked = set(request.COOKIES.get(COOKIE, "").split("."))
    return [name for name in (*TEXT_SIZES, *SWITCHES) if name and name in asked]


def keep_comfort(response, classes, *, secure):
    if classes:
        value = ".".join(sorted(classes))
        response.set_cookie(COOKIE, value, max_age=ONE_YEAR, httponly=True, samesite="Lax", secure=secure)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
