"""The valuation of a year: what was received in kind, its two totals, files for accounting, certificates."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from maillage.directory.rules import is_of_the_team
from maillage.engine.french import duration_fr
from maillage.kernel.pages import page
from maillage.volunteering import valuation as services
from maillage.volunteering.models import InKindContribution, Rate, VolunteerHours
from maillage.volunteering.valuation import ACCOUNT_NAMES, ValuationRefused, accounting_rows, statement
from maillage.web.addresses import LARGEST_ID
from maillage.web.directory.views import structure_for
from maillage.web.spreadsheets import csv_file, harmless
from maillage.web.volunteering.hours import known_year, year_asked, years_of
from maillage.web.volunteering.valuation_forms import ContributionForm, ValueHoursForm

RUN = "volunteering.run_accounts"
BENEVALIBRE = (  # as Bénévalibre 2.0 names its own columns
    *("pseudonyme", "association", "titre", "description", "date", "date de fin", "durée", "durée (en heures)"),
    *("distance (en km)", "catégorie", "projet", "niveau"),
)


@page()
def of_structure(request, pk):
    return _page_of(request, structure_for(request, pk, RUN), year_asked(request))


@page(methods=("GET", "POST"))
def add(request, pk):
    structure = structure_for(request, pk, RUN)
    form = ContributionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            added = services.record_contribution(
                structure=structure, by=request.user, giver=form.giver(), **form.cleaned_data
            )
        except ValuationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La contribution est enregistrée.")
            return redirect(f"{reverse('valuation', args=[structure.pk])}?annee={added.day.year}")
    context = {"structure": structure, "form": form}
    return render(request, "volunteering/contribution_form.html", context, status=422 if form.errors else 200)


@page(methods=("POST",))
def value_hours(request, pk, year):
    structure, year = structure_for(request, pk, RUN), known_year(year)
    form = ValueHoursForm(request.POST, names=_rate_names(structure))
    if form.is_valid():
        try:
            services.value_hours(structure=structure, year=year, rate_name=form.cleaned_data["rate"], by=request.user)
        except ValuationRefused as refusal:
            form.add_error("rate", str(refusal))
        else:
            messages.success(request, f"Les heures validées de {year} sont valorisées.")
            return redirect(f"{reverse('valuation', args=[structure.pk])}?annee={year}")
    return _page_of(request, structure, year, form)


@page(methods=("POST",))
def remove(request, pk):
    contribution = _contribution(pk)
    if not request.user.has_perm(RUN, contribution.structure):
        raise Http404
    services.remove_contribution(contribution_id=contribution.pk, by=request.user)
    messages.success(request, "La contribution est effacée.")
    return redirect(f"{reverse('valuation', args=[contribution.structure_id])}?annee={contribution.day.year}")


@page()
def certificate(request, pk):
    """For the beneficiary, who gives it, and for the structure that gave."""
    contribution = _contribution(pk)
    giver = contribution.giver
    if not (request.user.has_perm(RUN, contribution.structure) or (giver and is_of_the_team(request.user, giver))):
        raise Http404
    if not contribution.who_gives:
        raise Http404  # volunteers have their own, by their hours
    context = {"contribution": contribution, "today": timezone.localdate()}
    return render(request, "volunteering/contribution_certificate.html", context)


@page()
def entries(request, pk, year):
    structure, year = structure_for(request, pk, RUN), known_year(year)
    rows = [("date", "compte", "libellé", "débit", "crédit")]
    for day, account, label, debit, credit in accounting_rows(_received(structure, year)):
        rows.append((f"{day:%d/%m/%Y}", account, harmless(label), _euros(debit), _euros(credit)))
    return csv_file(f"valorisation-{structure.pk}-{year}.csv", rows)


@page()
def benevalibre(request, pk, year):
    structure, year = structure_for(request, pk, RUN), known_year(year)
    given = VolunteerHours.objects.filter(structure=structure).of_year(year).validated()
    rows = [BENEVALIBRE]
    for one in given.select_related("volunteer", "mission").order_by("day", "pk"):
        who = (one.volunteer.name if one.volunteer else "") or f"bénévole {one.volunteer_id or ''}".strip()
        day = f"{one.day:%d/%m/%Y}"
        lasted = f"{one.minutes // 60:02}:{one.minutes % 60:02}:00"
        hours = f"{one.minutes / 60:.2f}".replace(".", ",")
        project = one.mission.title if one.mission else ""
        cells = (who, structure.name, one.task, "", day, day, lasted, hours, "", "", project, "")
        rows.append(tuple(map(harmless, cells)))
    return csv_file(f"benevalibre-{structure.pk}-{year}.csv", rows)


def _page_of(request, structure, year, form=None):
    received = _received(structure, year)
    given = VolunteerHours.objects.filter(structure=structure).of_year(year)
    names = _rate_names(structure)
    context = {
        "structure": structure,
        "year": year,
        "years": years_of(InKindContribution.objects.filter(structure=structure), year),
        "contributions": received,
        "given": structure.contributions_given.of_year(year).select_related("structure"),
        "statement": _told(statement(received)),
        "validated": given.validated().minutes(),
        "waiting": duration_fr(given.waiting().minutes()) if given.waiting().exists() else "",
        "is_outdated": _is_outdated(received, given.validated().minutes()),
        "form": form or ValueHoursForm(names=names),
        "names": names,
    }
    return render(request, "volunteering/valuation.html", context, status=422 if form and form.errors else 200)


def _is_outdated(received, minutes):
    """Whether hours were validated, corrected or taken back since they were valued."""
    valued = [one.quantity for one in received if one.from_hours]
    return bool(valued) and round(sum(valued) * 60) != minutes


def _told(found):
    """The lines of both sides, « 864 Personnel bénévole », and their totals."""
    return {
        "debits": [(account, ACCOUNT_NAMES[account], cents) for account, cents in found.debits.items()],
        "credits": [(account, ACCOUNT_NAMES[account], cents) for account, cents in found.credits.items()],
        "total_86": found.total_86,
        "total_87": found.total_87,
    }


def _received(structure, year):
    return InKindContribution.objects.filter(structure=structure).of_year(year).select_related("giver")


def _rate_names(structure):
    names = Rate.objects.usable_by(structure).order_by("name").values_list("name", flat=True)
    return list(dict.fromkeys(names))


def _contribution(pk):
    whole = InKindContribution.objects.select_related("structure__commune", "giver__commune")
    found = whole.filter(pk=min(pk, LARGEST_ID)).first()
    if found is None:
        raise Http404
    return found


def _euros(cents):
    """« 1234,50 », as programs of accounting read it."""
    return f"{cents // 100},{cents % 100:02}"
