"""The rules that the owner of an offer sets: changed by them, told to borrowers in a sentence or two."""

from django.core.exceptions import ValidationError
from django.db import transaction

from maillage.directory.helping import note_help
from maillage.directory.models import Mandate
from maillage.directory.rules import acts_for
from maillage.engine.french import count_fr
from maillage.kernel import events
from maillage.kernel.audit import acting
from maillage.sharing.bookings.terms import BookingRefused, is_lent, rules_of
from maillage.sharing.models import Listing

ANSWERS = {
    0: "C’est réservé aussitôt, sans attendre de réponse.",
    1: "Une personne de l’association vous répond.",
    2: "Deux personnes de l’association donnent leur accord.",
}


def set_rules(*, listing_id, author, **rules):
    """Change what an offer asks; ``rules`` are fields of LendingRules. Bookings that were made keep their hours.

    Raises BookingRefused
    """
    with transaction.atomic(), acting(author):
        listing = owned(listing_id, author)
        note_help(author, listing.structure)
        if rules.get("approvals") == 2 and not _are_two(listing.structure):
            raise BookingRefused(
                f"Une seule personne agit pour {listing.structure}\u00a0: personne ne donnerait le second accord. "
                "Choisissez «\u00a0une personne\u00a0», ou invitez quelqu’un d’abord."
            )
        changed = rules_of(listing)
        for name, value in rules.items():
            setattr(changed, name, value)
        try:
            changed.full_clean()
        except ValidationError as error:
            raise BookingRefused(" ".join(error.messages)) from error
        changed.save()
        events.publish_on_commit(f"listing:{listing.pk}", "listing.rules_changed", {"listing": listing.pk})
    return changed


def _are_two(structure):
    return Mandate.objects.current().filter(structure=structure).values("user").distinct().count() > 1


def owned(listing_id, author):
    """An offer that is lent by a structure of ``author``, locked. Raises BookingRefused."""
    listings = Listing.objects.select_related("structure").defer("search_vector")
    listing = listings.select_for_update(no_key=True, of=("self",)).filter(pk=listing_id).first()
    if listing is None or not is_lent(listing):
        raise BookingRefused("Cette annonce n’est pas de celles qui se prêtent.")
    if not acts_for(author, listing.structure):
        raise BookingRefused(f"Vous n’agissez pas pour {listing.structure}.")
    return listing


def facts_of(listing, user):
    """What a page tells ``user`` of how an offer is lent, and of what it is made: {} when it is not lent."""
    if not listing.pk or not is_lent(listing):
        return {}
    rules = rules_of(listing)
    seen = Listing.objects.visible_to(user).only("title")
    return {
        "lending": said(rules),
        "lending_word": rules.word,
        "parts": listing.parts.filter(part__in=seen).select_related("part").order_by("part__title"),
        "wholes": listing.wholes.filter(whole__in=seen).select_related("whole").order_by("whole__title"),
    }


def said(rules):
    """« Se prête à la journée, à demander 3 jours avant, 2 jours de suite au plus. Une personne … vous répond. »"""
    parts = [f"Se prête {rules.get_rhythm_display()}"]
    if rules.notice_days:
        parts.append(f"à demander {count_fr(rules.notice_days, 'jour')} avant")
    if rules.longest_days:
        parts.append(f"{count_fr(rules.longest_days, 'jour')} de suite au plus")
    sentences = [f"{', '.join(parts)}.", ANSWERS[rules.approvals]]
    if rules.most_each:
        many = count_fr(rules.most_each, "réservation à venir", "réservations à venir")
        sentences.append(f"{many} au plus par association.")
    if rules.cancel_days:
        sentences.append(f"S’annule jusqu’à {count_fr(rules.cancel_days, 'jour')} avant.")
    return " ".join(sentences)
