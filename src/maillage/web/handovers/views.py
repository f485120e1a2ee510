"""The page of a loan: what was seen when the thing changed hands, and the one thing to do next."""

from django.contrib import messages
from django.http import FileResponse, Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from maillage.handovers import services
from maillage.handovers.loans import HandoverRefused, check_can_be_handed, due_said, left_out
from maillage.handovers.models import ConditionPhoto, ConditionReport, Side
from maillage.kernel.pages import page
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.bookings.views import booking_or_404
from maillage.web.handovers.forms import AnswerForm, HandOverForm, MorePhotosForm, TakeBackForm


@page()
def loan(request, pk):
    return loan_page(request, booking_or_404(request, pk))


def loan_page(request, booking, *, answer_form=None, photos_form=None, status=200):
    """The page of a loan; the forms are those that were refused."""
    side = side_seen(request, booking)
    reports = list(booking.condition_reports.prefetch_related("photos").order_by("at", "pk"))
    for report in reports:
        report.booking = booking
        report.may_answer = report.waits_for == side
        report.may_add = report.author_id == request.user.pk and not report.answer
    context = {
        "booking": booking,
        "side": side,
        "reports": reports,
        "left": left_out(booking),
        "due": due_said(booking),
        "incidents": booking.incidents.all(),
        "extension": booking.extensions.filter(state="asked").first(),
        "refusal": refusal_of(booking),
        "answer_form": answer_form or AnswerForm(),
        "photos_form": photos_form or MorePhotosForm(),
        "form": answer_form or photos_form,
    }
    return render(request, "handovers/loan.html", context, status=status)


@page(methods=("GET", "POST"))
def hand_over(request, pk):
    booking = booking_or_404(request, pk)
    return _report(request, booking, HandOverForm, services.hand_over, most=booking.quantity)


@page(methods=("GET", "POST"))
def take_back(request, pk):
    booking = booking_or_404(request, pk)
    return _report(request, booking, TakeBackForm, services.take_back, most=left_out(booking) or 1)


DONE = {services.hand_over: "La remise est notée.", services.take_back: "Le retour est noté."}


def _report(request, booking, form_class, write, *, most):
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = form_class(*sent, most=most, initial=_known_before(request, booking, form_class))
    if request.method == "POST" and form.is_valid():
        try:
            report = write(
                booking_id=booking.pk, author=request.user, photos=form.photos, site=site_of(request), **form.seen
            )
        except HandoverRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, f"{DONE[write]} {report.other_structure} reçoit un message pour dire si c’est juste."
            )
            return redirect(report)
    handed = booking.condition_reports.filter(kind=ConditionReport.Kind.HANDED).prefetch_related("photos").first()
    context = {
        "booking": booking,
        "form": form,
        "handed": handed,
        "is_return": write is services.take_back,
        "refusal": None if form.errors else refusal_of(booking) if write is services.hand_over else _no_return(booking),
        "lost_files": bool(request.FILES),
    }
    return render(request, "handovers/report.html", context, status=422 if form.errors else 200)


def refusal_of(booking):
    """Why the thing cannot be handed over now; None when it can."""
    try:
        check_can_be_handed(booking, booking.quantity, timezone.now())
    except HandoverRefused as refusal:
        return str(refusal)
    return None


def _no_return(booking):
    if left_out(booking):
        return None
    return "Tout est déjà rendu." if booking.returned_at else "La remise n’est pas encore notée."


def _known_before(request, booking, form_class):
    """Whoever writes was there: their name on their side; the defects that the last hand-over told."""
    is_return, side = form_class is TakeBackForm, side_seen(request, booking)
    gives = side == (Side.BORROWER if is_return else Side.LENDER)
    known = {"gave" if gives else "received": request.user.name}
    last = (
        ConditionReport.objects.filter(booking__listing=booking.listing, kind=ConditionReport.Kind.HANDED)
        .order_by("-at")
        .first()
    )
    return known | ({"known_defects": last.known_defects} if last and not is_return else {})


@page(methods=("POST",))
def add_photos(request, pk):
    report = report_or_404(request, pk)
    form = MorePhotosForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            services.add_photos(report_id=pk, author=request.user, photos=form.photos)
        except HandoverRefused as refusal:
            form.add_error("camera", str(refusal))
        else:
            messages.success(request, "Les photos sont ajoutées.")
            return redirect(report)
    return loan_page(request, report.booking, photos_form=form, status=422)


@page()
def photo(request, pk):
    found = (
        ConditionPhoto.objects.select_related("report__booking__listing").filter(pk=pk).first()
        if pk <= LARGEST_ID
        else None
    )
    if found is None or not request.user.has_perm("sharing.see_booking", found.report.booking):
        raise Http404
    return picture(found)


def picture(found):
    if not found.image.storage.exists(found.image.name):
        raise Http404
    answer = FileResponse(found.image.open("rb"), content_type="image/webp")
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def side_seen(request, booking):
    """The Side of the reader, who acts for one of the two; the lender's for both."""
    return Side.LENDER if request.user.has_perm("sharing.decide_booking", booking) else Side.BORROWER


def report_or_404(request, pk):
    related = ConditionReport.objects.select_related("booking__listing__structure", "booking__borrower")
    found = related.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None or not request.user.has_perm("sharing.see_booking", found.booking):
        raise Http404
    return found
