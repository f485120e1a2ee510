"""Missions that one association organises, and the volunteers who accept them personally."""

import pghistory
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import User
from maillage.directory.models import Mandate, Structure
from maillage.sharing.models import Listing
from maillage.territory.models import Commune

MOST_PLACES = 500


class MissionQuerySet(models.QuerySet):
    def published(self):
        return self.filter(state=Mission.State.PUBLISHED, structure__state=Structure.State.ACTIVE)

    def to_come(self):
        """Published, and not over: one may still accept those that have a place left."""
        return self.published().filter(last_day__gte=timezone.localdate())

    def open(self):
        """Neither over nor cancelled: what ends with the association that organises."""
        to_come = self.filter(last_day__gte=timezone.localdate())
        return to_come.exclude(state=Mission.State.CANCELLED)

    def with_left(self):
        """Each with how many of its places are ``left``."""
        taken = Count("engagements", filter=Q(engagements__state=Engagement.State.ACCEPTED))
        return self.annotate(left=F("places") - taken)

    def visible_to(self, user):
        """Missions that ``user`` may see; agrees with the permission ``volunteering.see_mission``."""
        seen = Mission.Visibility
        if not user.is_authenticated:
            return self.published().filter(visibility=seen.EVERYONE)
        mine = Structure.objects.acted_for_by(user).values("pk")
        is_member = user.is_agent or Mandate.objects.current().filter(user=user).exists()
        shown = [seen.EVERYONE, seen.MEMBERS] if is_member else [seen.EVERYONE]
        return self.filter(
            Q(structure__in=mine)
            | Q(pk__in=Engagement.objects.of(user).values("mission"), published_at__isnull=False)
            | Q(pk__in=MissionPartner.objects.filter(structure__in=mine).values("mission"), published_at__isnull=False)
            | Q(pk__in=Mission.objects.published().filter(visibility__in=shown).values("pk"))
        )

    def edited_by(self, user):
        """Agrees with the permission ``volunteering.edit_mission``."""
        return self.filter(structure__in=Structure.objects.acted_for_by(user).active().values("pk"))


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Mission(models.Model):
    """What one association asks of volunteers, under its own insurance: nobody lends a volunteer to anybody.

    terms_at  when what a volunteer accepts last changed: tasks, place, days, hours, insurance, organiser
    """

    class State(models.TextChoices):
        DRAFT = "draft", "brouillon"
        PUBLISHED = "published", "publiée"
        CANCELLED = "cancelled", "annulée"

    class Visibility(models.TextChoices):
        EVERYONE = "everyone", "tout le monde"
        MEMBERS = "members", "les associations inscrites"
        INVITED = "invited", "les personnes invitées seulement"

    TERMS = ("title", "tasks", "commune", "place", "first_day", "last_day", "hours", "insurer", "policy")

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="missions", verbose_name="organisatrice")
    partners = models.ManyToManyField(Structure, through="MissionPartner", related_name="partner_missions", blank=True)
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    listing = models.ForeignKey(Listing, models.SET_NULL, null=True, blank=True, related_name="missions")
    title = models.CharField("titre", max_length=120)
    tasks = models.TextField("tâches", max_length=3000, blank=True, validators=[MaxLengthValidator(3000)])
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="missions")
    place = models.CharField("lieu", max_length=200, blank=True)
    first_day = models.DateField("premier jour")
    last_day = models.DateField("dernier jour")
    hours = models.CharField("horaires", max_length=200, blank=True)
    places = models.PositiveSmallIntegerField(
        "nombre de bénévoles", default=1, validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)]
    )
    insurer = models.CharField("assureur", max_length=120, blank=True)
    policy = models.CharField("numéro de contrat", max_length=60, blank=True)
    contact_role = models.CharField("à qui s’adresser", max_length=120, blank=True)
    contact_phone = models.CharField("téléphone du contact", max_length=20, blank=True)
    visibility = models.CharField("visible par", max_length=8, choices=Visibility.choices, default=Visibility.EVERYONE)
    state = models.CharField("état", max_length=9, choices=State.choices, default=State.DRAFT)
    terms_at = models.DateTimeField("conditions du", default=timezone.now)
    published_at = models.DateTimeField("publiée le", null=True, blank=True)
    cancelled_because = models.CharField("raison de l’annulation", max_length=300, blank=True)

    objects = MissionQuerySet.as_manager()

    class Meta:
        verbose_name = "mission"
        ordering = ["first_day", "title", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published") | Q(insurer__regex=r"\S", policy__regex=r"\d"),
                name="mission_published_is_insured",
                violation_error_message="Sans assureur et sans numéro de contrat, une mission ne se publie pas.",
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(
                    title__regex=r"\S",
                    tasks__regex=r"\S",
                    place__regex=r"\S",
                    hours__regex=r"\S",
                    contact_role__regex=r"\S",
                ),
                name="mission_published_is_told",
                violation_error_message=(
                    "Une mission publiée dit ses tâches, son lieu, ses horaires et à qui s’adresser."
                ),
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="cancelled") | Q(published_at__isnull=False),
                name="mission_publication_is_dated",
                violation_error_message="Une mission publiée a une date de publication.",
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="mission_ends_after_it_starts",
                violation_error_message="Le dernier jour est avant le premier.",
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1, places__lte=MOST_PLACES),
                name="mission_has_places",
                violation_error_message=f"Une mission est pour 1 à {MOST_PLACES}\u00a0bénévoles.",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_because__regex=r"\S")
                | ~Q(state="cancelled") & Q(cancelled_because=""),
                name="mission_cancelled_says_why",
                violation_error_message="Dites aux bénévoles pourquoi la mission est annulée.",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("mission", args=[self.pk])

    @property
    def is_published(self):
        return self.state == self.State.PUBLISHED

    @property
    def is_over(self):
        return self.last_day < timezone.localdate()

    @property
    def is_insured(self):
        return bool(self.insurer.strip()) and any(sign.isdigit() for sign in self.policy)


