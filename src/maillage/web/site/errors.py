"""The pages of what went wrong: each says what happened and what to do next."""

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import get_template


def bad_request(request, exception=None):
    return render(request, "errors/400.html", status=400)


def forbidden(request, exception=None):
    return render(request, "errors/403.html", status=403)


def csrf_refused(request, reason=""):
    return render(request, "errors/403_csrf.html", status=403)


def not_found(request, exception=None):
    return render(request, "errors/404.html", status=404)


def server_error(request):
    """Without a context: neither the session nor the database may be there."""
    return HttpResponseServerError(get_template("errors/500.html").render())
