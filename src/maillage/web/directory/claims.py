"""Asking to act for a structure, proving it, and the queue of the territory's team."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render

from maillage.accounts import limits, links
from maillage.directory import claims
from maillage.directory.models import Claim, Structure
from maillage.directory.own_site import own_host
from maillage.directory.team import has_representative, represents
from maillage.kernel.pages import page
from maillage.web.accounts.guards import limited, whoever
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.directory.claim_forms import ClaimForm, DecisionForm, JoinForm, MoreForm
from maillage.web.directory.deciding import decide

CLAIMS_PER_PAGE = 20
UNKNOWN = "application/octet-stream"  # no browser opens it by itself
SENT = "Votre demande est envoyée. Vous suivez sa réponse ici."
SENT_TO_SITE = "Un message vient de partir à l’adresse de l’association. Pressez son bouton pour confirmer."
TOO_MANY = (
    "Trop de messages sont partis à cette association aujourd’hui. Joignez plutôt un justificatif, ou réessayez demain."
)


@limited("claim", about=whoever)
@page(methods=("GET", "POST"))
def ask_to_act(request, pk):
    """One address for both: claiming a page that nobody tends, joining those who do."""
    structure = get_object_or_404(Structure.objects.active().select_related("commune"), pk=min(pk, LARGEST_ID))
    if represents(request.user, structure):
        return redirect(structure)
    if structure.claims.waiting().filter(user=request.user).exists():
        return redirect("my-space")
    is_tended = has_representative(structure)
    form = _form(request, structure, is_tended)
    if request.method == "POST" and form.is_valid() and _claim(request, structure, form):
        messages.success(request, SENT_TO_SITE if form.cleaned_data.get("site_email") else SENT)
        return redirect("my-space")
    context = {"structure": structure, "form": form, "is_tended": is_tended}
    return render(request, "directory/ask_to_act.html", context, status=422 if form.errors else 200)


def _form(request, structure, is_tended):
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    return JoinForm(*sent) if is_tended else ClaimForm(*sent, host=own_host(structure))


def _claim(request, structure, form):
    """Whether the claim is made; what prevents it is told by the form."""
    given = form.cleaned_data
    if given.get("site_email") and not limits.allow("claim-letter", about=str(structure.pk)):
        form.add_error("site_email", TOO_MANY)
        return False
    try:
        claims.make_claim(structure=structure, person=request.user, site=site_of(request), **given)
    except claims.ClaimRefused as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


@page(methods=("POST",))
def withdraw_claim(request, pk):
    claim = get_object_or_404(Claim.objects.filter(user=request.user), pk=min(pk, LARGEST_ID))
    try:
        claims.withdraw_claim(claim_id=claim.pk, person=request.user)
    except claims.ClaimRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Votre demande est retirée.")
    return redirect("my-space")


@page(methods=("GET", "POST"))
def complete_claim(request, pk):
    """Answering the question of those who decide, or adding a word to one's own claim."""
    waiting = Claim.objects.waiting().filter(user=request.user).select_related("structure")
    claim = get_object_or_404(waiting, pk=min(pk, LARGEST_ID))
    form = MoreForm(request.POST if request.method == "POST" else None, initial={"answer": claim.answer})
    if request.method == "POST" and form.is_valid():
        try:
            claims.say_more(claim_id=claim.pk, person=request.user, **form.cleaned_data)
        except claims.ClaimRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "C’est envoyé avec votre demande.")
            return redirect("my-space")
    context = {"claim": claim, "form": form}
    return render(request, "directory/complete_claim.html", context, status=422 if form.errors else 200)


@limited("token")
@page(methods=("GET", "POST"))
def prove_claim(request, token):
    """The mandate is given once the button is pressed: programs that visit the links of letters press none."""
    try:
        facts = links.read("claim", token)
        mine = Claim.objects.waiting().filter(user=request.user, site_email=facts["email"]).select_related("structure")
        claim = mine.filter(pk=facts["claim"]).first()
        if claim is None:
            raise links.LinkRefused
        if request.method == "GET":
            return render(request, "directory/prove_claim.html", {"claim": claim})
        claims.prove_claim(token=token, person=request.user, site=site_of(request))
    except links.LinkRefused:
        return render(request, "directory/claim_link_over.html", status=410)
    except claims.ClaimRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("my-space")
    messages.success(request, f"C’est fait. Vous agissez désormais pour {claim.structure.name}.")
    return redirect(claim.structure)


@page(permission="directory.decide_claims")
def claim_list(request):
    return _list(request)


@page(permission="directory.decide_claims", methods=("POST",))
def decide_claim(request, pk):
    claim = get_object_or_404(Claim, pk=min(pk, LARGEST_ID))
    form = decide(request, claim, DecisionForm)
    return _list(request, pk, form) if form else redirect("claims")


@page(permission="directory.decide_claims", methods=("POST",))
def claim_document(request, pk):
    """Saved to the disk, never shown by the browser; a button, because that someone read it is kept."""
    document = claims.read_document(claim_id=min(pk, LARGEST_ID), reader=request.user)
    if document is None:
        raise Http404
    name = f"justificatif-{pk}.{document.name.rpartition('.')[2]}"
    answer = FileResponse(document.open("rb"), as_attachment=True, filename=name, content_type=UNKNOWN)
    answer["Cache-Control"] = "no-store"
    return answer


def _list(request, pk=None, form=None):
    """form: that of the claim ``pk``, sent back with what is wrong."""
    waiting = Claim.objects.for_the_territory().select_related("structure__commune", "user")
    shown = Paginator(waiting, CLAIMS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": shown,
        "entries": [(one, form if one.pk == pk else DecisionForm(prefix=str(one.pk))) for one in shown],
        "form": form,
    }
    return render(request, "directory/claims.html", context, status=422 if form else 200)
