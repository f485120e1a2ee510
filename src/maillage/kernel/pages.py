"""The guard of every page: a GET can only read, the rest runs in one transaction, who may come in is declared."""

from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpResponseNotAllowed
from django.shortcuts import render

from maillage.kernel.send_again import keep_typed

READING_METHODS = ("GET", "HEAD")


def page(*, public=False, permission=None, methods=("GET",)):
    """Declare a page: ``@page(public=True)``, ``@page(permission="sharing.moderate", methods=("GET", "POST"))``.

    public      True when visitors without an account may come; sign-in is asked otherwise, and a form that comes from a
                session that ended is kept meanwhile
    permission  a permission of the person alone, asked before the view runs (object permissions are asked by the view)
    methods     the HTTP methods that the page answers; GET brings HEAD along

    GET and HEAD run in a PostgreSQL read-only transaction that is rolled back: a write there is an error, whatever
    its way. Other methods run in one transaction, rolled back when the view raises or answers with a 4xx or 5xx.
    """
    allowed = tuple(methods) + (("HEAD",) if "GET" in methods else ())

    def guard(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.method not in allowed:
                return _not_allowed(request, allowed)
            # Asked outside of the transaction: a session that is no longer valid is erased, which is a write.
            is_visitor = not request.user.is_authenticated
            if is_visitor and not public:
                reads = request.method in READING_METHODS
                return redirect_to_login(request.get_full_path()) if reads else keep_typed(request)
            if permission and not request.user.has_perm(permission):
                raise PermissionDenied
            with transaction.atomic():
                if request.method in READING_METHODS:
                    with connection.cursor() as cursor:
                        cursor.execute("SET TRANSACTION READ ONLY")
                response = view(request, *args, **kwargs)
                if hasattr(response, "render") and not response.is_rendered:
                    response.render()
                if request.method in READING_METHODS or response.status_code >= 400:
                    transaction.set_rollback(True)
            return response

        guarded.asks_sign_in = not public  # type: ignore[attr-defined]
        return guarded

    return guard


def _not_allowed(request, allowed):
    """Whoever opens the address of a button (after signing in, from another tab) is told where to go instead."""
    if request.method not in READING_METHODS:
        return HttpResponseNotAllowed(allowed)
    response = render(request, "errors/405.html", status=405)
    response["Allow"] = ", ".join(allowed)
    return response
