"""Opportunities: what structures could do together, found by a run; who takes part, what they answered, and why."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import User
from maillage.conversations.models import Conversation
from maillage.directory.models import Structure
from maillage.sharing.models import Listing

PATIENCE = timedelta(days=60)  # for the other answers, since the last « cela nous intéresse »


class Reason(models.TextChoices):
    """Why an opportunity is declined; what each teaches the next search is in finding/refusals.py."""

    ALREADY_FOUND = "already_found", "Nous avons déjà trouvé"
    TOO_FAR = "too_far", "C’est trop loin"
    NOT_NOW = "not_now", "Ce n’est pas le bon moment"
    NOT_THEM = "not_them", "Pas avec ces associations"
    OTHER = "other", "Une autre raison"


class OpportunityQuerySet(models.QuerySet):
    def living(self):
        """Found, and as true as on the day they were found: no listing changed, ended or went since."""
        return self.filter(state=Opportunity.State.FOUND).exclude(Exists(_outdated_parties()))

    def outdated(self):
        """Found once, no longer true: a run makes them expire, and no page shows them meanwhile."""
        return self.filter(Exists(_outdated_parties()), state=Opportunity.State.FOUND)

    def held(self):
        """Living, and someone said so lately: a run leaves them in place, and their listings aside."""
        lately = Party.objects.filter(answer=Party.Answer.INTERESTED, answered_at__gte=timezone.now() - PATIENCE)
        return self.living().filter(Exists(lately.filter(opportunity=OuterRef("pk"))))


def _outdated_parties():
    return Party.objects.outdated().filter(opportunity=OuterRef("pk"))


class Opportunity(models.Model):
    """What some structures could do together. ``fingerprint`` tells it from the others: its kind and its listings.

    figures  the numbers behind the sentence: {"days": 3} for a job, {"quantity": 400, "cents": 90000} for a purchase
    """

    class Kind(models.TextChoices):
        CIRCLE = "circle", "cercle d’échange"
        CHAIN = "chain", "chaîne d’entraide"
        JOB = "job", "emploi partagé"
        PURCHASE = "purchase", "achat groupé"
        EQUIPMENT = "equipment", "matériel à plusieurs"

    class State(models.TextChoices):
        FOUND = "found", "trouvée"
        AGREED = "agreed", "acceptée par toutes"
        DECLINED = "declined", "refusée"
        EXPIRED = "expired", "périmée"

    EXCHANGES = (Kind.CIRCLE, Kind.CHAIN)

    kind = models.CharField("genre", max_length=9, choices=Kind.choices)
    fingerprint = models.CharField("empreinte", max_length=64)
    value = models.PositiveIntegerField("valeur", help_text="pour les classer : la somme des scores, en millièmes")
    figures = models.JSONField("chiffres", default=dict, blank=True)
    state = models.CharField("état", max_length=8, choices=State.choices, default=State.FOUND)
    found_at = models.DateTimeField("trouvée le")
    seen_at = models.DateTimeField("retrouvée le")
    conversation = models.OneToOneField(
        Conversation, models.SET_NULL, null=True, blank=True, related_name="opportunity", verbose_name="conversation"
    )

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = "occasion"
        ordering = ["-value", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                condition=Q(state="found"),
                name="opportunity_unique_while_alive",
                violation_error_message="Cette occasion est déjà proposée.",
            ),
            models.CheckConstraint(
                condition=Q(seen_at__gte=F("found_at")),
                name="opportunity_seen_after_found",
                violation_error_message="Une occasion n’est pas retrouvée avant d’être trouvée.",
            ),
            models.CheckConstraint(
                condition=Q(conversation__isnull=True) | Q(state="agreed"),
                name="opportunity_conversation_once_agreed",
                violation_error_message="La conversation s’ouvre quand toutes les associations ont dit oui.",
            ),
        ]
        indexes = [models.Index(fields=["state", "kind"], name="opportunity_state")]

    def __str__(self):
        return f"{self.get_kind_display()} n° {self.pk}"

    @property
    def is_exchange(self):
        return self.kind in self.EXCHANGES


class PartyQuerySet(models.QuerySet):
    def outdated(self):
        """Parties whose listings are not what they were when the opportunity was found, or whose structure ended."""
        since, today = F("opportunity__found_at"), timezone.localdate()
        gone = [state for state in Listing.State.values if state != Listing.State.PUBLISHED]
        return self.filter(
            Q(gives__modified_at__gt=since)
            | Q(takes__modified_at__gt=since)
            | Q(gives__state__in=gone)
            | Q(takes__state__in=gone)
            | Q(gives__last_day__lt=today)
            | Q(takes__last_day__lt=today)
            | Q(gives__valid_until__lt=today)
            | Q(takes__valid_until__lt=today)
            | ~Q(structure__state=Structure.State.ACTIVE)
        )

    def seen_by(self, user):
        """Parties that ``user`` acts for; agrees with the permission ``opportunities.see_party``."""
        if user.is_authenticated and user.is_superuser:
            return self.all()
        return self.of_structures_of(user)

    def of_structures_of(self, user):
        return self.filter(structure__in=Structure.objects.acted_for_by(user).values("pk"))

    def living(self):
        return self.filter(opportunity__in=Opportunity.objects.living().values("pk"))

    def agreed(self):
        return self.filter(opportunity__state=Opportunity.State.AGREED)

    def in_vain(self):
        """Those who were interested in what another declined, or in what is no longer true."""
        over = [Opportunity.State.DECLINED, Opportunity.State.EXPIRED]
        outdated = Opportunity.objects.outdated().values("pk")
        gone = Q(opportunity__state__in=over) | Q(opportunity__in=outdated)
        return self.filter(gone, answer=Party.Answer.INTERESTED)


class Party(models.Model):
    """A structure's part in an opportunity, as it alone sees it.

    gives     its offer, in a circle or a chain: what the party after it takes (the last of a circle gives to the first)
    takes     its need
    distance  within how many kilometres its partners are: a step of ``distances.STEPS``
    """

    class Answer(models.TextChoices):
        PENDING = "pending", "en attente"
        INTERESTED = "interested", "intéressée"
        DECLINED = "declined", "pas intéressée"

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="parties")
    structure = models.ForeignKey(Structure, models.PROTECT, related_name="parties")
    position = models.PositiveSmallIntegerField("rang")
    gives = models.ForeignKey(Listing, models.PROTECT, null=True, blank=True, related_name="+")
    takes = models.ForeignKey(Listing, models.PROTECT, null=True, blank=True, related_name="+")
    distance = models.PositiveSmallIntegerField("à moins de, en km")
    answer = models.CharField("réponse", max_length=10, choices=Answer.choices, default=Answer.PENDING)
    reason = models.CharField("raison", max_length=13, choices=Reason.choices, blank=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = "partie d’une occasion"
        verbose_name_plural = "parties d’occasions"
        ordering = ["opportunity", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["opportunity", "structure"],
                name="party_structure_once",
                violation_error_message="Cette structure est déjà de cette occasion.",
            ),
            models.UniqueConstraint(
                fields=["opportunity", "position"],
                name="party_position_once",
                violation_error_message="Deux structures ont le même rang.",
            ),
            models.CheckConstraint(
                condition=Q(gives__isnull=False) | Q(takes__isnull=False),
                name="party_gives_or_takes",
                violation_error_message="Une structure donne ou reçoit quelque chose.",
            ),
            models.CheckConstraint(
                condition=Q(answer="declined") & ~Q(reason="") | ~Q(answer="declined") & Q(reason=""),
                name="party_reason_when_declined",
                violation_error_message="Dites pourquoi cette occasion ne vous convient pas.",
            ),
            models.CheckConstraint(
                condition=Q(answer="pending", answered_at__isnull=True)
                | ~Q(answer="pending") & Q(answered_at__isnull=False),
                name="party_answer_has_its_day",
                violation_error_message="Une réponse a une date.",
            ),
        ]
        indexes = [models.Index(fields=["structure", "answer"], name="party_structure")]

    def __str__(self):
        return f"{self.structure}, {self.get_answer_display()}"

    def get_absolute_url(self):
        return reverse("opportunity", args=[self.pk])

    @property
    def place(self):
        """The listing that says where this party is."""
        return self.takes or self.gives


class Refusal(models.Model):
    """What a declined opportunity teaches: a listing that is not to be brought near a partner, or set aside.

    partner      with whom never again for this listing; None: anyone, as the reason says, until the listing changes
    distance_km  for « trop loin »: from which distance
    """

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="refusals")
    partner = models.ForeignKey(Structure, models.CASCADE, null=True, blank=True, related_name="+")
    reason = models.CharField("raison", max_length=13, choices=Reason.choices)
    distance_km = models.FloatField("distance refusée, en km", null=True, blank=True)
    refused_at = models.DateTimeField("refusé le", default=timezone.now)

    class Meta:
        verbose_name = "refus"
        verbose_name_plural = "refus"
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "partner"],
                nulls_distinct=False,
                name="refusal_pair_once",
                violation_error_message="Ce refus est déjà gardé.",
            ),
            models.CheckConstraint(
                condition=Q(distance_km__isnull=True) | Q(reason="too_far", partner__isnull=True, distance_km__gte=0),
                name="refusal_distance_when_too_far",
                violation_error_message="Seul un refus pour la distance en garde une.",
            ),
        ]


class QuestionQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(answered_at=None)


class Question(models.Model):
    """What a party asks the territory's team about its opportunity; asking shows the team who asks, not the others."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="questions")
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField("question", max_length=2000)
    asked_at = models.DateTimeField("posée le", default=timezone.now)
    answer = models.TextField("réponse", max_length=4000, blank=True)
    answered_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "question"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="question_has_text",
                violation_error_message="Écrivez votre question.",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="") | Q(answered_at__isnull=False, answer__regex=r"\S"),
                name="question_answer_has_its_day",
                violation_error_message="Une réponse a un texte et une date.",
            ),
        ]


class RunQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(state__in=Run.UNFINISHED)


class Run(models.Model):
    """One search of the whole territory: who asked, how far it is, what it found ({"circle": 4, "expired": 2…})."""

    class State(models.TextChoices):
        WAITING = "waiting", "en attente"
        RUNNING = "running", "en cours"
        DONE = "done", "terminée"
        FAILED = "failed", "interrompue"

    UNFINISHED = (State.WAITING, State.RUNNING)

    state = models.CharField("état", max_length=7, choices=State.choices, default=State.WAITING)
    percent = models.PositiveSmallIntegerField("avancement, en %", default=0)
    counts = models.JSONField("ce qu’elle a trouvé", default=dict, blank=True)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField("demandée le", auto_now_add=True)
    started_at = models.DateTimeField("commencée le", null=True, blank=True)
    ended_at = models.DateTimeField("terminée le", null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = "recherche d’occasions"
        verbose_name_plural = "recherches d’occasions"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                models.Value(1),
                condition=Q(state__in=["waiting", "running"]),
                name="run_one_at_a_time",
                violation_error_message="Une recherche est déjà en cours.",
            ),
            models.CheckConstraint(
                condition=Q(percent__lte=100),
                name="run_percent_at_most_100",
                violation_error_message="L’avancement va de 0 à 100\u00a0%.",
            ),
        ]
