"""A form that came too late: the page that keeps what was typed, to be sent once more after signing in.

What was typed stays in that page, in the browser: nothing is kept here for people who are not signed in.
"""

from django.shortcuts import render

TOKEN = "csrfmiddlewaretoken"  # noqa: S105


def keep_typed(request):
    """The page that sends the same fields to the same address again, answered with 403; files must be chosen again."""
    fields = [(name, value) for name, values in request.POST.lists() if name != TOKEN for value in values]
    context = {
        "fields": fields,
        "texts": [value for _, value in fields if " " in value.strip()],  # what is worth copying
        "files": [(name, file.name) for name, file in request.FILES.items()],
    }
    return render(request, "errors/send_again.html", context, status=403)
