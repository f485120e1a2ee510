"""The structure that one acts for at its demand, which each page recalls while it lasts."""

from maillage.directory.models import Assistance

HELPED = "helped"  # of the session: the Assistance, since one chose to act


def assistance_of(request):
    """The Assistance that still runs, None for everyone else, without a query."""
    chosen = request.session.get(HELPED) if getattr(request, "session", None) else None
    if chosen is None or not request.user.is_authenticated:
        return None
    running = Assistance.objects.running().filter(pk=chosen, helper=request.user)
    return running.select_related("structure", "mandate").first()
