"""Bookings of my structures: the list, one of them with what can be done, its event for a calendar."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from maillage.directory.models import Structure
from maillage.kernel.pages import page
from maillage.sharing.bookings import services, stock, waiting
from maillage.sharing.bookings.calendars import calendar_of
from maillage.sharing.bookings.terms import rules_of
from maillage.sharing.models import Booking
from maillage.sharing.periods import period_said
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.bookings.asking import TOLD
from maillage.web.bookings.forms import AcceptForm, CancelForm, RefuseForm

BOOKINGS_PER_PAGE = 20


@page()
def booking_list(request):
    """What waits for an answer of mine first, then what is to come, then the past."""
    mine = set(Structure.objects.acted_for_by(request.user).values_list("pk", flat=True))
    seen = Booking.objects.seen_by(request.user).select_related("listing__structure", "listing__commune", "borrower")
    living = seen.living()
    to_answer = living.waiting_for_an_answer().filter(listing__structure__in=mine).order_by("asked_at", "pk")
    to_come = living.exclude(pk__in=to_answer.values("pk")).order_by("period", "pk")
    over = seen.exclude(pk__in=living.values("pk")).order_by("-period", "-pk")
    shown = Paginator(over, BOOKINGS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"to_answer": to_answer, "to_come": to_come, "page": shown, "mine": mine, "acts": bool(mine)}
    return render(request, "bookings/booking_list.html", context)


@page()
def booking_page(request, pk):
    booking = booking_or_404(request, pk)
    return _show(request, booking)


def _show(request, booking, *, status=200, **forms):
    """forms: what was typed and is wrong, beside those that are new."""
    lends = request.user.has_perm("sharing.decide_booking", booking)
    uses = request.user.has_perm("sharing.use_booking", booking)
    rules = rules_of(booking.listing)
    answers = lends and booking.state == Booking.State.REQUESTED
    is_refused = booking.state == Booking.State.REFUSED and not lends
    approved_by = list(booking.given_approvals.values_list("person", flat=True)) if answers else []
    approvals_left = rules.approvals - len(approved_by)
    context = {
        "booking": booking,
        "rules": rules,
        "lends": lends,
        "answers": answers and booking.period.upper > timezone.now(),
        "has_approved": request.user.pk in approved_by and approvals_left > 0,
        "approvals_left": approvals_left,
        "free": services.free_for(booking, rules) if answers else None,
        "near": _near(booking, rules) if is_refused else [],
        "uses": uses,
        "place": waiting.place_of(booking) if booking.state == Booking.State.WAITING else None,
        "may_wait": is_refused and booking.why == Booking.Why.TAKEN and booking.period.lower > timezone.now(),
        "may_cancel": booking.is_living and not booking.handed_at and (uses or booking.state in Booking.OCCUPYING),
        "accept_form": AcceptForm(prefix="oui"),
        "refuse_form": RefuseForm(prefix="non"),
        "cancel_form": CancelForm(prefix="annuler", is_lender=lends and booking.state in Booking.OCCUPYING),
    }
    return render(request, "bookings/booking.html", context | forms, status=status)


def _near(booking, rules):
    found = stock.near(booking.listing, rules, period=booking.period, quantity=booking.quantity, now=timezone.now())
    return [
        (timezone.localtime(period.lower), timezone.localtime(period.upper), period_said(period)) for period in found
    ]


@page()
def event(request, pk):
    booking = booking_or_404(request, pk)
    answer = HttpResponse(calendar_of([booking], site_of(request)), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="reservation-{pk}.ics"'
    return answer


@page(methods=("POST",))
def accept(request, pk):
    booking = booking_or_404(request, pk)
    _check_lends(request, booking)
    form = AcceptForm(request.POST, prefix="oui")
    if not form.is_valid():
        return _show(request, booking, accept_form=form, status=422)
    return _act(request, booking, form, "accept_form", services.accept, TOLD_ACCEPTED, word=form.cleaned_data["word"])


@page(methods=("POST",))
def refuse(request, pk):
    booking = booking_or_404(request, pk)
    _check_lends(request, booking)
    form = RefuseForm(request.POST, prefix="non")
    if not form.is_valid():
        return _show(request, booking, refuse_form=form, status=422)
    return _act(request, booking, form, "refuse_form", services.refuse, TOLD_REFUSED, **form.cleaned_data)


@page(methods=("POST",))
def cancel(request, pk):
    booking = booking_or_404(request, pk)
    lends = request.user.has_perm("sharing.decide_booking", booking)
    form = CancelForm(request.POST, prefix="annuler", is_lender=lends and booking.state in Booking.OCCUPYING)
    if not form.is_valid():
        return _show(request, booking, cancel_form=form, status=422)
    return _act(request, booking, form, "cancel_form", services.cancel, TOLD_CANCELLED, word=form.cleaned_data["word"])


@page(methods=("POST",))
def wait(request, pk):
    booking = booking_or_404(request, pk)
    return _press(request, booking, lambda: waiting.wait(booking_id=pk, author=request.user))


@page(methods=("POST",))
def take(request, pk):
    booking = booking_or_404(request, pk)
    return _press(request, booking, lambda: waiting.take(booking_id=pk, author=request.user, site=site_of(request)))


def _press(request, booking, act):
    """A button without a form, for the borrower."""
    if not request.user.has_perm("sharing.use_booking", booking):
        raise PermissionDenied
    try:
        changed = act()
    except services.BookingRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(booking)
    messages.success(request, TOLD[changed.state])
    return redirect(changed)


TOLD_ACCEPTED = {
    Booking.State.CONFIRMED: "C’est réservé. L’autre association l’apprend par e\u2011mail.",
    Booking.State.REQUESTED: "Votre accord est noté. Il faut encore celui d’une autre personne de votre association.",
}
TOLD_REFUSED = {Booking.State.REFUSED: "La demande est refusée. L’autre association l’apprend par e\u2011mail."}
TOLD_CANCELLED = {Booking.State.CANCELLED: "La réservation est annulée. L’autre association l’apprend par e\u2011mail."}


def _act(request, booking, form, name, service, told, **given):
    try:
        changed = service(booking_id=booking.pk, author=request.user, site=site_of(request), **given)
    except services.BookingTaken as refusal:
        form.add_error(None, str(refusal))
        return _show(request, booking, status=409, **{name: form})
    except services.BookingRefused as refusal:
        form.add_error(None, str(refusal))
        return _show(request, booking, status=422, **{name: form})
    messages.success(request, told[changed.state])
    return redirect(changed)


def _check_lends(request, booking):
    if not request.user.has_perm("sharing.decide_booking", booking):
        raise PermissionDenied


def booking_or_404(request, pk):
    """The booking, or 404 for whoever takes no part in it."""
    related = Booking.objects.select_related(
        "listing__structure__commune", "listing__commune", "listing__lending_rules", "borrower__commune", "author"
    )
    found = related.defer("listing__search_vector").filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None or not request.user.has_perm("sharing.see_booking", found):
        raise Http404
    return found
