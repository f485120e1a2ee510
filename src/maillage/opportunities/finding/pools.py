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


def find_pools(supply, crew, tell):
    """Every pool of jobs, purchases and equipment."""
    gatherings = [*_jobs(supply), *_purchases(supply), *_equipment(supply)]
    while going_on := [one for one in gatherings if one.goes_on]:
        pieces = ((one.asked, one.rules) for one in going_on)
        for one, pooling in zip(going_on, crew.results(form_pools, pieces), strict=True):
            one.take(pooling.pools)
            tell(sum(not other.goes_on for other in gatherings) / len(gatherings))
    return [_found(one.kind, *pool) for one in gatherings for pool in one.pools]


def _jobs(supply):
    """A post between half and full time; a need that does not say its days cannot be counted."""
    needs = [need for need in supply.needs_under("jobs") if need.weekdays]
    return _by_category(supply, Opportunity.Kind.JOB, JOBS, needs, lambda need: weekly_days(need) / DAYS_OF_FULL_TIME)


def weekly_days(listing):
    """Days a week that a listing asks for: hours of half a day at most make it half of one."""
    is_half = listing.starts_at and _duration(listing) <= HALF_DAY
    return len(listing.weekdays) / (2 if is_half else 1)


def _duration(listing):
    day = timezone.localdate()
    return datetime.combine(day, listing.ends_at) - datetime.combine(day, listing.starts_at)


def _purchases(supply):
    """The same goods or contract, wanted by three or more."""
    return _by_category(supply, Opportunity.Kind.PURCHASE, PURCHASES, supply.needs_under("purchasing"))


def _equipment(supply):
    """The same equipment, wanted at times that never meet: it can be owned together."""
    today = supply.today
    needs = [
        need
        for category in EQUIPMENT_CATEGORIES
        for need in supply.needs_under(category)
        if (need.weekdays or need.starts_at) and _lasts(need, today) and is_ever_free(need, today, HORIZON_DAYS)
    ]
    return _by_category(supply, Opportunity.Kind.EQUIPMENT, EQUIPMENT, needs)


def _lasts(need, today):
    return need.last_day is None or need.last_day - max(need.first_day or today, today) >= LASTING


def _by_category(supply, kind, rules, needs, quantity=lambda need: 1):
    by_category: dict[str, list] = {}
    for need in needs:
        by_category.setdefault(need.category, []).append(need)
    return [Gathering(supply, kind, rules, by_category[category], quantity) for category in sorted(by_category)]


class Gathering:
    """The needs of one category that are being pooled, until everyone in each pool may meet everyone.

    Who may not leaves, and the others are pooled again. Those who left are then pooled among themselves.

    pools  (needs, diameter in km) of each that was made
    """

    def __init__(self, supply, kind, rules, needs, quantity):
        self.kind, self.rules, self.pools = kind, rules, []
        self._supply, self._quantity = supply, quantity
        self._left, self._leaving = needs, []

    @property
    def goes_on(self):
        return len(self._left) > 1

    @property
    def asked(self):
        """The needs still to be pooled, as the engine reads them."""
        return [
            Need(
                id=need.pk,
                structure=need.structure_id,
                lat=need.latitude,
                lon=need.longitude,
                quantity=self._quantity(need),
                windows=windows(need, self._supply.today, HORIZON_DAYS) if self.rules.in_turn else (),
            )
            for need in self._left
        ]

    def take(self, pools):
        """Keep the pools that the engine made of what it was asked, or part those who may not meet."""
        rows = {need.pk: need for need in self._left}
        made = [([rows[pk] for pk in pool.members], pool.diameter_km) for pool in pools]
        parting = {self._first_to_leave(needs) for needs, _ in made} - {None}
        if parting:
            self._leaving += [need for need in self._left if need in parting]
            self._left = [need for need in self._left if need not in parting]
        else:
            self.pools += made
            self._left = []
        if not self.goes_on:
            self._left, self._leaving = self._leaving, []

    def _first_to_leave(self, needs):
        """The need that refused another, or may not meet it; None when all may meet."""
        for one, other in combinations(needs, 2):
            if not self._supply.may_meet(one, other):
                return other if self._supply.refusals.refuses(other, one) else one
        return None


def _found(kind, needs, diameter_km):
    return Found(
        kind=kind,
        value=round(1000 * len(needs) / (1 + diameter_km / HALF_WORTH_KM)),
        figures=_figures(kind, needs),
        members=members_of([(None, need) for need in needs]),
    )


def _figures(kind, needs):
    """What is wanted in all; the sum of the budgets when each said one, never told of two, who would guess."""
    if kind == Opportunity.Kind.JOB:
        return {"days": sum(map(weekly_days, needs))}
    if kind == Opportunity.Kind.EQUIPMENT:
        return {}
    figures = {"quantity": sum(need.quantity for need in needs)}
    if all(need.price_cents and need.price_unit == Listing.PriceUnit.TOTAL for need in needs):
        figures["cents"] = sum(need.price_cents for need in needs)
    return figures
