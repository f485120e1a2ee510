"""The page of a structure, changed by those who act for it: a list of sections, each with its form."""

from urllib.parse import urljoin

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.directory.own_page import PageRefused, choose_address, free_slug
from maillage.directory.services import describe_structure
from maillage.kernel.pages import page
from maillage.sharing.indexing import reindex_structure
from maillage.web.addresses import site_of
from maillage.web.directory.page_forms import SECTIONS, AddressForm, initial_of
from maillage.web.directory.views import structure_for

EDIT = "directory.edit_structure"


@page()
def structure_edit(request, pk):
    """Every section with what it holds, and its « Modifier »."""
    structure = structure_for(request, pk, EDIT)
    context = {
        "structure": structure,
        "pictures": structure.pictures.all(),
        "page_address": structure.page_addresses.filter(is_current=True).first(),
        "site": site_of(request).rstrip("/"),
    }
    return render(request, "directory/structure_edit.html", context)


@page(methods=("GET", "POST"))
def edit_section(request, pk, section):
    structure = structure_for(request, pk, EDIT)
    if section not in SECTIONS:
        raise Http404
    form_class = SECTIONS[section]
    form = form_class(request.POST if request.method == "POST" else None, initial=initial_of(structure, form_class))
    if form.is_valid():
        describe_structure(structure_id=structure.pk, author=request.user, **form.cleaned_data)
        reindex_structure(structure.pk)
        messages.success(request, form_class.done)
        return redirect("structure-edit", structure.pk)
    status = 422 if form.errors else 200
    return render(request, "directory/edit_section.html", {"structure": structure, "form": form}, status=status)


@page(methods=("GET", "POST"))
def edit_address(request, pk):
    structure = structure_for(request, pk, EDIT)
    addresses = list(structure.page_addresses.order_by("-is_current", "-chosen_at"))
    suggestion = addresses[0].slug if addresses else free_slug(structure)
    form = AddressForm(request.POST if request.method == "POST" else None, initial={"slug": suggestion})
    free = ""
    if form.is_valid():
        try:
            slug = choose_address(structure_id=structure.pk, wished=form.cleaned_data["slug"])
        except PageRefused as refusal:
            form.add_error("slug", str(refusal))
            free = refusal.suggestion
        else:
            address = urljoin(site_of(request), reverse("structure-at", args=[slug]))
            messages.success(request, f"L’adresse de votre page est maintenant {address}")
            return redirect("structure-edit", structure.pk)
    context = {"structure": structure, "form": form, "addresses": addresses, "free": free}
    context["beginning"] = urljoin(site_of(request), reverse("structure-at", args=["x"]).removesuffix("x/"))
    context["site"] = site_of(request).rstrip("/")
    return render(request, "directory/edit_address.html", context, status=422 if form.errors else 200)
