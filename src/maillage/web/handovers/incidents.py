"""The page of an incident: what each side says, what its lender decides, how it ends."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from maillage.handovers import incidents
from maillage.handovers.loans import HandoverRefused
from maillage.handovers.models import Incident, Side
from maillage.kernel.pages import page
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.bookings.views import booking_or_404
from maillage.web.handovers.incident_forms import AssessForm, EndForm, OutOfServiceForm, ReportIncidentForm, SayForm
from maillage.web.handovers.views import side_seen

FORMS = {"dire": SayForm, "clore": EndForm, "evaluer": AssessForm, "retirer": OutOfServiceForm}
TOLD = {
    "dire": "Votre réponse est envoyée.",
    "accepter": "C’est terminé. Les deux associations reçoivent un message.",
    "clore": "C’est terminé. Les deux associations reçoivent un message.",
    "evaluer": "C’est noté.",
    "retirer": "Le bien est hors service\u00a0: personne ne peut le réserver.",
    "remettre": "Le bien est remis en service.",
}


@page(methods=("GET", "POST"))
def report_incident(request, pk):
    booking = booking_or_404(request, pk)
    form = ReportIncidentForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            incident = incidents.report_incident(
                booking_id=pk, author=request.user, site=site_of(request), **form.cleaned_data
            )
        except HandoverRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "C’est signalé. L’autre association reçoit un message.")
            return redirect(incident)
    context = {"booking": booking, "form": form}
    return render(request, "handovers/report_incident.html", context, status=422 if form.errors else 200)


@page(methods=("GET", "POST"))
def incident_page(request, pk):
    """One address for all that is done to an incident; the button pressed says what."""
    incident = _incident_or_404(request, pk)
    if request.method != "POST":
        return _show(request, incident)
    act = request.POST.get("faire", "dire")
    form = FORMS[act](request.POST, prefix=act) if act in FORMS else None
    if form and not form.is_valid():
        return _show(request, incident, **{act: form})
    try:
        _do(act, request, incident, form.cleaned_data if form else {})
    except HandoverRefused as refusal:
        if form is None:
            messages.error(request, str(refusal))
            return redirect(incident)
        form.add_error(None, str(refusal))
        return _show(request, incident, **{act: form})
    messages.success(request, TOLD.get(act, TOLD["dire"]))
    return redirect(incident)


def _do(act, request, incident, given):
    who, site = {"incident_id": incident.pk, "author": request.user}, {"site": site_of(request)}
    if act == "accepter":
        read = request.POST.get("issue", "")
        incidents.agree(proposal_id=int(read) if read.isascii() and read.isdigit() else None, **who, **site)
    elif act == "clore":
        incidents.end_alone(**who, **given, **site)
    elif act == "evaluer":
        incidents.assess(**who, **given)
    elif act == "retirer":
        incidents.put_out_of_service(**who, **given, **site)
    elif act == "remettre":
        incidents.put_back_in_service(**who)
    elif act == "dire":
        incidents.say(**who, **given, **site)
    else:
        raise HandoverRefused("Ce bouton n’existe pas\u00a0: rechargez la page.")


def _show(request, incident, **wrong):
    """wrong: {act: the form that is refused}"""
    side = side_seen(request, incident.booking)
    known = {"evaluer": {"bears": incident.bears, "value_cents": incident.value_cents}}
    forms = {act: form(prefix=act, initial=known.get(act)) for act, form in FORMS.items()} | wrong
    proposal = incident.proposal if incident.is_open else None
    context = {
        "incident": incident,
        "booking": incident.booking,
        "lends": side == Side.LENDER,
        "words": incident.words.all(),
        "proposal": proposal,
        "may_agree": proposal is not None and proposal.side != side,
        "may_end_alone": incidents.may_end_alone(incident, timezone.now()),
        "alone_after": incidents.ALONE_AFTER.days,
        "say_form": forms["dire"],
        "end_form": forms["clore"],
        "assess_form": forms["evaluer"],
        "out_form": forms["retirer"],
        "form": next(iter(wrong.values()), None),
    }
    return render(request, "handovers/incident.html", context, status=422 if wrong else 200)


def _incident_or_404(request, pk):
    related = Incident.objects.select_related("booking__listing__structure", "booking__borrower", "closure", "report")
    found = related.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None or not request.user.has_perm("sharing.see_booking", found.booking):
        raise Http404
    return found