class MissionPartner(models.Model):
    """A structure that takes part in a mission: it may invite its own volunteers, and answers for nothing else."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="partnerships")
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="partnerships")

    class Meta:
        verbose_name = "partenaire d’une mission"
        verbose_name_plural = "partenaires d’une mission"
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "structure"],
                name="mission_partner_once",
                violation_error_message="Cette association est déjà partenaire de la mission.",
            ),
        ]


class EngagementQuerySet(models.QuerySet):
    def of(self, user):
        """Those of ``user``, and those that an invitation to their address waits for."""
        return self.filter(Q(user=user) | Q(email__iexact=user.email))

    def accepted(self):
        return self.filter(state=Engagement.State.ACCEPTED)

    def invited(self):
        return self.filter(state=Engagement.State.INVITED)


class Engagement(models.Model):
    """A volunteer and a mission: invited by an address, then a person, who accepts, declines or withdraws alone.

    The link between a person and an association is private: its team and the person see it, nobody else.
    email       the address that was invited, forgotten with the answer
    invited_by  the association that invites, organiser or partner; None for who came alone
    terms_at    of the mission, as the person read it when accepting
    """

    class State(models.TextChoices):
        INVITED = "invited", "invitation en attente"
        ACCEPTED = "accepted", "acceptée"
        DECLINED = "declined", "déclinée"
        WITHDRAWN = "withdrawn", "retirée"

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="engagements")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="engagements")
    email = models.EmailField("adresse e\u2011mail invitée", blank=True)
    invited_by = models.ForeignKey(Structure, models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField("réponse", max_length=9, choices=State.choices, default=State.INVITED)
    made_at = models.DateTimeField("faite le", default=timezone.now)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)
    terms_at = models.DateTimeField("conditions acceptées", null=True, blank=True)

    objects = EngagementQuerySet.as_manager()

    class Meta:
        verbose_name = "engagement bénévole"
        verbose_name_plural = "engagements bénévoles"
        ordering = ["made_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "user"],
                name="engagement_once",
                violation_error_message="Cette personne est déjà liée à la mission.",
            ),
            models.UniqueConstraint(
                "mission",
                models.functions.Lower("email"),
                condition=~Q(email=""),
                name="engagement_invited_once",
                violation_error_message="Cette adresse est déjà invitée.",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", user__isnull=False, terms_at__isnull=False)
                | ~Q(state="accepted") & Q(terms_at__isnull=True),
                name="engagement_accepted_by_someone",
                violation_error_message="Seule une personne accepte une mission, après l’avoir lue.",
            ),
            models.CheckConstraint(
                condition=Q(state="invited", answered_at__isnull=True, email__regex=r"\S")
                | ~Q(state="invited") & Q(answered_at__isnull=False, email=""),
                name="engagement_answer_is_dated",
                violation_error_message="Une réponse a une date, et l’adresse invitée est alors oubliée.",
            ),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"

    @property
    def is_accepted(self):
        return self.state == self.State.ACCEPTED

    @property
    def is_outdated(self):
        """Whether the mission changed since it was accepted."""
        return self.is_accepted and self.terms_at != self.mission.terms_at
