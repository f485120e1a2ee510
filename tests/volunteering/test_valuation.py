"""What is received in kind is valued to the cent, and both sides of the accounts are equal."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.volunteering.merging import hand_over_volunteering
from maillage.volunteering.models import InKindContribution, Rate, cents_of
from maillage.volunteering.valuation import (
    ValuationRefused,
    accounting_rows,
    add_rate,
    record_contribution,
    remove_contribution,
    statement,
    value_hours,
)
from tests.factories.accounts import UserFactory
from tests.factories.directory import AssistanceFactory, MandateFactory, StructureFactory
from tests.factories.volunteering import ContributionFactory, HoursFactory, RateFactory

pytestmark = pytest.mark.django_db
Kind = InKindContribution.Kind
LENT = {
    "kind": Kind.LOAN,
    "label": "Salle des fêtes",
    "giver_name": "Mairie de Revel",
    "unit": "jour",
    "method": InKindContribution.Method.RENTAL,
    "source": "tarif de la mairie",
}


@pytest.fixture
def mandate():
    return MandateFactory()


@pytest.fixture
def structure(mandate):
    return mandate.structure


def record(mandate, quantity="2", unit_value="120.50", **facts):
    return record_contribution(
        structure=mandate.structure,
        by=mandate.user,
        quantity=Decimal(quantity),
        unit_value=Decimal(unit_value),
        **{"day": timezone.localdate(), **LENT} | facts,
    )


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"amount_cents": 24101}, "contribution_amount_is_exact"),
        ({"quantity": Decimal(0), "amount_cents": 0}, "contribution_is_positive"),
        ({"source": " "}, "contribution_says_how_it_is_valued"),
        ({"unit": ""}, "contribution_says_how_it_is_valued"),
        ({"from_hours": True}, "contribution_of_hours_is_volunteering"),
    ],
)
def test_the_database_refuses_a_contribution(facts, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ContributionFactory(**facts)


def test_the_database_refuses_a_gift_to_oneself():
    structure = StructureFactory()
    with pytest.raises(IntegrityError, match="contribution_from_another"), transaction.atomic():
        ContributionFactory(structure=structure, giver=structure)


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"valid_until": date(2019, 1, 1)}, "rate_ends_after_it_starts"),
        ({"hour_value": Decimal(0)}, "rate_is_positive"),
        ({"coefficient": Decimal(0)}, "rate_is_positive"),
        ({"source": " "}, "rate_says_its_source"),
    ],
)
def test_the_database_refuses_a_rate(facts, constraint):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        RateFactory(**facts)


def test_the_database_refuses_two_rates_of_one_name_on_one_day():
    RateFactory(valid_until=date(2026, 6, 30))
    RateFactory(valid_from=date(2026, 7, 1))
    RateFactory(structure=StructureFactory())
    with pytest.raises(IntegrityError, match="rate_one_at_a_time"), transaction.atomic():
        RateFactory(valid_from=date(2026, 6, 30), valid_until=date(2026, 6, 30))


@pytest.mark.parametrize("quantity", ["0.0001", "0.3333", "1", "2.5", "7.1666", "1200"])
@pytest.mark.parametrize("unit_value", ["0.01", "0.0150", "11.8850", "120.50", "9999.9999"])
def test_python_and_the_database_round_alike(quantity, unit_value):
    """The constraint computes again what ``cents_of`` computed: a cent of difference would be refused."""
    one = ContributionFactory(quantity=Decimal(quantity), unit_value=Decimal(unit_value))
    assert one.amount_cents == cents_of(one.quantity, one.unit_value)


def test_half_a_cent_goes_upwards():
    assert [cents_of(Decimal(1), Decimal(value)) for value in ("0.0049", "0.0050", "0.0150", "0.0250")] == [0, 1, 2, 3]


def test_both_sides_are_equal_whatever_is_received(mandate):
    for index, (kind, quantity, value) in enumerate(product(Kind, ("1", "2.33"), ("0.01", "17.77", "311.05"))):
        record(mandate, quantity, value, kind=kind, label=f"Ligne {index}")
    found = statement(InKindContribution.objects.all())
    assert set(found.debits) == {"860", "861", "862", "864"}
    assert set(found.credits) == {"870", "871", "875"}
    assert found.total_86 == found.total_87 == sum(InKindContribution.objects.values_list("amount_cents", flat=True))
    rows = list(accounting_rows(InKindContribution.objects.all()))
    assert sum(debit for *_, debit, _ in rows) == sum(credit for *_, credit in rows) == found.total_86


@pytest.mark.parametrize(
    ("kind", "accounts"),
    [
        (Kind.GOODS, ("860", "870")),
        (Kind.LOAN, ("861", "871")),
        (Kind.SERVICE, ("862", "871")),
        (Kind.VOLUNTEERING, ("864", "875")),
    ],
)
def test_each_kind_has_its_two_accounts(kind, accounts):
    one = ContributionFactory(kind=kind)
    assert (one.debit, one.credit) == accounts


def test_the_beneficiary_alone_records_and_removes(mandate):
    one = record(mandate)
    assert one.amount_cents == 24100
    helper = AssistanceFactory(structure=mandate.structure).helper
    for person in (MandateFactory().user, helper, UserFactory(agent=True)):
        with pytest.raises(ValuationRefused, match="tient elle-même ses comptes"):
            remove_contribution(contribution_id=one.pk, by=person)
        with pytest.raises(ValuationRefused, match="tient elle-même ses comptes"):
            value_hours(structure=mandate.structure, year=2026, rate_name="x", by=person)
    remove_contribution(contribution_id=one.pk, by=mandate.user)
    with pytest.raises(ValuationRefused, match="déjà effacée"):
        remove_contribution(contribution_id=one.pk, by=mandate.user)


def test_validated_hours_are_valued_at_the_rate_of_their_day(mandate, structure):
    RateFactory(hour_value=Decimal("11.11"), valid_from=date(2025, 1, 1), valid_until=date(2025, 6, 30))
    RateFactory(hour_value=Decimal("12.34"), coefficient=Decimal("1.50"), valid_from=date(2025, 7, 1))
    for day, minutes in ((date(2025, 3, 1), 90), (date(2025, 6, 30), 50), (date(2025, 7, 1), 60)):
        HoursFactory(structure=structure, day=day, minutes=minutes, validated=True)
    HoursFactory(structure=structure, day=date(2025, 3, 2))  # not validated
    HoursFactory(structure=structure, day=date(2026, 3, 2), validated=True)  # of another year
    asked = {"structure": structure, "year": 2025, "rate_name": "Taux d’essai", "by": mandate.user}
    assert value_hours(**asked) == 2
    before = list(InKindContribution.objects.values_list("quantity", "unit_value", "amount_cents"))
    assert before == [
        (Decimal("2.3333"), Decimal("11.1100"), 2592),
        (Decimal("1.0000"), Decimal("18.5100"), 1851),
    ]
    assert "inventé pour les tests" in InKindContribution.objects.first().source
    value_hours(**asked)
    assert list(InKindContribution.objects.values_list("quantity", "unit_value", "amount_cents")) == before


def test_hours_without_a_rate_of_their_day_are_not_valued(mandate, structure):
    asked = {"structure": structure, "year": 2025, "rate_name": "Taux d’essai", "by": mandate.user}
    with pytest.raises(ValuationRefused, match="Aucune heure validée en 2025"):
        value_hours(**asked)
    HoursFactory(structure=structure, day=date(2025, 1, 3), validated=True)
    RateFactory(valid_from=date(2025, 1, 4))
    with pytest.raises(ValuationRefused, match="pour le vendredi 3\u00a0janvier 2025"):
        value_hours(**asked)
    assert not InKindContribution.objects.exists()


def test_an_association_s_own_rate_comes_before_that_of_the_territory(mandate, structure):
    RateFactory()
    add_rate(
        structure=structure,
        by=mandate.user,
        name="Taux d’essai",
        hour_value=Decimal(20),
        coefficient=Decimal(1),
        source="grille de l’association",
        valid_from=date(2020, 1, 1),
    )
    HoursFactory(structure=structure, day=date(2025, 1, 3), minutes=60, validated=True)
    value_hours(structure=structure, year=2025, rate_name="Taux d’essai", by=mandate.user)
    assert InKindContribution.objects.get().amount_cents == 2000


def test_rates_of_the_territory_are_given_by_its_team(mandate):
    facts = {"name": "Taux", "hour_value": Decimal(10), "source": "un arrêté", "valid_from": date(2026, 1, 1)}
    with pytest.raises(ValuationRefused, match="tenus par l’équipe du territoire"):
        add_rate(structure=None, by=mandate.user, **facts)
    agent = UserFactory(agent=True)
    add_rate(structure=None, by=agent, **facts)
    with pytest.raises(ValuationRefused, match="existe déjà à ces dates"):
        add_rate(structure=None, by=agent, **facts)


def test_merging_keeps_what_one_gave_the_other_and_one_rate_a_day():
    old, new = StructureFactory(name="Ancienne"), StructureFactory(name="Nouvelle")
    received = ContributionFactory(structure=new, giver=old)
    given = ContributionFactory(structure=old, giver=new)
    kept = RateFactory(structure=new, valid_until=date(2025, 12, 31))
    RateFactory(structure=old, valid_until=date(2025, 1, 1))
    later = RateFactory(structure=old, valid_from=kept.valid_until + timedelta(days=1))
    hand_over_volunteering(old, new)
    for one, name in ((received, "Ancienne"), (given, "Nouvelle")):
        one.refresh_from_db()
        assert (one.structure, one.giver, one.giver_name) == (new, None, name)
    assert set(Rate.objects.filter(structure=new)) == {kept, later}
    assert not Rate.objects.filter(structure=old).exists()
