"""« Jours fermés » of one of my offers: days that one types, holidays that one ticks, opening again."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from maillage.engine.french import count_fr, date_fr, day_fr
from maillage.kernel.pages import READING_METHODS, page
from maillage.sharing.bookings.closures import ClosureTouches, close, close_each, reopen
from maillage.sharing.bookings.terms import BookingRefused, period_between
from maillage.sharing.holidays import ZONES, holidays_ahead, school_holidays
from maillage.sharing.models import Closure
from maillage.sharing.periods import period_said
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.bookings.owned import lent_by_me
from maillage.web.fields import TextField
from maillage.web.sharing.fields import DayField, HourField

REASONS = [choice for choice in Closure.Reason.choices if choice[0] != Closure.Reason.CALENDAR]


class ClosureForm(forms.Form):
    first_day = DayField(
        label="Du",
        help_text="jj/mm/aaaa, ou «\u00a0samedi\u00a0»",
        error_messages={"required": "Dites quel jour\u00a0: par exemple 24 décembre."},
    )
    last_day = DayField(label="Au", required=False, help_text="Laissez vide pour un seul jour.")
    starts_at = HourField(label="À partir de", required=False, help_text="Vide\u00a0: dès le matin.")
    ends_at = HourField(label="Jusqu’à", required=False, help_text="Vide\u00a0: toute la journée.")
    reason = forms.ChoiceField(
        label="Pourquoi\u202f?",
        choices=[(value, label.capitalize()) for value, label in REASONS],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez la raison\u00a0: elle est dite à ceux dont la réservation serait annulée."
        },
    )
    word = TextField(
        label="Précision",
        longest=200,
        required=False,
        help_text="Par exemple\u00a0: travaux de toiture. Tous la lisent.",
    )

    def clean(self):
        said = super().clean() or {}
        if self.errors:
            return said
        first, last = said["first_day"], said["last_day"] or said["first_day"]
        try:
            said["period"] = period_between(first, last, said["starts_at"], said["ends_at"])
        except BookingRefused as refusal:
            self.add_error("last_day" if last < first else "ends_at", str(refusal))
        return said

    def closing(self):
        return {name: self.cleaned_data[name] for name in ("period", "reason", "word")}


class HolidaysForm(forms.Form):
    days = forms.MultipleChoiceField(
        label="Jours à fermer",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Cochez au moins une période, ou un jour férié.",
            "invalid_choice": "Cette période n’est plus proposée. Cochez parmi celles de la liste.",
        },
    )

    def __init__(self, *args, zone, today, **options):
        super().__init__(*args, **options)
        self.offered = {one.key: one for one in [*school_holidays(zone, today), *holidays_ahead(today)]}
        self.fields["days"].choices = [(key, _holiday_said(one)) for key, one in self.offered.items()]

    def periods(self):
        """[(period, word)…] of what was ticked."""
        ticked = [self.offered[key] for key in self.cleaned_data["days"]]
        return [(period_between(one.first_day, one.last_day, None, None), _capital(one.name)) for one in ticked]


def _capital(name):
    """« Vacances de Noël »: the capitals that are there stay."""
    return f"{name[0].upper()}{name[1:]}"


def _holiday_said(holiday):
    name = _capital(holiday.name)
    if holiday.first_day == holiday.last_day:
        return f"{name}\u00a0: {date_fr(holiday.first_day)}"
    return f"{name}\u00a0: du {day_fr(holiday.first_day)} au {date_fr(holiday.last_day)}"


@page(methods=("GET", "POST"))
def closed_days(request, pk):
    listing = lent_by_me(request, pk)
    typed = None if request.method in READING_METHODS else request.POST
    form = ClosureForm(typed, initial={"reason": Closure.Reason.CLOSED})
    touched, status = [], 200
    if typed is not None:
        status = 422
        if form.is_valid():
            known = {"listing_id": pk, "author": request.user, "site": site_of(request)}
            try:
                close(**known, **form.closing(), cancels="cancels" in typed)
            except ClosureTouches as refusal:
                touched, status = refusal.bookings, 409
                form.add_error(None, str(refusal))
            except BookingRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"C’est fermé {_at(form.cleaned_data['period'])}.")
                return redirect("closed-days", pk)
    context = {"listing": listing, "form": form, "touched": touched, "closures": _to_come(listing)}
    return render(request, "bookings/closed_days.html", context, status=status)


def _at(period):
    said = period_said(period)
    return said if said.startswith("du ") else f"le {said}"


def _to_come(listing):
    closures = list(Closure.objects.to_come().filter(listing=listing).order_by("period"))
    for closure in closures:
        closure.when = period_said(closure.period)
        closure.may_reopen = closure.reason != Closure.Reason.CALENDAR
    return closures


@page(methods=("GET", "POST"))
def close_holidays(request, pk):
    listing = lent_by_me(request, pk)
    typed = None if request.method in READING_METHODS else request.POST
    asked = (typed or request.GET).get("zone", "")
    zone = asked if asked in ZONES else ""
    form = HolidaysForm(typed, zone=zone, today=timezone.localdate())
    touched, status = [], 200
    if typed is not None:
        status = 422
        if form.is_valid():
            known = {"listing_id": pk, "author": request.user, "site": site_of(request), "reason": "closed"}
            try:
                closed = close_each(**known, periods=form.periods(), cancels="cancels" in typed)
            except ClosureTouches as refusal:
                touched, status = refusal.bookings, 409
                form.add_error(None, str(refusal))
            except BookingRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, f"{count_fr(len(closed), 'période fermée', 'périodes fermées')}.")
                return redirect("closed-days", pk)
    context = {"listing": listing, "form": form, "touched": touched, "zone": zone, "zones": ZONES.items()}
    return render(request, "bookings/close_holidays.html", context, status=status)


@page(methods=("POST",))
def reopen_day(request, pk, closure):
    listing = lent_by_me(request, pk)
    found = Closure.objects.filter(pk=closure, listing=listing).first() if closure <= LARGEST_ID else None
    if found is not None:
        try:
            reopen(closure_id=found.pk, author=request.user, site=site_of(request))
        except BookingRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("closed-days", pk)
    messages.success(request, "C’est de nouveau ouvert.")
    return redirect("closed-days", pk)
