"""« Mes alertes »: the searches that one keeps to hear of what is published later."""

from dataclasses import replace

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from maillage.digest.models import Subscription
from maillage.digest.services import rhythm_of
from maillage.engine.french import WEEKDAYS
from maillage.kernel.pages import page
from maillage.sharing import alerts
from maillage.sharing.models import SavedSearch
from maillage.web.addresses import LARGEST_ID
from maillage.web.search.address import address, written
from maillage.web.search.forms import DayForm, SearchForm

CHANGES = {
    "pause": (alerts.pause, "Cette alerte est en pause."),
    "resume": (alerts.resume, "Cette alerte est de nouveau active."),
    "remove": (alerts.remove, "Cette alerte est retirée."),
}


@page()
def alert_list(request):
    today = timezone.localdate()
    kept = request.user.saved_searches.select_related("place")
    shown = [(saved, alerts.sentence(saved), _address_of(saved, today), alerts.is_over(saved, today)) for saved in kept]
    return render(request, "search/alerts.html", {"alerts": shown, "hears": _hears(request.user)})


@page(methods=("GET", "POST"))
def keep_search(request):
    """The address says the search, as that of its results does."""
    search = SearchForm(request.GET)
    if not search.is_valid():
        return redirect(written({name: request.GET[name] for name in request.GET}))
    criteria = search.criteria
    data = request.POST if request.method == "POST" else None
    form = DayForm(data, day=criteria.day) if criteria.day else None
    refusal = ""
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            _, is_new = alerts.keep_search(person=request.user, **_asked(criteria, form))
        except alerts.AlertRefused as refused:
            refusal = str(refused)
        else:
            said = _promise(request.user) if is_new else "Cette recherche est déjà dans vos alertes."
            messages.success(request, said)
            return redirect("alerts")
    shown = alerts.sentence(SavedSearch(**alerts.facts_of(criteria)))
    context = {"form": form, "sentence": shown, "refusal": refusal, "results": address(criteria)}
    context["hears"] = _hears(request.user)
    return render(request, "search/keep_search.html", context, status=422 if refusal or (form and form.errors) else 200)


@page(methods=("POST",))
def change_alert(request, pk):
    if pk > LARGEST_ID or not request.user.saved_searches.filter(pk=pk).exists():
        raise Http404
    change, said = CHANGES.get(request.POST.get("change", ""), (None, ""))
    if change:
        change(person=request.user, pk=pk)
        messages.success(request, said)
    return redirect("alerts")


def _hears(person):
    """« chaque jour », « le mardi », or "" when this person wants no e-mail, which alone tells of alerts."""
    now = rhythm_of(person)
    days = {Subscription.Rhythm.DAY: "chaque jour", Subscription.Rhythm.WEEK: f"le {WEEKDAYS[now.weekday]}"}
    return days.get(now.rhythm, "")


def _promise(person):
    hears = _hears(person)
    return (
        f"Nous vous préviendrons par e\u2011mail, {hears}." if hears else "Cette recherche est gardée dans vos alertes."
    )


def _asked(criteria, form):
    when = form.cleaned_data["when"] if form else "day"
    facts = {"criteria": criteria, "weekday": criteria.day.weekday() if when == "weekday" else None}
    if when == "any":
        facts["criteria"] = replace(criteria, day=None)
    return facts


def _address_of(saved, today):
    return "" if alerts.is_over(saved, today) else address(alerts.criteria_of(saved, today))
