"""Writing to a structure without an account: a form, a letter that proves the address, a button."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from maillage.accounts import links
from maillage.directory.visitor_letters import LetterRefused, letter_of, send_letter, write_letter
from maillage.kernel.pages import page
from maillage.sharing.models import Listing
from maillage.web.accounts.guards import limited, posted
from maillage.web.addresses import site_of
from maillage.web.directory.page_forms import LetterForm
from maillage.web.directory.unread import reading_of
from maillage.web.directory.views import structure_for

SEE = "directory.see_structure"


@limited("visitor", about=posted("email"))
@page(public=True, methods=("GET", "POST"))
def write_as_visitor(request, pk):
    structure = structure_for(request, pk, SEE)
    known = {"name": request.user.name, "email": request.user.email} if request.user.is_authenticated else {}
    if listing := _listing_asked(request, structure):
        known["text"] = f"Bonjour,\n\nJe vous écris au sujet de votre annonce «\u00a0{listing.title}\u00a0».\n\n"
    form = LetterForm(request.POST if request.method == "POST" else None, initial=known)
    if form.is_valid():
        try:
            write_letter(structure=structure, site=site_of(request), **form.cleaned_data)
        except LetterRefused as refusal:
            raise PermissionDenied from refusal
        return redirect("visitor-letter-waits", structure.pk)
    context = {"structure": structure, "form": form} | reading_of(structure)
    return render(request, "directory/write_as_visitor.html", context, status=422 if form.errors else 200)


def _listing_asked(request, structure):
    """The listing of ``structure`` that the letter is about, if this person may see it."""
    asked = request.GET.get("annonce", "")
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 19):
        return None
    return (
        Listing.objects.visible_to(request.user).published().filter(structure=structure, pk=asked).only("title").first()
    )


@page(public=True)
def visitor_letter_waits(request, pk):
    return render(request, "directory/visitor_letter_waits.html", {"structure": structure_for(request, pk, SEE)})


def _structure_of_token(request):
    try:
        return str(links.read("visitor", request.resolver_match.kwargs["token"])["structure"])
    except links.LinkRefused:
        return ""


@limited("structure", about=_structure_of_token)
@page(public=True, methods=("GET", "POST"))
def send_visitor_letter(request, token):
    """Sent once the button is pressed: programs that visit the links of letters press none."""
    try:
        if request.method == "POST":
            letter = send_letter(token=token, site=site_of(request))
            return render(request, "directory/visitor_letter_left.html", {"structure": letter.structure})
        letter = letter_of(token)
    except links.LinkRefused:
        return render(request, "directory/visitor_letter_over.html", status=410)
    return render(request, "directory/send_visitor_letter.html", {"letter": letter, "structure": letter.structure})
