"""Asking for an offer: its calendar beside the form; when it is taken, what was typed stays, with free days."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from maillage.directory.models import Structure
from maillage.kernel.pages import page
from maillage.sharing.bookings.services import BookingRefused, BookingTaken, ask
from maillage.sharing.bookings.terms import is_lent, rules_of
from maillage.sharing.models import Booking
from maillage.sharing.periods import period_said
from maillage.web.addresses import site_of
from maillage.web.bookings.forms import AskForm, initial_of, written
from maillage.web.directory.unread import reading_of
from maillage.web.sharing.calendar import month_of
from maillage.web.sharing.views import visible_listing

TOLD = {
    Booking.State.REQUESTED: "Votre demande est partie. Rien n’est réservé tant qu’elle n’est pas acceptée.",
    Booking.State.CONFIRMED: "C’est réservé.",
    Booking.State.WAITING: "Vous êtes sur la liste d’attente. Si la place se libère, nous vous écrivons.",
}


@page(methods=("GET", "POST"))
def book(request, pk):
    listing = visible_listing(request, pk)
    if not is_lent(listing):
        raise Http404
    rules = rules_of(listing)
    mine = Structure.objects.acted_for_by(request.user).active()
    structures = mine.exclude(pk=listing.structure_id)
    reading = reading_of(listing.structure)
    if request.method == "POST" and not (structures and reading["is_read"]):
        raise PermissionDenied
    given = (request.POST,) if request.method == "POST" else ()
    form = AskForm(*given, listing=listing, rules=rules, structures=structures, initial=initial_of(request.GET))
    near, status = [], 200
    if request.method == "POST" and form.is_valid():
        waits = "waits" in request.POST
        try:
            booking = ask(listing_id=pk, author=request.user, site=site_of(request), waits=waits, **form.asked())
        except BookingTaken as refusal:
            near, status = refusal.near, 409
            form.add_error(None, str(refusal))
        except BookingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, TOLD[booking.state])
            return redirect(booking)
    shown = request.GET.get("mois") or request.GET.get("du", "")[:7]
    month = month_of(listing, shown, timezone.localdate(), lends=True)
    context = reading | {
        "listing": listing,
        "structure": listing.structure,
        "rules": rules,
        "form": form,
        "month": month,
        "may_book": True,
        "may_ask": bool(structures),
        "is_mine": mine.filter(pk=listing.structure_id).exists() and not structures,
        "acts_for_a_structure": mine.exists(),
        "is_taken": status == 409,
        "near": [(written(period), period_said(period)) for period in near],
    }
    return render(request, "bookings/book.html", context, status=status if status != 200 or not form.errors else 422)
