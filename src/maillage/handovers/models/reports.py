"""Reports of hand-overs and returns: what both sides saw when a lent thing changed hands."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from maillage.sharing.models import Booking


class Side(models.TextChoices):
    """The two structures of a booking, whatever becomes of them."""

    LENDER = "lender", "association qui prête"
    BORROWER = "borrower", "association qui emprunte"


class ConditionReport(models.Model):
    """One side's report of a hand-over or of a return, and what the other side says of it.

    handed        of a return: the hand-over that it answers
    condition     wear is not damage: the borrower answers for the second alone (Code civil, art. 1880 and 1884)
    known_defects what the lender knows is wrong, shown before the hand-over (art. 1891)
    missing       of a return: how many will not come back
    side          whose report it is; the other side answers
    """

    class Kind(models.TextChoices):
        HANDED = "handed", "remise"
        RETURNED = "returned", "retour"

    class Condition(models.TextChoices):
        NEW = "new", "comme neuf"
        GOOD = "good", "bon état"
        WORN = "worn", "usure normale"
        DAMAGED = "damaged", "abîmé"
        BROKEN = "broken", "ne marche pas"

    DAMAGE = (Condition.DAMAGED, Condition.BROKEN)

    class Answer(models.TextChoices):
        AGREED = "agreed", "d’accord"
        DISAGREED = "disagreed", "pas d’accord"

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="condition_reports")
    kind = models.CharField("genre", max_length=8, choices=Kind.choices)
    handed = models.ForeignKey("self", models.CASCADE, related_name="returns", null=True, blank=True)
    at = models.DateTimeField("le")
    condition = models.CharField("état", max_length=7, choices=Condition.choices)
    words = models.TextField("précisions", max_length=1000, blank=True)
    quantity = models.PositiveIntegerField("combien", default=1)
    missing = models.PositiveIntegerField("ne reviendront pas", default=0)
    known_defects = models.TextField("défauts connus", max_length=1000, blank=True)
    defects_shown = models.BooleanField("défauts montrés", default=False)
    gave = models.CharField("qui a donné", max_length=120)
    received = models.CharField("qui a reçu", max_length=120)
    side = models.CharField("écrit par", max_length=8, choices=Side.choices)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="condition_reports")
    key = models.UUIDField("clé du formulaire", null=True, blank=True, help_text="envoyé deux fois, il en fait un")
    answer = models.CharField("réponse", max_length=9, choices=Answer.choices, blank=True)
    answer_words = models.TextField("ce que dit l’autre association", max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="condition_reports_answered"
    )
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)

    class Meta:
        verbose_name = "état à la remise ou au retour"
        verbose_name_plural = "états aux remises et aux retours"
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(kind="handed"),
                name="condition_report_once_a_booking",
                violation_error_message="La remise de ce bien est déjà notée.",
            ),
            models.CheckConstraint(
                condition=Q(kind="handed", handed__isnull=True) | Q(kind="returned", handed__isnull=False),
                name="condition_report_before_its_return",
                violation_error_message="Un bien est remis avant d’être rendu.",
            ),
            models.CheckConstraint(
                condition=Q(condition__in=["new", "good", "worn", "damaged", "broken"]),
                name="condition_report_condition_known",
                violation_error_message="Choisissez l’état du bien dans la liste.",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1) | Q(kind="returned", missing__gte=1),
                name="condition_report_of_something",
                violation_error_message="On remet ou rend au moins un exemplaire.",
            ),
            models.CheckConstraint(
                condition=Q(kind="returned") | Q(missing=0),
                name="condition_report_missing_at_the_return",
                violation_error_message="Ce qui manque se note au retour.",
            ),
            models.CheckConstraint(
                condition=Q(known_defects="") | Q(defects_shown=True),
                name="condition_report_defects_shown",
                violation_error_message="Les défauts connus se montrent avant la remise.",
            ),
            models.CheckConstraint(
                condition=Q(condition__in=["new", "good", "worn"]) | Q(words__regex=r"\S"),
                name="condition_report_damage_in_words",
                violation_error_message="Dites ce qui est abîmé ou ne marche pas.",
            ),
            models.CheckConstraint(
                condition=Q(side__in=["lender", "borrower"]) & ~Q(gave="") & ~Q(received=""),
                name="condition_report_between_two_people",
                violation_error_message="Écrivez qui a donné le bien et qui l’a reçu.",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True)
                | Q(answer="agreed", answered_at__isnull=False)
                | Q(answer="disagreed", answered_at__isnull=False, answer_words__regex=r"\S"),
                name="condition_report_disagreement_in_words",
                violation_error_message="Dites ce qui ne va pas dans ce qui est écrit.",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True) | Q(answered_at__gte=F("at")),
                name="condition_report_answered_after_it_was_written",
                violation_error_message="La réponse vient après la remise ou le retour.",
            ),
            models.UniqueConstraint(
                fields=["author", "key"],
                name="condition_report_form_sent_once",
                violation_error_message="C’est déjà noté.",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} de «\u00a0{self.booking.listing}\u00a0»"

    def get_absolute_url(self):
        return f"{reverse('loan', args=[self.booking_id])}#etat-{self.pk}"

    @property
    def is_damaged(self):
        return self.condition in self.DAMAGE

    @property
    def waits_for(self):
        """The Side that has not yet said whether it agrees; None once it has."""
        if self.answer:
            return None
        return Side.BORROWER if self.side == Side.LENDER else Side.LENDER

    @property
    def structure(self):
        """Whose report it is."""
        return self.booking.lender if self.side == Side.LENDER else self.booking.borrower

    @property
    def other_structure(self):
        return self.booking.borrower if self.side == Side.LENDER else self.booking.lender


def some_path(instance, filename):
    """A path that says nothing and cannot be guessed."""
    return f"handovers/{timezone.localdate():%Y/%m}/{uuid4().hex}.webp"


class ConditionPhoto(models.Model):
    """Pixels alone, as ``sharing.photos`` makes them; seen by the two structures of the booking."""

    report = models.ForeignKey(ConditionReport, models.CASCADE, related_name="photos")
    position = models.PositiveSmallIntegerField("rang")
    image = models.ImageField("photo", upload_to=some_path)

    class Meta:
        verbose_name = "photo d’une remise"
        verbose_name_plural = "photos des remises"
        ordering = ["report", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "position"],
                name="condition_report_photo_position_once",
                violation_error_message="Deux photos ont le même rang.",
            ),
            models.CheckConstraint(
                condition=Q(position__range=(1, 6)),
                name="condition_report_six_photos_at_most",
                violation_error_message="Six photos au plus montrent l’état d’un bien.",
            ),
        ]

    def __str__(self):
        return f"photo {self.position}"

    def get_absolute_url(self):
        return reverse("report-photo", args=[self.pk])
