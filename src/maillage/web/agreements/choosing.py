"""Beginning an agreement: a few questions find the document, then one says who with."""

from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from maillage.agreements import services
from maillage.agreements.documents import KINDS
from maillage.agreements.documents.tree import STEPS, walk
from maillage.agreements.models import Agreement, Side
from maillage.conversations.models import Conversation
from maillage.directory.models import Structure
from maillage.engine.french import time_fr
from maillage.kernel.pages import page
from maillage.sharing.models import Booking, Listing
from maillage.web.addresses import LARGEST_ID
from maillage.web.agreements.forms import BeginForm


@page(methods=("GET", "POST"))
def new_agreement(request):
    path, step, nature, advice = walk({code: request.GET.get(code, "") for code in STEPS})
    booking = _booking(request)
    if booking and (known := _agreement_of(request, booking)):
        return redirect(known)
    listing, partner = booking.listing if booking else _listing(request), _number(request, "avec")
    around = {"annonce": listing and listing.pk, "avec": partner, "reservation": booking and booking.pk}
    gone = {one.code: answer.code for one, answer in path} | {name: pk for name, pk in around.items() if pk}
    context = {
        "path": [
            (one, answer, urlencode({k: v for k, v in gone.items() if k not in _from(path, index)}))
            for index, (one, answer) in enumerate(path)
        ],
        "step": step,
        "choices": [(one, urlencode(gone | {step.code: one.code})) for one in step.answers] if step else (),
        "advice": advice,
        "kind": KINDS.get(nature),
        "listing": listing,
        "booking": booking,
    }
    if nature is None:
        if request.method == "POST":
            raise Http404
        return render(request, "agreements/new_agreement.html", context)
    return _begin(request, KINDS[nature], listing, booking, partner, context)


def _begin(request, kind, listing, booking, partner, context):
    structures = Structure.objects.acted_for_by(request.user).active()
    partners = partners_of(request.user, listing, booking)
    if request.method == "POST" and not (structures and partners):
        raise PermissionDenied
    initial = _known(listing, booking, partner, structures)
    form = BeginForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        structures=structures,
        partners=partners,
        initial=initial,
    )
    if form.is_valid():
        given = form.cleaned_data
        side = Side(given["side"])
        both = {side: given["structure"], side.other: given["partner"]}
        try:
            agreement = services.begin(
                nature=kind.nature,
                lender=both[Side.LENDER],
                borrower=both[Side.BORROWER],
                written_for=side,
                author=request.user,
                listing=listing if listing and listing.structure in both.values() else None,
                booking=booking,
                typed=_typed(kind, listing, booking),
            )
        except services.AgreementRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("write-agreement", agreement.pk)
    context |= {"form": form, "structures": structures, "partners": partners}
    return render(request, "agreements/new_agreement.html", context, status=422 if form.errors else 200)


def partners_of(person, listing, booking=None):
    """Structures that ``person``'s own talk with, that of the listing, the other one of the booking."""
    mine = Structure.objects.acted_for_by(person).values("pk")
    talks = Structure.objects.filter(conversations__in=Conversation.objects.read_by(person).values("pk"))
    known = set(talks.exclude(pk__in=mine).values_list("pk", flat=True))
    if listing:
        known.add(listing.structure_id)
    if booking:
        known.add(booking.borrower_id)
    return Structure.objects.active().filter(pk__in=known)


def _known(listing, booking, partner, structures):
    if booking:
        lends = booking.listing.structure in structures
        mine, other = booking.listing.structure_id, booking.borrower_id
        mine, other = (mine, other) if lends else (other, mine)
        return {"structure": mine, "partner": other, "side": Side.LENDER if lends else Side.BORROWER}
    initial = {"partner": partner, "structure": structures[0].pk if structures else None}
    if listing:
        is_mine = listing.structure in structures
        is_offer = listing.direction == Listing.Direction.OFFER
        initial["side"] = Side.LENDER if is_mine == is_offer else Side.BORROWER
        initial["structure" if is_mine else "partner"] = listing.structure_id
    return initial


def _typed(kind, listing, booking):
    """What the listing and the booking say already."""
    names = {question.name for question in kind.questions}
    if listing is None or listing.direction != Listing.Direction.OFFER:
        return {}
    count = booking.quantity if booking else listing.quantity
    what = f"{count} × {listing.title}" if count > 1 and listing.is_counted else listing.title
    known = {"things": what, "premises": listing.title, "start_place": listing.commune.name}
    if booking:
        start, end = map(timezone.localtime, (booking.period.lower, booking.period.upper))
        known |= {"use": booking.purpose, "activity": booking.purpose}
        known |= {"starts_on": f"{start:%d/%m/%Y}", "starts_at": time_fr(start)}
        known |= dict.fromkeys(("due_on", "ends_on"), f"{end:%d/%m/%Y}")
        known |= dict.fromkeys(("due_at", "ends_at"), time_fr(end))
        known |= {"attendance": str(booking.people)} if booking.people else {}
    return {name: [said] for name, said in known.items() if name in names}


def _listing(request):
    number = _number(request, "annonce")
    return Listing.objects.visible_to(request.user).select_related("structure", "commune").filter(pk=number).first()


def _booking(request):
    bookings = Booking.objects.seen_by(request.user).filter(state=Booking.State.CONFIRMED)
    related = bookings.select_related("listing__structure", "listing__commune", "borrower")
    return related.filter(pk=_number(request, "reservation")).first()


def _agreement_of(request, booking):
    """The agreement that a booking has already, for whoever sees it."""
    return (
        Agreement.objects.seen_by(request.user).exclude(state=Agreement.State.WITHDRAWN).filter(booking=booking).first()
    )


def _number(request, name):
    typed = request.GET.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and int(typed) <= LARGEST_ID else None


def _from(path, index):
    """Codes of the questions from ``index`` on: going back to one forgets what came after."""
    return {one.code for one, _ in path[index:]}
