"""« Mon espace »: my structures, and what comes next."""

from django.db.models import Count, OuterRef
from django.db.models.functions import Coalesce
from django.shortcuts import render

from maillage.digest.awaiting import awaiting_count
from maillage.directory.models import Claim, Mandate
from maillage.kernel.pages import page
from maillage.sharing.models import Draft, Listing

DRAFTS_SHOWN = 3
CLAIMS_SHOWN = 10


@page()
def my_space(request):
    mandates = (
        Mandate.objects.current()
        .filter(user=request.user)
        .select_related("structure__commune", "assistance")
        .annotate(published=_count(Listing.objects.published()), listings=_count(Listing.objects.all()))
        .order_by("structure__name", "pk")
    )
    made = Claim.objects.filter(user=request.user).select_related("structure").order_by("-made_at", "-pk")
    claims = list(made[:CLAIMS_SHOWN])
    drafts = Draft.objects.visible_to(request.user)[:DRAFTS_SHOWN]
    context = {
        "mandates": mandates,
        "claims": claims,
        "waits": any(claim.state == Claim.State.WAITING for claim in claims),
        "drafts": drafts,
        "waiting": awaiting_count() if request.user.is_agent else 0,
    }
    return render(request, "account/my_space.html", context)


def _count(listings):
    """How many of ``listings`` the structure of a mandate has."""
    own = listings.filter(structure=OuterRef("structure")).order_by().values("structure")
    return Coalesce(own.annotate(count=Count("pk")).values("count"), 0)
