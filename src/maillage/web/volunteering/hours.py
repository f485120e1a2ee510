"""Hours given: mine with what they count for, those of an association, written, validated, corrected, attested."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from maillage.directory.models import Mandate, Structure
from maillage.kernel.pages import page
from maillage.volunteering import hours as services
from maillage.volunteering.civic import civic_year
from maillage.volunteering.hours import HoursRefused, may_handle, volunteers_of
from maillage.volunteering.models import Engagement, VolunteerHours
from maillage.web.addresses import LARGEST_ID
from maillage.web.directory.views import structure_for
from maillage.web.volunteering.hours_forms import CorrectionForm, HoursForForm, OwnHoursForm

HOURS_PER_PAGE = 40
FIRST_YEAR = 2000
RUN = "volunteering.run_hours"
WHOLE = ("structure", "volunteer", "written_by", "mission")


@page()
def mine(request):
    year = year_asked(request)
    given = VolunteerHours.objects.filter(volunteer=request.user)
    to_validate = given.waiting().exclude(written_by=request.user)
    others = given.of_year(year).exclude(pk__in=to_validate.values("pk"))
    shown = Paginator(_whole(others), HOURS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "year": year,
        "years": years_of(given, year),
        "page": shown,
        "civic": civic_year(request.user, year),
        "to_validate": _whole(to_validate),
        "may_write": _structures_of(request.user).exists(),
    }
    return render(request, "volunteering/my_hours.html", context)


@page(methods=("GET", "POST"))
def write(request):
    mission = _mission_asked(request)
    initial = {"structure": mission.structure_id, "task": mission.title} if mission else {}
    structures = _structures_of(request.user)
    form = OwnHoursForm(request.POST if request.method == "POST" else None, initial=initial, structures=structures)
    if request.method == "POST" and form.is_valid():
        if mission and mission.structure != form.cleaned_data["structure"]:
            mission = None
        if _written(form, volunteer=request.user, by=request.user, mission=mission):
            messages.success(request, "Vos heures sont notées. L’association les validera.")
            return redirect("my-hours")
    return _form_page(request, form, None)


@page(methods=("GET", "POST"))
def write_for(request, pk):
    structure = structure_for(request, pk, RUN)
    form = HoursForForm(request.POST if request.method == "POST" else None, volunteers=volunteers_of(structure))
    if request.method == "POST" and form.is_valid() and _written(form, structure=structure, by=request.user):
        messages.success(request, "Les heures sont notées. Une autre personne les validera.")
        return redirect("structure-hours", structure.pk)
    return _form_page(request, form, structure)


@page()
def of_structure(request, pk):
    structure = structure_for(request, pk, RUN)
    year = year_asked(request)
    given = VolunteerHours.objects.filter(structure=structure)
    to_validate = given.waiting().exclude(written_by=request.user)
    others = given.of_year(year).exclude(pk__in=to_validate.values("pk"))
    shown = Paginator(_whole(others), HOURS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "structure": structure,
        "year": year,
        "years": years_of(given, year),
        "page": shown,
        "to_validate": _whole(to_validate),
        "validated": given.of_year(year).validated().minutes(),
        "waiting": given.of_year(year).waiting().minutes(),
    }
    return render(request, "volunteering/structure_hours.html", context)


@page(methods=("POST",))
def validate(request, pk):
    return _do(request, _hours_for(request, pk), services.validate_hours, "Ces heures sont validées.")


@page(methods=("POST",))
def remove(request, pk):
    return _do(request, _hours_for(request, pk), services.remove_hours, "Ces heures sont effacées.")


@page(methods=("GET", "POST"))
def correct(request, pk):
    hours = _hours_for(request, pk)
    initial = {"day": hours.day, "minutes": hours.minutes}
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.correct_hours(hours_id=hours.pk, by=request.user, **form.cleaned_data)
        except HoursRefused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "C’est corrigé. Une autre personne validera.")
            return redirect(_home_of(request, hours))
    context = {"hours": hours, "form": form, "back": _home_of(request, hours)}
    return render(request, "volunteering/correct_hours.html", context, status=422 if form.errors else 200)


@page()
def certificate(request, pk, year):
    """What a volunteer may print of their validated hours for one association."""
    structure = Structure.objects.select_related("commune").filter(pk=min(pk, LARGEST_ID)).first()
    given = (
        VolunteerHours.objects.filter(structure=structure, volunteer=request.user).of_year(known_year(year)).validated()
    )
    if structure is None or not given.exists():
        raise Http404
    context = {"structure": structure, "year": year, "hours": given.order_by("day", "pk"), "total": given.minutes()}
    return render(request, "volunteering/certificate.html", context | {"today": timezone.localdate()})


def year_asked(request):
    """The civil year of « ?annee=2025 », this one without."""
    text, this_year = request.GET.get("annee", ""), timezone.localdate().year
    is_year = text.isascii() and text.isdigit() and len(text) == 4 and FIRST_YEAR <= int(text) <= this_year
    return int(text) if is_year else this_year


def known_year(year):
    """``year`` of an address, or 404 for one that has no hours."""
    if not FIRST_YEAR <= year <= timezone.localdate().year:
        raise Http404
    return year


def years_of(given, year):
    known = {day.year for day in given.dates("day", "year")}
    return sorted(known | {year, timezone.localdate().year}, reverse=True)


def _structures_of(person):
    """Active associations that the person may write hours for: they accepted a mission there, or are of the team."""
    team = Mandate.objects.current().of_the_team().filter(user=person).values("structure")
    came = Engagement.objects.accepted().filter(user=person).values("mission__structure")
    return Structure.objects.active().filter(Q(pk__in=team) | Q(pk__in=came)).order_by("name", "pk")


def _mission_asked(request):
    """The mission of « ?mission=12 », when the person accepted it."""
    pk = request.GET.get("mission", "")
    if not (pk.isascii() and pk.isdigit() and int(pk[:20]) <= LARGEST_ID):
        return None
    own = Engagement.objects.accepted().filter(user=request.user, mission=int(pk[:20]))
    engagement = own.select_related("mission__structure").first()
    return engagement and engagement.mission


def _whole(hours):
    return hours.select_related(*WHOLE).prefetch_related("corrections")


def _hours_for(request, pk):
    found = VolunteerHours.objects.select_related("structure", "volunteer").filter(pk=min(pk, LARGEST_ID)).first()
    if found is None or not may_handle(request.user, found):
        raise Http404
    return found


def _home_of(request, hours):
    """Where one came from: one's own hours, or those of the association."""
    if hours.volunteer_id == request.user.pk:
        return reverse("my-hours")
    return reverse("structure-hours", args=[hours.structure_id])


def _do(request, hours, change, done):
    try:
        change(hours_id=hours.pk, by=request.user)
    except HoursRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(_home_of(request, hours))


def _written(form, **who):
    try:
        return services.write_hours(**who, **form.cleaned_data)
    except HoursRefused as refusal:
        form.add_error(refusal.field, str(refusal))
        return None


def _form_page(request, form, structure):
    context = {"form": form, "structure": structure}
    return render(request, "volunteering/hours_form.html", context, status=422 if form.errors else 200)
