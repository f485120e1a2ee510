"""Conversations: what structures write to each other, whoever acts for them."""

from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import User
from maillage.directory.models import Structure


class ConversationQuerySet(models.QuerySet):
    def read_by(self, user):
        """Conversations that ``user`` reads; agrees with the permission ``conversations.read_conversation``."""
        if user.is_authenticated and user.is_superuser:
            return self.all()
        mine = Structure.objects.acted_for_by(user).values("pk")
        return self.filter(pk__in=Participant.objects.filter(structure__in=mine).values("conversation"))

    def latest_first(self):
        """With ``latest_at``: when the last message was sent, or when the conversation opened."""
        latest = models.functions.Coalesce(models.Max("messages__sent_at"), "opened_at")
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


class Message(models.Model):
    """What someone wrote in the name of a structure; without a structure, Maillage itself speaks."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    structure = models.ForeignKey(Structure, models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField("message", max_length=4000, validators=[MaxLengthValidator(4000)])
    sent_at = models.DateTimeField("envoyé le", default=timezone.now)

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
