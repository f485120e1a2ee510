"""Conversations: what structures write to each other, whoever acts for them."""

from uuid import uuid4

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import User
from maillage.directory.models import Structure
from maillage.engine.french import NBSP, number_fr


class ConversationQuerySet(models.QuerySet):
    def read_by(self, user):
        """Conversations that ``user`` reads; agrees with the permission ``conversations.read_conversation``."""
        if user.is_authenticated and user.is_superuser:
            return self.all()
        mine = Structure.objects.acted_for_by(user).values("pk")
        return self.filter(pk__in=Participant.objects.filter(structure__in=mine).values("conversation"))

    def with_unread(self, user):
        """With ``unread``: how many messages of others ``user`` has not marked as read."""
        unread = Message.objects.unread_by(user).filter(conversation=OuterRef("pk"))
        counted = unread.order_by().values("conversation").annotate(count=Count("pk"))
        return self.annotate(unread=Coalesce(Subquery(counted.values("count")), 0))

    def latest_first(self):
        """With ``latest_at``: when the last message was sent, or when the conversation opened."""
        latest = Coalesce(models.Max("messages__sent_at"), "opened_at")
        return self.annotate(latest_at=latest).order_by("-latest_at", "-pk")


class Conversation(models.Model):
    """A thread between structures: those who act for one of them read it and write in its name."""

    subject = models.CharField("sujet", max_length=160)
    structures = models.ManyToManyField(Structure, through="Participant", related_name="conversations")
    opened_at = models.DateTimeField("ouverte le", default=timezone.now)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = "conversation"
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__regex=r"\S"),
                name="conversation_has_subject",
                violation_error_message="Donnez un sujet à la conversation.",
            )
        ]

    def __str__(self):
        return self.subject

    def get_absolute_url(self):
        return reverse("conversation", args=[self.pk])


class Participant(models.Model):
    """A structure that takes part in a conversation."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="participants")
    structure = models.ForeignKey(Structure, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "participante"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "structure"],
                name="participant_unique",
                violation_error_message="Cette structure prend déjà part à la conversation.",
            )
        ]


class MessageQuerySet(models.QuerySet):
    def unread_by(self, user):
        """Messages of others, after the last that ``user`` has marked as read in their conversation."""
        marked = ReadingMark.objects.filter(user=user, conversation=OuterRef("conversation")).values("message")
        mine = Structure.objects.acted_for_by(user).values("pk")
        return self.filter(pk__gt=Coalesce(Subquery(marked), 0)).exclude(structure__in=mine)


class Message(models.Model):
    """What someone wrote in the name of a structure; without a structure, Maillage itself speaks."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    structure = models.ForeignKey(Structure, models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField("message", max_length=4000, validators=[MaxLengthValidator(4000)])
    sent_at = models.DateTimeField("envoyé le", default=timezone.now)
    withdrawn_at = models.DateTimeField("retiré le", null=True, blank=True)
    key = models.UUIDField("clé du formulaire", null=True, blank=True, unique=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "message"
        ordering = ["sent_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(text__regex=r"\S"),
                name="message_has_text",
                violation_error_message="Écrivez votre message.",
            ),
            models.CheckConstraint(
                condition=Q(structure__isnull=False) | Q(author__isnull=True),
                name="message_author_has_structure",
                violation_error_message="Une personne écrit au nom d’une structure.",
            ),
        ]
        indexes = [models.Index(fields=["conversation", "sent_at"], name="message_thread")]


def some_path(instance, filename):
    """A path that says nothing and cannot be guessed."""
    return f"conversations/{timezone.localdate():%Y/%m}/{uuid4().hex}"


class Attachment(models.Model):
    """A file joined to a message: checked and named by ``files.clean_file``, read by those who read the message."""

    class Kind(models.TextChoices):
        WEBP = "webp", "image"
        PDF = "pdf", "PDF"
        ODT = "odt", "document"
        DOCX = "docx", "document Word"
        ODS = "ods", "tableau"
        XLSX = "xlsx", "tableau Excel"
        TXT = "txt", "texte"
        CSV = "csv", "tableau"

    message = models.ForeignKey(Message, models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField("rang")
    name = models.CharField("nom", max_length=120)
    kind = models.CharField("genre", max_length=4, choices=Kind.choices)
    size = models.PositiveIntegerField("poids, en octets")
    file = models.FileField("fichier", upload_to=some_path)

    class Meta:
        verbose_name = "fichier joint"
        verbose_name_plural = "fichiers joints"
        ordering = ["message", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "position"],
                name="attachment_position_once",
                violation_error_message="Deux fichiers ont le même rang.",
            ),
            models.CheckConstraint(
                condition=Q(position__range=(1, 3)),
                name="attachment_three_at_most",
                violation_error_message="Un message porte trois fichiers au plus.",
            ),
            models.CheckConstraint(
                condition=Q(size__range=(1, 10 * 2**20)),
                name="attachment_weight",
                violation_error_message="Un fichier pèse 10\u00a0Mo au plus.",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("attachment", args=[self.pk])

    @property
    def described(self):
        """« PDF, 240 ko »."""
        kilobytes = self.size / 1000
        light = f"{number_fr(max(1, round(kilobytes)))}{NBSP}ko"
        weight = light if kilobytes < 1000 else f"{number_fr(round(kilobytes / 1000, 1))}{NBSP}Mo"
        return f"{self.get_kind_display()}, {weight}"


class ReadingMark(models.Model):
    """How far someone has read a conversation: ``message`` and all those before it."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "marque de lecture"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "conversation"],
                name="reading_mark_unique",
                violation_error_message="Cette personne a déjà une marque dans cette conversation.",
            )
        ]


class Block(models.Model):
    """``structure`` wants no message of ``blocked`` in conversations of two."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="+")
    blocked = models.ForeignKey(Structure, models.CASCADE, related_name="+")
    since = models.DateTimeField("depuis", default=timezone.now)

    class Meta:
        verbose_name = "blocage"
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "blocked"],
                name="block_unique",
                violation_error_message="Cette structure est déjà bloquée.",
            ),
            models.CheckConstraint(
                condition=~Q(structure=F("blocked")),
                name="block_not_oneself",
                violation_error_message="Une structure ne se bloque pas elle-même.",
            ),
        ]


class ReportQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(decision=Report.Decision.NONE)


class Report(models.Model):
    """A message shown to the territory's team by someone who received it: that message alone, not the thread."""

    class Reason(models.TextChoices):
        INSULT = "insult", "insulte, menace ou discrimination"
        SCAM = "scam", "arnaque ou demande d’argent"
        ADVERTISING = "advertising", "publicité"
        PERSONAL = "personal", "données personnelles"
        OTHER = "other", "autre chose"

    class Decision(models.TextChoices):
        NONE = "", "à examiner"
        KEPT = "kept", "message laissé"
        WITHDRAWN = "withdrawn", "message retiré"

    message = models.ForeignKey(Message, models.CASCADE, related_name="reports")
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="+", verbose_name="signalé par")
    reported_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField("raison", max_length=12, choices=Reason.choices)
    reported_at = models.DateTimeField("signalé le", default=timezone.now)
    decision = models.CharField("décision", max_length=9, choices=Decision.choices, blank=True, default=Decision.NONE)
    decided_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("décidé le", null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = "signalement"
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "structure"],
                name="report_unique",
                violation_error_message="Votre association a déjà signalé ce message.",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_at__isnull=True) | (~Q(decision="") & Q(decided_at__isnull=False)),
                name="report_decision_is_dated",
                violation_error_message="Une décision a une date.",
            ),
        ]
