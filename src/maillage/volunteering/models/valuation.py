"""What an association receives in kind and values: rates with their dates, contributions with their accounts."""

from decimal import ROUND_HALF_UP, Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Round
from django.utils import timezone

from maillage.accounts.models import User
from maillage.directory.models import Structure
from maillage.directory.models.structures import DateRange

HUNDRED = Decimal(100)
AMOUNT = models.DecimalField(max_digits=20, decimal_places=4)


class RateQuerySet(models.QuerySet):
    def usable_by(self, structure):
        """Those of the territory's team, and the structure's own."""
        return self.filter(Q(structure=None) | Q(structure=structure))


class Rate(models.Model):
    """What an hour is worth between two days, as someone typed it from a source: no figure is ours.

    structure    whose own it is; None for those that the territory's team gives to all
    coefficient  what the value is multiplied by, for a qualified task
    """

    structure = models.ForeignKey(Structure, models.CASCADE, null=True, blank=True, related_name="rates")
    name = models.CharField("nom", max_length=80)
    hour_value = models.DecimalField("valeur d’une heure, en euros", max_digits=8, decimal_places=2)
    coefficient = models.DecimalField("coefficient", max_digits=5, decimal_places=2, default=Decimal(1))
    source = models.CharField("source", max_length=200)
    valid_from = models.DateField("à partir du")
    valid_until = models.DateField("jusqu’au", null=True, blank=True)
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = RateQuerySet.as_manager()

    class Meta:
        verbose_name = "taux"
        verbose_name_plural = "taux"
        ordering = ["name", "-valid_from", "pk"]
        constraints = [
            ExclusionConstraint(
                name="rate_one_at_a_time",
                expressions=[
                    (Coalesce("structure", Value(0)), RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_until", Value("[]")), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Un taux de ce nom existe déjà à ces dates. Donnez d’abord une fin au premier.",
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="rate_ends_after_it_starts",
                violation_error_message="La fin du taux est avant son début.",
            ),
            models.CheckConstraint(
                condition=Q(hour_value__gt=0, coefficient__gt=0),
                name="rate_is_positive",
                violation_error_message="Un taux et son coefficient sont plus grands que zéro.",
            ),
            models.CheckConstraint(
                condition=Q(source__regex=r"\S", name__regex=r"\S"),
                name="rate_says_its_source",
                violation_error_message="Dites d’où vient ce taux.",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def unit_value(self):
        return self.hour_value * self.coefficient

    def meets(self, other):
        """Whether both are valid on some day."""
        latest = max(self.valid_from, other.valid_from)
        return all(one.valid_until is None or latest <= one.valid_until for one in (self, other))

    def is_valid_on(self, day):
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class ContributionQuerySet(models.QuerySet):
    def of_year(self, year):
        return self.filter(day__year=year)


class InKindContribution(models.Model):
    """What ``structure`` received without paying, valued: the beneficiary records it, and keeps how it was valued.

    giver       who gave, when it is a structure of Maillage; ``giver_name`` when it is not; neither for volunteers
    from_hours  computed from the validated hours (``valuation.value_hours``), and anew each time
    """

    class Kind(models.TextChoices):
        VOLUNTEERING = "volunteering", "bénévolat"
        LOAN = "loan", "salle ou matériel prêté gratuitement"
        SERVICE = "service", "service rendu gratuitement"
        GOODS = "goods", "don de biens ou de marchandises"

    class Method(models.TextChoices):
        RATE = "rate", "taux horaire (SMIC et coefficient)"
        REPLACEMENT = "replacement", "prix de remplacement"
        RENTAL = "rental", "valeur locative"
        COST = "cost", "coût réel"

    ACCOUNTS = {
        Kind.VOLUNTEERING: ("864", "875"),
        Kind.LOAN: ("861", "871"),
        Kind.SERVICE: ("862", "871"),
        Kind.GOODS: ("860", "870"),
    }

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="contributions_received")
    giver = models.ForeignKey(
        Structure, models.SET_NULL, null=True, blank=True, related_name="contributions_given", verbose_name="qui donne"
    )
    giver_name = models.CharField("nom de qui donne", max_length=200, blank=True)
    kind = models.CharField("nature", max_length=12, choices=Kind.choices)
    label = models.CharField("libellé", max_length=200)
    day = models.DateField("jour")
    quantity = models.DecimalField("quantité", max_digits=12, decimal_places=4)
    unit = models.CharField("unité", max_length=40)
    unit_value = models.DecimalField("valeur d’une unité, en euros", max_digits=12, decimal_places=4)
    amount_cents = models.BigIntegerField("montant, en centimes")
    method = models.CharField("méthode", max_length=11, choices=Method.choices)
    source = models.CharField("d’où vient la valeur", max_length=300)
    from_hours = models.BooleanField("d’après les heures validées", default=False)
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField("enregistré le", default=timezone.now)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        verbose_name = "contribution en nature"
        verbose_name_plural = "contributions en nature"
        ordering = ["day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    amount_cents=Round(
                        F("quantity") * F("unit_value") * Value(HUNDRED, output_field=AMOUNT), output_field=AMOUNT
                    )
                ),
                name="contribution_amount_is_exact",
                violation_error_message="Le montant est la quantité multipliée par la valeur, au centime près.",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_value__gt=0),
                name="contribution_is_positive",
                violation_error_message="La quantité et la valeur sont plus grandes que zéro.",
            ),
            models.CheckConstraint(
                condition=Q(source__regex=r"\S", label__regex=r"\S", unit__regex=r"\S"),
                name="contribution_says_how_it_is_valued",
                violation_error_message="Dites ce qui est donné, dans quelle unité, et d’où vient la valeur.",
            ),
            models.CheckConstraint(
                condition=Q(kind="volunteering") | Q(from_hours=False),
                name="contribution_of_hours_is_volunteering",
                violation_error_message="Des heures validées sont du bénévolat.",
            ),
            models.CheckConstraint(
                condition=Q(giver__isnull=True) | ~Q(giver=F("structure")),
                name="contribution_from_another",
                violation_error_message="Une association ne se donne rien à elle-même.",
            ),
        ]
        indexes = [models.Index(fields=["structure", "day"], name="contribution_of_structure")]

    def __str__(self):
        return self.label

    @property
    def debit(self):
        return self.ACCOUNTS[self.Kind(self.kind)][0]

    @property
    def credit(self):
        return self.ACCOUNTS[self.Kind(self.kind)][1]

    @property
    def who_gives(self):
        return self.giver.name if self.giver else self.giver_name


def cents_of(quantity, unit_value):
    """The cents of a quantity at a value, half a cent upwards: what the database computes to check."""
    return int((quantity * unit_value * HUNDRED).quantize(Decimal(1), ROUND_HALF_UP))
