"""Reading missions: those that one may see, one of them, those of an association, and one's own."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render

from maillage.directory.models import Structure
from maillage.kernel.pages import page
from maillage.volunteering.models import Engagement, Mission
from maillage.volunteering.rules import invites_for
from maillage.web.addresses import LARGEST_ID
from maillage.web.directory.views import structure_for
from maillage.web.volunteering.forms import AcceptForm

MISSIONS_PER_PAGE = 20
MOST_SHOWN = 100
WHOLE = ("structure__commune", "commune")


@page(public=True)
def mission_list(request):
    seen = Mission.objects.visible_to(request.user).to_come().with_left().select_related(*WHOLE)
    shown = Paginator(seen.order_by("first_day", "pk"), MISSIONS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "volunteering/missions.html", {"page": shown})


@page(public=True)
def mission_page(request, pk):
    return show_mission(request, mission_for(request, pk))


@page(public=True)
def of_structure(request, pk):
    structure = structure_for(request, pk, "directory.see_structure")
    seen = Mission.objects.visible_to(request.user).filter(structure=structure).with_left().select_related(*WHOLE)
    runs = request.user.has_perm("sharing.publish_for", structure)
    seen = seen if runs else seen.to_come()
    keeps_hours = request.user.has_perm("volunteering.run_hours", structure)
    shown = Paginator(seen.order_by("-last_day", "pk"), MISSIONS_PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "volunteering/of_structure.html",
        {"structure": structure, "page": shown, "runs": runs, "keeps_hours": keeps_hours},
    )


@page()
def mine(request):
    """What I accepted, what I am invited to, what my associations organise."""
    mine_ = Engagement.objects.filter(user=request.user).select_related("mission__structure", "mission__commune")
    invited = Engagement.objects.invited().filter(email__iexact=request.user.email)
    invited = invited.filter(mission__in=Mission.objects.to_come())
    context = {
        "accepted": mine_.accepted().order_by("-mission__last_day", "pk")[:MOST_SHOWN],
        "invited": invited.select_related("mission__structure", "mission__commune")[:MOST_SHOWN],
        "structures": Structure.objects.acted_for_by(request.user).active().order_by("name"),
    }
    return render(request, "volunteering/mine.html", context)


def mission_for(request, pk, permission="volunteering.see_mission"):
    """The mission, or 404 for whoever may not do this with it."""
    found = Mission.objects.select_related(*WHOLE).filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None or not request.user.has_perm(permission, found):
        raise Http404
    return found


def show_mission(request, mission, form=None, status=200):
    """The page of a mission; ``form``: of accepting it, sent back with what is wrong."""
    may_edit = request.user.has_perm("volunteering.edit_mission", mission)
    sees_volunteers = request.user.has_perm("volunteering.see_volunteers", mission)
    engagement = mission.engagements.filter(user=request.user).first() if request.user.is_authenticated else None
    if engagement:
        engagement.mission = mission
    taken = mission.engagements.accepted().count()
    context = {
        "mission": mission,
        "left": mission.places - taken,
        "taken": taken,
        "engagement": engagement,
        "partners": mission.partners.order_by("name"),
        "form": form or AcceptForm(mission=mission),
        "may_edit": may_edit,
        "sees_volunteers": sees_volunteers,
        "may_invite": mission.is_published and invites_for(request.user, mission) is not None,
        "volunteers": mission.engagements.accepted().select_related("user") if sees_volunteers else (),
        "waiting": mission.engagements.invited() if sees_volunteers else (),
    }
    return render(request, "volunteering/mission.html", context, status=status)
