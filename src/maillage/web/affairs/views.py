"""« Mes affaires »: what awaits a person, for all their structures, in one list."""

from django.shortcuts import render
from django.utils import timezone

from maillage.directory.models import Structure
from maillage.kernel.pages import page
from maillage.web.affairs.awaiting import to_answer, to_do, to_read


@page()
def affairs(request):
    mine = set(Structure.objects.acted_for_by(request.user).values_list("pk", flat=True))
    groups = (
        ("to-answer", "À répondre", to_answer(request.user, mine)),
        ("to-do", "À faire", to_do(mine, timezone.now())),
        ("to-read", "À lire", to_read(request.user)),
    )
    context = {"groups": [group for group in groups if group[2]], "acts": bool(mine)}
    return render(request, "affairs/affairs.html", context)
