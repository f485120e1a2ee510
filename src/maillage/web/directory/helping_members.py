"""A network acts for its members: asking, offering, answering."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from maillage.directory import team
from maillage.directory.helping import HelpRefused
from maillage.directory.helping_members import accept_help, ask_help, drop_help
from maillage.directory.models import NetworkMembership
from maillage.kernel.pages import page
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.directory.helping_forms import UntilForm
from maillage.web.directory.views import structure_for


@page(methods=("GET", "POST"))
def ask(request, pk, other_pk):
    """A member asks the head of its network, or the head offers to its member."""
    structure, pair, is_offer = _pair(request, pk, other_pk)
    form = UntilForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        until = form.cleaned_data["until"]
        try:
            ask_help(**pair, author=request.user, until=until, is_offer=is_offer, site=site_of(request))
        except HelpRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "C’est parti. La réponse arrive par e\u2011mail.")
            return redirect("network", pk)
    context = {"structure": structure, "form": form, "is_offer": is_offer, **pair}
    return render(request, "directory/ask_help.html", context, status=422 if form.errors else 200)


@page(methods=("POST",))
def answer(request, pk, request_pk):
    structure = _represented(request, pk)
    which = {"request_id": min(request_pk, LARGEST_ID), "side": structure, "author": request.user}
    accepts = request.POST.get("reponse") == "oui"
    try:
        (accept_help if accepts else drop_help)(**which, site=site_of(request))
    except HelpRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "C’est noté." if accepts else "La demande est retirée.")
    return redirect("network", pk)


def _represented(request, pk):
    """The structure, or 404 for who does not represent it: nobody else asks in its name."""
    structure = structure_for(request, pk, "directory.run_networks")
    if not team.represents(request.user, structure):
        raise Http404
    return structure


def _pair(request, pk, other_pk):
    structure, other_pk = _represented(request, pk), min(other_pk, LARGEST_ID)
    memberships = NetworkMembership.objects.select_related("head", "member")
    if found := memberships.filter(head=other_pk, member=structure).first():
        return structure, {"head": found.head, "member": found.member}, False
    if found := memberships.filter(head=structure, member=other_pk).first():
        return structure, {"head": found.head, "member": found.member}, True
    raise Http404
