"""Bookings: who borrows which offer, from when to when; and what each takes, so that nothing is lent twice."""

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from maillage.directory.models import Structure
from maillage.sharing import periods
from maillage.sharing.models.lending import Closure
from maillage.sharing.models.listings import Listing


class BookingQuerySet(models.QuerySet):
    def seen_by(self, user):
        """Those that ``user`` borrows or lends for a structure; agrees with the predicate ``sharing.see_booking``."""
        if not user.is_authenticated:
            return self.none()
        return self.between(list(Structure.objects.acted_for_by(user).values_list("pk", flat=True)))

    def between(self, structures):
        """Those that ``structures`` (ids) borrow or lend."""
        return self.filter(Q(borrower__in=structures) | Q(listing__structure__in=structures))

    def waiting_for_an_answer(self):
        return self.filter(state=Booking.State.REQUESTED)

    def occupying(self):
        """Those that take their offer: nobody else can have it."""
        return self.filter(state__in=Booking.OCCUPYING)

    def living(self):
        """Those that may still take place: neither refused, cancelled, nor past."""
        return self.filter(state__in=Booking.LIVING, period__endswith__gt=timezone.now())

    def out(self):
        """What was handed over and has not come back."""
        return self.filter(handed_at__isnull=False, returned_at__isnull=True)

    def overdue(self, now):
        """What should have come back by ``now``."""
        return self.out().filter(period__endswith__lt=now)


class BookingSeries(models.Model):
    """Bookings that were asked together, by a rule: « tous les mardis de 18 h à 20 h jusqu’au 30 juin ».

    rule    a recurrence rule (RFC 5545, RRULE), in the local time of the territory
    period  that of the first date that the rule names, whether it was free or not
    """

    key = models.UUIDField("clé du formulaire", unique=True, help_text="envoyé deux fois, il en fait une")
    rule = models.CharField("règle", max_length=120)
    period = DateTimeRangeField("première date", default_bounds="[)")
    asked_at = models.DateTimeField("demandée le", auto_now_add=True)

    class Meta:
        verbose_name = "série de réservations"
        constraints = [
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False),
                name="series_has_a_first_date",
                violation_error_message="Une série a une première date, avec son début et sa fin.",
            ),
            models.CheckConstraint(
                condition=Q(rule__startswith="FREQ="),
                name="series_has_a_rule",
                violation_error_message="Une série a une règle, comme FREQ=WEEKLY;UNTIL=20270630.",
            ),
        ]

    def __str__(self):
        return f"série n° {self.pk}"

    def get_absolute_url(self):
        return reverse("booking-series", args=[self.pk])


