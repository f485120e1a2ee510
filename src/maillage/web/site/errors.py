"""The pages of what went wrong: each says what happened and what to do next."""

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import get_template

from maillage.kernel.send_again import keep_typed


def bad_request(request, exception=None):
    return render(request, "errors/400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "errors/403.html", status=403)


def csrf_refused(request, reason=""):
    """A token that is too old, as after signing in again in another tab: what was typed on our own pages is kept."""
    view = request.resolver_match.func
    if getattr(view, "asks_sign_in", False) and _comes_from_us(request):
        return keep_typed(request)
    return render(request, "errors/403_csrf.html", status=403)


def _comes_from_us(request):
    """Browsers write where a form comes from, and no page can lie about it."""
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def not_found(request, exception=None):
    return render(request, "errors/404.html", status=404)


def server_error(request):
    """Without a context: neither the session nor the database may be there."""
    return HttpResponseServerError(get_template("errors/500.html").render())
