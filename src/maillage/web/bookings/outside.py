"""« D’après un autre agenda »: an address that is read each hour, or a file that is read once."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render

from maillage.engine.french import count_fr
from maillage.kernel.pages import READING_METHODS, page
from maillage.sharing.bookings import outside
from maillage.sharing.bookings.terms import BookingRefused
from maillage.sharing.models import Closure, OutsideCalendar
from maillage.web.bookings.owned import lent_by_me
from maillage.web.fields import TextField


class OutsideForm(forms.Form):
    address = TextField(
        label="Adresse secrète de l’agenda",
        longest=1000,
        required=False,
        help_text="Elle commence par https://. Chez Google, dans les paramètres de l’agenda\u00a0: "
        "«\u00a0Adresse secrète au format iCal\u00a0».",
    )
    file = forms.FileField(
        label="Ou un fichier .ics",
        required=False,
        help_text="Il est lu une fois, et n’est pas gardé.",
        widget=forms.FileInput({"accept": ".ics,text/calendar"}),
        error_messages={"empty": "Ce fichier est vide. Exportez votre agenda à nouveau."},
    )

    def clean(self):
        given = super().clean() or {}
        if not self.errors and not given["address"] and not given["file"]:
            self.add_error("address", "Donnez l’adresse de votre agenda, ou un fichier .ics.")
        return given


@page(methods=("GET", "POST"))
def outside_calendar(request, pk):
    listing = lent_by_me(request, pk)
    typed = None if request.method in READING_METHODS else request.POST
    form = OutsideForm(typed, request.FILES or None)
    if not settings.FETCHES_CALENDARS:
        form.fields["address"].disabled = True
        form.fields["address"].help_text = "Cette installation n’en lit pas\u00a0: donnez un fichier."
    if typed is not None and form.is_valid():
        try:
            messages.success(request, _read(request, pk, form.cleaned_data))
        except BookingRefused as refusal:
            form.add_error("file" if form.cleaned_data["file"] else "address", str(refusal))
        else:
            return redirect("closed-days", pk)
    context = {
        "listing": listing,
        "form": form,
        "calendar": OutsideCalendar.objects.filter(listing=listing).first(),
        "closed": Closure.objects.to_come().filter(listing=listing, reason=Closure.Reason.CALENDAR).count(),
    }
    return render(request, "bookings/outside_calendar.html", context, status=422 if form.errors else 200)


def _read(request, pk, given):
    """What to say once it is done."""
    if file := given["file"]:
        content = file.read(outside.MOST_BYTES + 1)
        closed = outside.read_file(listing_id=pk, author=request.user, content=content)
        return f"Votre agenda est lu\u00a0: {count_fr(closed, 'période fermée', 'périodes fermées')}."
    outside.follow(listing_id=pk, author=request.user, address=given["address"])
    return "Votre agenda sera lu dans l’heure, puis chaque heure."


@page(methods=("POST",))
def forget_calendar(request, pk):
    lent_by_me(request, pk)
    try:
        outside.forget(listing_id=pk, author=request.user)
    except BookingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "L’agenda n’est plus lu, et ce qu’il fermait est rouvert.")
    return redirect("closed-days", pk)