@pghistory.track()
class Booking(models.Model):
    """A structure asks for an offer, or has it, during ``period`` (aware datetimes, half-open).

    held_until   a place kept for a while: offered from the waiting list, or promised by the owner
    sequence     how many times what calendars show of it has changed (RFC 5545)
    """

    class State(models.TextChoices):
        WAITING = "waiting", "en liste d’attente"
        REQUESTED = "requested", "en attente de réponse"
        HELD = "held", "gardée pour vous"
        CONFIRMED = "confirmed", "acceptée"
        REFUSED = "refused", "refusée"
        CANCELLED = "cancelled", "annulée"
        LAPSED = "lapsed", "sans suite"

    OCCUPYING = (State.HELD, State.CONFIRMED)
    LIVING = (State.WAITING, State.REQUESTED, *OCCUPYING)

    class Why(models.TextChoices):
        TAKEN = "taken", "déjà pris"
        BROKEN = "broken", "en panne"
        FAR = "far", "trop loin"
        OTHER = "other", "autre raison"

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="bookings")
    borrower = models.ForeignKey(Structure, models.CASCADE, related_name="bookings")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="bookings")
    key = models.UUIDField("clé du formulaire", null=True, blank=True, help_text="envoyé deux fois, il en fait une")
    series = models.ForeignKey(BookingSeries, models.SET_NULL, null=True, blank=True, related_name="bookings")
    period = DateTimeRangeField("période", default_bounds="[)")
    quantity = models.PositiveIntegerField("quantité", default=1)
    purpose = models.CharField("pour quoi faire", max_length=300)
    people = models.PositiveIntegerField("personnes attendues", null=True, blank=True)
    state = models.CharField("état", max_length=9, choices=State.choices, default=State.REQUESTED)
    held_until = models.DateTimeField("gardée jusqu’au", null=True, blank=True)
    why = models.CharField("raison", max_length=6, choices=Why.choices, blank=True)
    word = models.CharField("mot qui accompagne la réponse", max_length=300, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="bookings_ended"
    )
    handed_at = models.DateTimeField("remis le", null=True, blank=True)
    returned_at = models.DateTimeField("rendu le", null=True, blank=True)
    sequence = models.PositiveSmallIntegerField("révision", default=0)
    asked_at = models.DateTimeField("demandée le", auto_now_add=True)
    answered_at = models.DateTimeField("répondue le", null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = "réservation"
        ordering = ["period", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=["waiting", "requested", "held", "confirmed", "refused", "cancelled", "lapsed"],
                ),
                name="booking_state_known",
                violation_error_message="Une réservation est demandée, acceptée, refusée ou annulée.",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False),
                name="booking_has_a_beginning_and_an_end",
                violation_error_message="La fin de la réservation vient après son début.",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1),
                name="booking_quantity_at_least_one",
                violation_error_message="On réserve au moins un exemplaire.",
            ),
            models.CheckConstraint(
                condition=Q(state="held", held_until__isnull=False) | ~Q(state="held") & Q(held_until__isnull=True),
                name="booking_held_until_a_time",
                violation_error_message="Une place gardée l’est jusqu’à une heure dite.",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(why=""),
                name="booking_refused_for_a_reason",
                violation_error_message="Un refus donne sa raison.",
            ),
            models.CheckConstraint(
                condition=Q(handed_at__isnull=True) | Q(state="confirmed"),
                name="booking_handed_over_once_confirmed",
                violation_error_message="On ne remet que ce qui est accepté.",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True) | Q(handed_at__isnull=False, returned_at__gte=F("handed_at")),
                name="booking_returned_after_it_was_handed_over",
                violation_error_message="Un bien est remis avant d’être rendu.",
            ),
            models.UniqueConstraint(
                fields=["author", "key"],
                name="booking_form_sent_once",
                violation_error_message="Cette demande est déjà partie.",
            ),
        ]
        indexes = [
            GistIndex(fields=["listing", "period"], name="booking_when", opclasses=["gist_int8_ops", "range_ops"]),
            models.Index(fields=["borrower", "state"], name="booking_borrower"),
            models.Index(
                fields=["listing"], name="booking_out", condition=Q(handed_at__isnull=False, returned_at__isnull=True)
            ),
        ]

    def __str__(self):
        return f"réservation n° {self.pk}"

    def get_absolute_url(self):
        return reverse("booking", args=[self.pk])

    @property
    def lender(self):
        return self.listing.structure

    @property
    def when(self):
        return periods.period_said(self.period)

    @property
    def days(self):
        """« samedi 7 novembre », for lists and titles."""
        return periods.short_said(self.period)

    @property
    def is_living(self):
        return self.state in self.LIVING and self.period.upper > timezone.now()

    @property
    def is_out(self):
        return self.handed_at is not None and self.returned_at is None

    @property
    def is_overdue(self):
        return self.is_out and self.period.upper < timezone.now()


class Approval(models.Model):
    """Someone of the lender said yes; a booking that asks for two is confirmed by the second."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="given_approvals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="booking_approvals")
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "accord"
        constraints = [
            models.UniqueConstraint(
                fields=["booking", "person"],
                name="approval_once_a_person",
                violation_error_message="Vous avez déjà accepté\u00a0: il faut l’accord d’une autre personne.",
            )
        ]


class Occupation(models.Model):
    """What a booking, or a closure, takes of one offer: its own, and each of its parts.

    A row exists as long as it takes something: no state to forget. ``period`` holds the time to prepare and to tidy up.
    ``is_single``: there is one of it only, and PostgreSQL itself refuses the second (ADR 0016).
    """

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="occupations")
    booking = models.ForeignKey(Booking, models.CASCADE, related_name="occupations", null=True, blank=True)
    closure = models.ForeignKey(Closure, models.CASCADE, related_name="occupations", null=True, blank=True)
    period = DateTimeRangeField("période", default_bounds="[)")
    quantity = models.PositiveIntegerField("quantité", default=1)
    is_single = models.BooleanField("exemplaire unique")

    class Meta:
        verbose_name = "occupation"
        constraints = [
            ExclusionConstraint(
                name="occupation_never_twice",
                expressions=[("listing", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                condition=Q(is_single=True),
                violation_error_message="Ce bien est déjà pris sur cette période.",
            ),
            models.CheckConstraint(
                condition=Q(booking__isnull=False, closure__isnull=True)
                | Q(booking__isnull=True, closure__isnull=False),
                name="occupation_of_a_booking_or_of_a_closure",
                violation_error_message="Une occupation vient d’une réservation ou d’une fermeture.",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False),
                name="occupation_has_a_beginning_and_an_end",
                violation_error_message="La fin vient après le début.",
            ),
            models.UniqueConstraint(
                fields=["booking", "listing"],
                name="occupation_once_a_booking",
                violation_error_message="Une réservation prend un bien une seule fois.",
            ),
        ]
        indexes = [
            GistIndex(fields=["listing", "period"], name="occupation_when", opclasses=["gist_int8_ops", "range_ops"])
        ]
