"""« De quoi est-ce fait ? »: the pieces of a kit, the rooms of a building, among my other offers."""

from django import forms
from django.contrib import messages
from django.shortcuts import redirect, render

from maillage.kernel.pages import READING_METHODS, page
from maillage.sharing.bookings.parts import set_part
from maillage.sharing.bookings.terms import BookingRefused, is_lent
from maillage.sharing.models import Listing
from maillage.web.bookings.owned import lent_by_me


class PartForm(forms.Form):
    part = forms.ModelChoiceField(
        Listing.objects.none(),
        label="Laquelle de vos annonces\u202f?",
        empty_label="Choisir dans la liste",
        error_messages={
            "required": "Choisissez l’annonce qui en fait partie.",
            "invalid_choice": "Cette annonce n’est plus proposée. Choisissez-en une dans la liste.",
        },
    )
    quantity = forms.IntegerField(
        label="Combien\u202f?",
        min_value=0,
        max_value=100_000,
        initial=1,
        help_text="Combien il en faut pour un ensemble. Par exemple\u00a0: 2 enceintes.",
        error_messages={
            "required": "Dites combien, en chiffres\u00a0: 1 s’il n’en faut qu’un.",
            "invalid": "Écrivez un nombre en chiffres\u00a0: par exemple 2.",
            "min_value": "Écrivez 1 au moins, ou 0 pour l’enlever.",
            "max_value": "Écrivez 100\u202f000 au plus.",
        },
    )

    def __init__(self, *args, listing, **options):
        super().__init__(*args, **options)
        mine = Listing.objects.filter(structure=listing.structure).exclude(pk=listing.pk)
        living = mine.exclude(state=Listing.State.CLOSED).only("title", "category", "direction", "quantity")
        lent = [one.pk for one in living if is_lent(one)]
        self.fields["part"].queryset = Listing.objects.filter(pk__in=lent).order_by("title", "pk")


@page(methods=("GET", "POST"))
def listing_parts(request, pk):
    listing = lent_by_me(request, pk)
    typed = None if request.method in READING_METHODS else request.POST
    form = PartForm(typed, listing=listing)
    if typed is not None and form.is_valid():
        part, quantity = form.cleaned_data["part"], form.cleaned_data["quantity"]
        try:
            set_part(whole_id=pk, part_id=part.pk, quantity=quantity, author=request.user)
        except BookingRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            done = "en fait partie" if quantity else "n’en fait plus partie"
            messages.success(request, f"«\u00a0{part}\u00a0» {done}.")
            return redirect("listing-parts", pk)
    context = {
        "listing": listing,
        "form": form,
        "parts": listing.parts.select_related("part").order_by("part__title"),
        "wholes": listing.wholes.select_related("whole").order_by("whole__title"),
        "has_others": form.fields["part"].queryset.exists(),
    }
    return render(request, "bookings/listing_parts.html", context, status=422 if form.errors else 200)
