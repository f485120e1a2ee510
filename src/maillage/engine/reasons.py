"""Why an offer answers a need, in plain French that both sides can read."""

from datetime import timedelta

from maillage.engine.french import NBSP, day_fr, euros_fr, join_fr, km_fr, number_fr
from maillage.engine.spans import in_common, merged
from maillage.engine.text import spelled_stems

DAYS_NAMED = 3
WORDS_SHOWN = 5


def reasons_for(need, offer, distance_km, offer_stems, *, all_the_time):
    """Sentences without a capital, the most useful first.

    offer_stems   the stems of the offer's text
    all_the_time  whether the offer is free during the whole of the need's windows
    """
    found = (
        f"à {km_fr(distance_km)}",
        _when(need, offer, all_the_time),
        "exactement la catégorie demandée" if offer.category == need.category else "dans la catégorie demandée",
        _price(need, offer),
        _quantity(need, offer),
        _words(need, offer_stems),
    )
    return tuple(reason for reason in found if reason)


def _when(need, offer, all_the_time):
    days = common_days(need.windows, offer.windows)
    count = sum((last - first).days + 1 for first, last in days)
    if not days:
        return "libre à tout moment"
    if count > 1 and need.windows and all_the_time:
        return "libre sur toute la période"
    if count > DAYS_NAMED:
        return f"libre {number_fr(count)}{NBSP}jours à partir du {day_fr(days[0][0])}"
    named = [first + timedelta(days=offset) for first, last in days for offset in range((last - first).days + 1)]
    return f"libre {join_fr(day_fr(day) for day in named)}"


def common_days(needed, offered):
    """The days of the time in common, as ordered and disjoint (first, last) pairs; none when neither has windows."""
    needed, offered = merged(needed), merged(offered)
    common = in_common(needed, offered) if needed and offered else needed or offered
    days: list[tuple] = []
    for start, end in common:
        first, last = start.date(), (end - timedelta(microseconds=1)).date()
        if days and first <= days[-1][1] + timedelta(days=1):
            days[-1] = (days[-1][0], max(days[-1][1], last))
        else:
            days.append((first, last))
    return days


def _price(need, offer):
    if offer.price_cents is None:
        return "prix à convenir"
    if offer.price_cents == 0:
        return "gratuit"
    said = "prix" if need.price_cents is None else "dans le budget"
    return f"{said}{NBSP}: {euros_fr(offer.price_cents)}"


def _quantity(need, offer):
    if need.quantity == 1:
        return ""
    return f"en nombre suffisant{NBSP}: {number_fr(offer.quantity)} pour {number_fr(need.quantity)}"


def _words(need, offer_stems):
    common = [word for stem, word in spelled_stems(need.text).items() if stem in offer_stems][:WORDS_SHOWN]
    if not common:
        return ""
    return f"{'mots communs' if len(common) > 1 else 'mot commun'}{NBSP}: {join_fr(common)}"
