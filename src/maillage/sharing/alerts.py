"""« Me prévenir »: searches that people keep, to hear of what is published later."""

from datetime import timedelta

from django.db import transaction

from maillage.accounts.models import User
from maillage.engine.french import NBSP, WEEKDAYS, day_fr, euros_fr, of_fr
from maillage.sharing import taxonomy
from maillage.sharing.models import Listing
from maillage.sharing.search.criteria import Criteria

MOST_KEPT = 20
LONGEST_WORDS = 200
_ALL = {Listing.Direction.OFFER: "toutes les offres", Listing.Direction.NEED: "tous les besoins"}


class AlertRefused(Exception):
    """Its text is shown to the person."""


def facts_of(criteria, weekday=None):
    """What tells a search from another, as fields of SavedSearch.

    weekday  0 to 6: every such day instead of the one day of the Criteria
    """
    around = criteria.radius_km if criteria.place else None
    return {
        "direction": criteria.direction,
        "words": " ".join(criteria.words.lower().split())[:LONGEST_WORDS],  # « İ » is longer in small letters
        "category": criteria.category,
        "place": criteria.place if around else None,
        "radius_km": around,
        "day": None if weekday is not None else criteria.day,
        "weekday": weekday,
        "max_price_cents": criteria.max_price_cents,
    }


def keep_search(*, person, criteria, weekday=None):
    """(SavedSearch, whether it is new): the same search is kept once. Raises AlertRefused."""
    with transaction.atomic():
        # Locked so that two searches kept at once are both counted.
        User.objects.select_for_update().get(pk=person.pk)
        facts = facts_of(criteria, weekday)
        if known := kept(person, facts):
            return known, False
        if person.saved_searches.count() >= MOST_KEPT:
            raise AlertRefused(f"Vous avez déjà {MOST_KEPT} alertes. Retirez-en une, puis gardez celle-ci.")
        return person.saved_searches.create(**facts), True


def kept(person, facts):
    """The alert of ``person`` that has these ``facts_of`` a search, or None."""
    said = {name: value for name, value in facts.items() if value is not None}
    unsaid = {f"{name}__isnull": True for name, value in facts.items() if value is None}
    return person.saved_searches.filter(**said, **unsaid).first()


def pause(*, person, pk):
    person.saved_searches.filter(pk=pk).update(is_paused=True)


def resume(*, person, pk):
    person.saved_searches.filter(pk=pk).update(is_paused=False)


def remove(*, person, pk):
    person.saved_searches.filter(pk=pk).delete()


def criteria_of(saved, today):
    """The Criteria that show what ``saved`` would find today: of a day of the week, the next one."""
    day = saved.day
    if saved.weekday is not None:
        day = today + timedelta(days=(saved.weekday - today.weekday()) % 7)
    return Criteria(
        direction=saved.direction,
        words=saved.words,
        category=saved.category,
        place=saved.place,
        radius_km=saved.radius_km,
        day=day,
        max_price_cents=saved.max_price_cents,
    )


def is_over(saved, today):
    """Whether its day has gone: nothing new can answer it."""
    return saved.day is not None and saved.day < today


def sentence(saved):
    """« Camionnette, à moins de 25 km de Revel, le samedi », « Besoins : tables, gratuit »."""
    parts = [saved.words] if saved.words else []
    if saved.category:
        label = taxonomy.nearest(saved.category).label
        parts.append(f"dans «{NBSP}{label}{NBSP}»" if saved.words else label)
    if not parts:
        parts.append(_ALL[saved.direction])
    elif saved.direction == Listing.Direction.NEED:
        parts[0] = f"besoins{NBSP}: {parts[0]}"
    if saved.place_id:
        parts.append(f"à moins de {saved.radius_km}{NBSP}km {of_fr(saved.place.name)}")
    if saved.day:
        parts.append(f"le {day_fr(saved.day)}")
    elif saved.weekday is not None:
        parts.append(f"le {WEEKDAYS[saved.weekday]}")
    if saved.max_price_cents is not None:
        parts.append(f"{euros_fr(saved.max_price_cents)} au plus" if saved.max_price_cents else "gratuit")
    said = ", ".join(parts)
    return said[0].upper() + said[1:]
