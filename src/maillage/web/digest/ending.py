"""The page that the letter about the end of a listing leads to: renew it, or let it end, without signing in."""

from datetime import date

from django.shortcuts import redirect, render

from maillage.accounts import links
from maillage.accounts.models import User
from maillage.kernel.pages import page
from maillage.sharing import services
from maillage.sharing.models import Listing
from maillage.web.accounts.guards import limited


@limited("token")
@page(public=True, methods=("GET", "POST"))
def answer_reminder(request, token):
    """The link is good for one listing, one term and one person, as long as they act for its structure."""
    listing, person, until = _read(token)
    if listing is None:
        return render(request, "digest/ending_over.html", status=410)
    if request.method == "POST":
        if listing.valid_until == until and listing.state != Listing.State.CLOSED:
            _answer(request.POST.get("reponse"), listing, person)
        return redirect("answer-reminder", token)
    context = {"listing": listing, "is_renewed": listing.valid_until != until}
    return render(request, "digest/answer_reminder.html", context)


def _answer(answer, listing, person):
    if answer == "renouveler":
        services.renew_listings(listing_ids=[listing.pk], author=person)
    elif answer == "laisser":
        services.let_lapse(listing_id=listing.pk, author=person)


def _read(token):
    """(listing, person, term), or three None when the link proves nothing any more."""
    nothing = None, None, None
    try:
        facts = links.read("renew", token)
    except links.LinkRefused:
        return nothing
    person = User.objects.filter(pk=facts["person"], is_active=True).first()
    listing = Listing.objects.select_related("structure").defer("search_vector").filter(pk=facts["listing"]).first()
    if person is None or listing is None or not person.has_perm("sharing.edit_listing", listing):
        return nothing
    return listing, person, date.fromisoformat(facts["until"])
