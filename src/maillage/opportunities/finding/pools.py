"""Pools: a job, a purchase or a piece of equipment that several structures look for at once, near each other."""

from datetime import datetime, timedelta
from itertools import combinations

from django.utils import timezone

from maillage.engine.pools.forming import form_pools
from maillage.engine.pools.needs import Need, Rules
from maillage.opportunities.finding.found import Found, members_of
from maillage.opportunities.models import Opportunity
from maillage.sharing.availability import is_ever_free, windows
from maillage.sharing.matching import HORIZON_DAYS
from maillage.sharing.models import Listing

DAYS_OF_FULL_TIME = 5
HALF_DAY = timedelta(hours=4)
LASTING = timedelta(days=60)  # what is wanted for less is borrowed, not owned
HALF_WORTH_KM = 20  # a pool as wide as this is worth half as much as one next door

JOBS = Rules(radius_km=15, least=0.5, most=1, max_members=5)
PURCHASES = Rules(radius_km=30, least=3, max_members=8)  # quantities count associations: three make a group
EQUIPMENT = Rules(radius_km=15, max_members=4, in_turn=True)
EQUIPMENT_CATEGORIES = ("technical.equipment", "technical.vehicles")


def find_jobs(supply):
    """A post between half and full time; a need that does not say its days cannot be counted."""
    needs = [need for need in supply.needs_under("jobs") if need.weekdays]
    return _found(
        supply,
        Opportunity.Kind.JOB,
        needs,
        JOBS,
        quantity=lambda need: weekly_days(need) / DAYS_OF_FULL_TIME,
        figures=lambda needs: {"days": sum(map(weekly_days, needs))},
    )


def weekly_days(listing):
    """Days a week that a listing asks for: hours of half a day at most make it half of one."""
    is_half = listing.starts_at and _duration(listing) <= HALF_DAY
    return len(listing.weekdays) / (2 if is_half else 1)


def _duration(listing):
    day = timezone.localdate()
    return datetime.combine(day, listing.ends_at) - datetime.combine(day, listing.starts_at)


def find_purchases(supply):
    """The same goods or contract, wanted by three or more."""
    return _found(
        supply, Opportunity.Kind.PURCHASE, supply.needs_under("purchasing"), PURCHASES, figures=_purchase_figures
    )


def find_equipment(supply):
    """The same equipment, wanted at times that never meet: it can be owned together."""
    today = timezone.localdate()
    needs = [
        need
        for category in EQUIPMENT_CATEGORIES
        for need in supply.needs_under(category)
        if (need.weekdays or need.starts_at) and _lasts(need, today) and is_ever_free(need, today, HORIZON_DAYS)
    ]
    return _found(
        supply,
        Opportunity.Kind.EQUIPMENT,
        needs,
        EQUIPMENT,
        windows_of=lambda need: windows(need, today, HORIZON_DAYS),
    )


def _lasts(need, today):
    return need.last_day is None or need.last_day - max(need.first_day or today, today) >= LASTING


def _found(supply, kind, needs, rules, *, quantity=None, windows_of=None, figures=None):
    """The Found of each pool that can be made, category by category."""
    by_category: dict[str, list] = {}
    for need in needs:
        by_category.setdefault(need.category, []).append(need)
    found = []
    for category in sorted(by_category):
        rows = {need.pk: need for need in by_category[category]}
        asked = {pk: _for_engine(need, quantity, windows_of) for pk, need in rows.items()}
        for pool in _allowed_pools(supply, rows, asked, rules):
            members = [rows[pk] for pk in pool.members]
            found.append(
                Found(
                    kind=kind,
                    value=round(1000 * len(members) / (1 + pool.diameter_km / HALF_WORTH_KM)),
                    figures=figures(members) if figures else {},
                    members=members_of([(None, need) for need in members]),
                )
            )
    return found


def _allowed_pools(supply, rows, asked, rules):
    """The pools in which everyone may meet everyone: who may not leaves, and the others are pooled again.

    Those who left are then pooled among themselves.
    """
    pools, left = [], dict(asked)
    while len(left) > 1:
        leaving: dict[int, Need] = {}
        while True:
            formed = form_pools(list(left.values()), rules).pools
            refused = sorted(filter(None, (_first_to_leave(supply, rows, pool) for pool in formed)))
            if not refused:
                break
            leaving |= {pk: left.pop(pk) for pk in refused}
        pools += formed
        left = leaving
    return pools


def _first_to_leave(supply, rows, pool):
    """The need of a pool that refused another of it, or may not meet it; None when all may meet."""
    for one, other in combinations([rows[pk] for pk in pool.members], 2):
        if not supply.may_meet(one, other):
            return other.pk if supply.refusals.refuses(other, one) else one.pk
    return None


def _for_engine(need, quantity, windows_of):
    return Need(
        id=need.pk,
        structure=need.structure_id,
        lat=need.latitude,
        lon=need.longitude,
        quantity=quantity(need) if quantity else 1,
        windows=windows_of(need) if windows_of else (),
    )


def _purchase_figures(needs):
    """What is wanted in all, and the sum of the budgets when each said one: never told of two, who would guess."""
    figures = {"quantity": sum(need.quantity for need in needs)}
    if all(need.price_cents and need.price_unit == Listing.PriceUnit.TOTAL for need in needs):
        figures["cents"] = sum(need.price_cents for need in needs)
    return figures
