"""Asking for more time before a lent thing is due, and answering."""

from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from maillage.handovers import extensions
from maillage.handovers.loans import HandoverRefused, due_said
from maillage.handovers.models import Extension
from maillage.kernel.pages import page
from maillage.sharing.bookings.terms import BookingRefused, period_between
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.bookings.views import booking_or_404
from maillage.web.fields import TextField
from maillage.web.sharing.fields import DayField, HourField


class ExtensionForm(forms.Form):
    day = DayField(
        label="Jusqu’à quel jour\u202f?",
        help_text="Par exemple\u00a0: 28 novembre.",
        error_messages={"required": "Écrivez le jour du retour, par exemple\u00a0: 28 novembre."},
    )
    hour = HourField(
        label="À quelle heure\u202f?",
        help_text="Par exemple\u00a0: 18 h 30.",
        error_messages={"required": "Écrivez l’heure du retour, par exemple\u00a0: 18 h 30."},
    )
    words = TextField(label="Pourquoi\u202f?", longest=300, required=False)

    def clean(self):
        given = super().clean() or {}
        if given.get("day") and given.get("hour"):
            try:
                given["until"] = period_between(given["day"], given["day"], None, given["hour"]).upper
            except BookingRefused:
                self.add_error("hour", "Le jour commence à minuit\u00a0: écrivez une heure plus tard.")
        return given


@page(methods=("GET", "POST"))
def ask_extension(request, pk):
    booking = booking_or_404(request, pk)
    form = ExtensionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("until", "words")}
        try:
            extensions.ask_extension(booking_id=pk, author=request.user, site=site_of(request), **asked)
        except HandoverRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Votre demande est partie. Sans accord, le bien se rend le {due_said(booking)}.")
            return redirect("loan", pk)
    context = {"booking": booking, "form": form, "due": due_said(booking)}
    return render(request, "handovers/extension.html", context, status=422 if form.errors else 200)


@page(methods=("POST",))
def answer_extension(request, pk):
    found = Extension.objects.select_related("booking__listing").filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None or not request.user.has_perm("sharing.decide_booking", found.booking):
        raise Http404
    accepts = request.POST.get("reponse") == "oui"
    try:
        extensions.answer_extension(extension_id=pk, author=request.user, accepts=accepts, site=site_of(request))
    except HandoverRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "C’est noté. L’autre association reçoit un message.")
    return redirect("loan", found.booking_id)
