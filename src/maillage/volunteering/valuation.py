"""The valuation of what is received in kind: accounts 86 and 87 of a civil year, from the same rows."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from maillage.directory.models import Structure
from maillage.directory.rules import is_of_the_team
from maillage.engine.french import NBSP, date_fr, number_fr
from maillage.kernel import events
from maillage.volunteering.models import InKindContribution, Rate, VolunteerHours, cents_of

Kind = InKindContribution.Kind
ACCOUNT_NAMES = {
    "860": "Secours en nature",
    "861": "Mises à disposition gratuites de biens",
    "862": "Prestations",
    "864": "Personnel bénévole",
    "870": "Dons en nature",
    "871": "Prestations en nature",
    "875": "Bénévolat",
}


class ValuationRefused(Exception):
    """Its text is shown to the person."""


@dataclass(frozen=True)
class Statement:
    """The foot of the profit and loss account: {account: cents} of each side; both totals are equal by construction."""

    debits: dict[str, int]
    credits: dict[str, int]

    @property
    def total_86(self):
        return sum(self.debits.values())

    @property
    def total_87(self):
        return sum(self.credits.values())


def statement(contributions):
    """Each contribution is debited once and credited once, of the same cents."""
    debits: defaultdict[str, int] = defaultdict(int)
    credits: defaultdict[str, int] = defaultdict(int)
    for one in contributions:
        debits[one.debit] += one.amount_cents
        credits[one.credit] += one.amount_cents
    return Statement(dict(sorted(debits.items())), dict(sorted(credits.items())))


def accounting_rows(contributions):
    """(day, account, label, debit in cents, credit in cents) of each entry: two for each contribution."""
    for one in contributions:
        who = f", {one.who_gives}" if one.who_gives else ""
        label = f"{one.label}{who}"
        yield one.day, one.debit, label, one.amount_cents, 0
        yield one.day, one.credit, label, 0, one.amount_cents


def record_contribution(*, structure, by, quantity, unit_value, **facts):
    """What the beneficiary received, valued by hand; returns it. Raises ValuationRefused."""
    contribution = InKindContribution(
        structure=structure,
        recorded_by=by,
        quantity=quantity,
        unit_value=unit_value,
        amount_cents=cents_of(quantity, unit_value),
        **facts,
    )
    same = InKindContribution.objects.filter(structure=structure, quantity=quantity, unit_value=unit_value, **facts)
    with transaction.atomic():
        _locked(structure)
        _check_runs(structure, by)
        if same.exists():
            raise ValuationRefused(
                "Cette contribution est déjà enregistrée. Si vous en avez reçu une autre, dites-le en quelques mots."
            )
        _save(contribution)
        _announce(structure)
    return contribution


def remove_contribution(*, contribution_id, by):
    """Raises ValuationRefused."""
    with transaction.atomic():
        found = InKindContribution.objects.select_related("structure").filter(pk=contribution_id).first()
        if found is None:
            raise ValuationRefused("Cette contribution est déjà effacée.")
        _check_runs(found.structure, by)
        found.delete()
        _announce(found.structure)


def value_hours(*, structure, year, rate_name, by):
    """Value the validated hours of a year, each at the rate of its day; what was computed before is replaced.

    Returns how many contributions: one for each rate that served. Raises ValuationRefused.
    """
    with transaction.atomic():
        _locked(structure)
        _check_runs(structure, by)
        minutes, last_days = _minutes_by_rate(structure, year, rate_name)
        if not minutes:
            raise ValuationRefused(f"Aucune heure validée en {year}\u00a0: faites-les d’abord valider.")
        InKindContribution.objects.filter(structure=structure, from_hours=True).of_year(year).delete()
        for rate, given in minutes.items():
            quantity = (Decimal(given) / 60).quantize(Decimal("0.0001"), ROUND_HALF_UP)
            _save(
                InKindContribution(
                    structure=structure,
                    kind=Kind.VOLUNTEERING,
                    label=f"Bénévolat {year}, {rate.name}",
                    day=last_days[rate],
                    quantity=quantity,
                    unit="h",
                    unit_value=rate.unit_value,
                    amount_cents=cents_of(quantity, rate.unit_value),
                    method=InKindContribution.Method.RATE,
                    source=_told(rate),
                    from_hours=True,
                    recorded_by=by,
                )
            )
        _announce(structure)
    return len(minutes)


def _locked(structure):
    """What is computed of a structure waits here, each in turn."""
    return Structure.objects.select_for_update(of=("self",), no_key=True).get(pk=structure.pk)


def add_rate(*, structure, by, **facts):
    """A rate of the structure's own, or of the territory (None) for its team; returns it. Raises ValuationRefused."""
    with transaction.atomic():
        _check_gives_rates(structure, by)
        rate = Rate(structure=structure, author=by, **facts)
        _save(rate)
    return rate


def remove_rate(*, rate_id, by):
    """What was valued with it keeps its value and its source. Raises ValuationRefused."""
    with transaction.atomic():
        rate = Rate.objects.select_related("structure").filter(pk=rate_id).first()
        if rate is None:
            raise ValuationRefused("Ce taux est déjà effacé.")
        _check_gives_rates(rate.structure, by)
        rate.delete()


def _minutes_by_rate(structure, year, rate_name):
    """({rate: minutes}, {rate: last day that it served}) of validated hours; its own rate before the territory's."""
    rates = list(Rate.objects.usable_by(structure).filter(name=rate_name).order_by("structure_id"))  # NULL comes last
    minutes: defaultdict[Rate, int] = defaultdict(int)
    last_days: dict[Rate, date] = {}
    given = VolunteerHours.objects.filter(structure=structure).of_year(year).validated().order_by("day")
    for day, spent in given.values_list("day", "minutes"):
        rate = next((one for one in rates if one.is_valid_on(day)), None)
        if rate is None:
            raise ValuationRefused(
                f"Aucun taux «{NBSP}{rate_name}{NBSP}» pour le {date_fr(day)}. Ajoutez-le, avec sa source et ses dates."
            )
        minutes[rate] += spent
        last_days[rate] = day
    return dict(minutes), last_days


def _told(rate):
    times = "" if rate.coefficient == 1 else f" × {number_fr(rate.coefficient)}"
    value = f"{number_fr(rate.hour_value)}{NBSP}€{times}"
    return f"{rate.name}, {value}, {rate.source}, depuis le {date_fr(rate.valid_from)}"


def _check_runs(structure, by):
    if not is_of_the_team(by, structure):
        raise ValuationRefused("L’association qui reçoit tient elle-même ses comptes.")


def _check_gives_rates(structure, by):
    if structure is None:
        if not by.is_agent:
            raise ValuationRefused("Les taux communs sont tenus par l’équipe du territoire.")
    else:
        _check_runs(structure, by)


def _save(row):
    try:
        row.full_clean()
    except ValidationError as error:
        raise ValuationRefused(" ".join(error.messages)) from error
    row.save()


def _announce(structure):
    events.publish_on_commit(f"structure:{structure.pk}", "valuation.changed")
