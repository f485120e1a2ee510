"""« Mon espace »: my structures, and what comes next."""

from django.db.models import Count, Q
from django.shortcuts import render

from maillage.directory.models import Mandate
from maillage.kernel.pages import page
from maillage.sharing.models import Draft, Listing

DRAFTS_SHOWN = 3


@page()
def my_space(request):
    published = Count("structure__listings", filter=Q(structure__listings__state=Listing.State.PUBLISHED))
    mandates = (
        Mandate.objects.current()
        .filter(user=request.user)
        .select_related("structure__commune")
        .annotate(published=published, listings=Count("structure__listings"))
        .order_by("structure__name", "pk")
    )
    drafts = Draft.objects.visible_to(request.user)[:DRAFTS_SHOWN]
    return render(request, "account/my_space.html", {"mandates": mandates, "drafts": drafts})
