"""Asking for many dates at once: each is shown with its state before the request leaves; then answered as a whole."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from maillage.directory.models import Structure
from maillage.engine.french import count_fr, number_fr
from maillage.kernel.pages import READING_METHODS, page
from maillage.sharing.bookings import lending, series
from maillage.sharing.bookings.terms import BookingRefused, is_lent, rules_of
from maillage.sharing.models import Booking, BookingSeries, LendingRules
from maillage.sharing.periods import period_said
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.bookings.forms import AcceptForm, AskForm, CancelForm, RefuseForm
from maillage.web.directory.unread import reading_of
from maillage.web.sharing.fields import DayField
from maillage.web.sharing.views import visible_listing

SKIP, ALL = "skip", "all"
STATES = {
    series.FREE: "libre",
    series.TAKEN: "déjà pris",
    series.CLOSED: "fermé",
    series.REFUSED: "pas proposé",
}


class SeriesForm(AskForm):
    every = forms.ChoiceField(
        label="À quel rythme\u202f?",
        choices=[(name, f"{said[0].upper()}{said[1:]}") for name, said in series.EVERY.items()],
        widget=forms.RadioSelect,
        initial=series.WEEK,
        error_messages={"required": "Choisissez le rythme\u00a0: par exemple toutes les semaines."},
    )
    until = DayField(
        label="Jusqu’au",
        help_text=f"La dernière date possible, par exemple 30 juin. {series.MOST} dates au plus.",
        error_messages={"required": "Dites jusqu’à quel jour\u00a0: par exemple 30 juin."},
    )
    clashes = forms.ChoiceField(
        label="Et si certaines dates ne sont pas libres\u202f?",
        choices=[(SKIP, "Demander les autres dates"), (ALL, "Ne rien demander\u00a0: c’est toute la série ou rien")],
        widget=forms.RadioSelect,
        initial=SKIP,
        error_messages={"required": "Choisissez ce qu’il faut faire des dates prises."},
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["first_day"].label = "Première date"
        self.fields.pop("last_day", None)

    def _read_period(self, given):
        by_the_day = self.rules.rhythm == LendingRules.Rhythm.DAY
        hours = (self.listing.starts_at, self.listing.ends_at) if by_the_day else self.hours(given)
        try:
            given["start"], given["end"] = series.local_times(given["first_day"], *hours)
        except BookingRefused as refusal:
            self.add_error("ends_at" if "ends_at" in self.fields else "first_day", str(refusal))

    def dates(self):
        """For ``series.plan``."""
        given = self.cleaned_data
        known = {name: given[name] for name in ("quantity", "people") if name in given}
        rule = series.rule_of(given["every"], given["first_day"], given["until"])
        return {"quantity": 1, "start": given["start"], "end": given["end"], "rule": rule} | known


@page(methods=("GET", "POST"))
def book_series(request, pk):
    listing = visible_listing(request, pk)
    if not is_lent(listing):
        raise Http404
    rules = rules_of(listing)
    structures = Structure.objects.acted_for_by(request.user).active().exclude(pk=listing.structure_id)
    typed = None if request.method in READING_METHODS else request.POST
    reading = reading_of(listing.structure)
    if typed is not None and not (structures and reading["is_read"]):
        raise PermissionDenied
    form = SeriesForm(typed, listing=listing, rules=rules, structures=structures)
    planned = []
    if typed is not None and form.is_valid():
        try:
            planned = series.plan(listing, now=timezone.now(), **form.dates())
            if "send" in typed:
                return _sent(request, listing, form)
        except BookingRefused as refusal:
            form.add_error(None, str(refusal))
    free = sum(one.state == series.FREE for one in planned)
    context = reading | {
        "listing": listing,
        "structure": listing.structure,
        "form": form,
        "may_ask": bool(structures),
        "said": lending.said(rules),
        "planned": [(one, period_said(one.period), STATES[one.state]) for one in planned],
        "counted": f"{count_fr(free, 'date libre', 'dates libres')} sur {number_fr(len(planned))}",
        "may_send": bool(free) and (free == len(planned) or form.cleaned_data.get("clashes") == SKIP),
        "free": free,
    }
    return render(request, "bookings/book_series.html", context, status=422 if form.errors else 200)


def _sent(request, listing, form):
    given = form.cleaned_data
    asked = series.ask_series(
        listing_id=listing.pk,
        borrower=given["structure"],
        author=request.user,
        purpose=given["purpose"],
        key=given["key"] or uuid4(),
        skips=given["clashes"] == SKIP,
        site=site_of(request),
        **form.dates(),
    )
    messages.success(
        request, f"{count_fr(asked.bookings.count(), 'date demandée', 'dates demandées')}, en une seule fois."
    )
    return redirect(asked)


class CancelSeriesForm(CancelForm):
    since = forms.ChoiceField(
        label="À partir de quelle date\u202f?",
        error_messages={
            "required": "Choisissez la première date à annuler.",
            "invalid_choice": "Cette date n’est plus à venir. Choisissez-en une dans la liste.",
        },
    )
    field_order = ("since", "word")

    def __init__(self, *args, bookings, **options):
        super().__init__(*args, **options)
        self.fields["since"].choices = [(str(booking.pk), period_said(booking.period)) for booking in bookings]


@page(methods=("GET", "POST"))
def series_page(request, pk):
    """All the dates; who lends answers for all that wait, both sides cancel from a date on."""
    found, bookings = _series_or_404(request, pk)
    lends = request.user.has_perm("sharing.decide_booking", bookings[0])
    living = [booking for booking in bookings if booking.is_living and not booking.handed_at]
    cancellable = [one for one in living if not lends or one.state in Booking.OCCUPYING]
    to_answer = [one for one in living if one.state == Booking.State.REQUESTED] if lends else []
    typed = None if request.method in READING_METHODS else request.POST
    act = typed.get("act", "") if typed is not None else ""
    forms_ = {
        "accept": AcceptForm(typed if act == "accept" else None, prefix="oui"),
        "refuse": RefuseForm(typed if act == "refuse" else None, prefix="non"),
        "cancel": CancelSeriesForm(
            typed if act == "cancel" else None,
            prefix="annuler",
            bookings=cancellable,
            is_lender=lends,
        ),
    }
    if act in ("accept", "refuse") and not lends:
        raise PermissionDenied
    if act in forms_ and forms_[act].is_valid():
        try:
            messages.success(request, ACTS[act](request, found, forms_[act].cleaned_data))
            return redirect(found)
        except BookingRefused as refusal:
            forms_[act].add_error(None, str(refusal))
    context = {
        "series": found,
        "said": series.said(found),
        "bookings": bookings,
        "booking": bookings[0],
        "lends": lends,
        "to_answer": to_answer,
        "cancellable": cancellable,
        "wrong": forms_.get(act),
        "accept_form": forms_["accept"],
        "refuse_form": forms_["refuse"],
        "cancel_form": forms_["cancel"],
    }
    is_wrong = typed is not None
    return render(request, "bookings/series.html", context, status=422 if is_wrong else 200)


def _accepted(request, found, given):
    taken = series.accept_series(series_id=found.pk, author=request.user, word=given["word"], site=site_of(request))
    left = f" {count_fr(len(taken), 'date a été prise', 'dates ont été prises')} entre-temps." if taken else ""
    return f"Votre accord est noté pour toutes les dates.{left}"


def _refused(request, found, given):
    series.refuse_series(series_id=found.pk, author=request.user, site=site_of(request), **given)
    return "Toutes les dates en attente sont refusées."


def _cancelled(request, found, given):
    staying = series.cancel_series(
        series_id=found.pk,
        author=request.user,
        since=int(given["since"]),
        word=given["word"],
        site=site_of(request),
    )
    left = f" {count_fr(len(staying), 'date ne s’annule plus', 'dates ne s’annulent plus')} ici." if staying else ""
    return f"C’est annulé à partir de cette date.{left}"


ACTS = {"accept": _accepted, "refuse": _refused, "cancel": _cancelled}


def _series_or_404(request, pk):
    found = BookingSeries.objects.filter(pk=pk).first() if pk <= LARGEST_ID else None
    related = Booking.objects.filter(series=found).select_related(
        "listing__structure", "listing__commune", "listing__lending_rules", "borrower", "author"
    )
    bookings = list(related.defer("listing__search_vector").order_by("period", "pk")) if found else []
    if not bookings or not request.user.has_perm("sharing.see_booking", bookings[0]):
        raise Http404
    return found, bookings
