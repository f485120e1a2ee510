"""Pictures of the page of a structure: add, describe, order, put in cover, remove. Buttons only, nothing to drag."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from maillage.directory import own_page
from maillage.directory.models import Picture
from maillage.kernel.pages import page
from maillage.web.directory.editing import EDIT
from maillage.web.directory.page_forms import DescriptionForm, PictureForm
from maillage.web.directory.views import picture_of, structure_for

ACTIONS: dict[str, tuple[Callable[..., None], str]] = {  # value of the button: (what is done, what is said)
    "up": (partial(own_page.move_picture, by=-1), "La photo a avancé d’un rang."),
    "down": (partial(own_page.move_picture, by=1), "La photo a reculé d’un rang."),
    "cover": (own_page.make_cover, "Cette photo est maintenant en couverture."),
    "remove": (own_page.remove_picture, "La photo est retirée."),
}


@page(methods=("GET", "POST"))
def picture_list(request, pk):
    structure = structure_for(request, pk, EDIT)
    form = PictureForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        try:
            added = own_page.add_picture(structure_id=structure.pk, **form.cleaned_data["file"])
        except own_page.PageRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "La photo est arrivée. Il reste à dire ce qu’elle montre.")
            return redirect("describe-picture", structure.pk, added.pk)
    pictures = list(structure.pictures.all())
    context = {"structure": structure, "form": form, "pictures": pictures, "most": Picture.MOST}
    context["is_full"] = len(pictures) >= Picture.MOST
    return render(request, "directory/pictures.html", context, status=422 if form.errors else 200)


@page(methods=("GET", "POST"))
def describe_picture(request, pk, picture_pk):
    structure = structure_for(request, pk, EDIT)
    picture = picture_of(structure, picture_pk)
    initial = {"description": picture.description}
    form = DescriptionForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        own_page.describe_picture(picture=picture, **form.cleaned_data)
        messages.success(request, "La photo est sur votre page.")
        return redirect("structure-pictures", structure.pk)
    context = {"structure": structure, "form": form, "picture": picture}
    return render(request, "directory/describe_picture.html", context, status=422 if form.errors else 200)


@page(methods=("POST",))
def arrange_picture(request, pk, picture_pk):
    structure = structure_for(request, pk, EDIT)
    picture = picture_of(structure, picture_pk)
    if request.POST.get("action") not in ACTIONS:
        raise Http404
    act, said = ACTIONS[request.POST["action"]]
    try:
        act(picture=picture)
        messages.success(request, said)
    except own_page.PageRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("structure-pictures", structure.pk)
