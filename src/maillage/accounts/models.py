"""People who have an account."""

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac


class UserQuerySet(models.QuerySet):
    def with_address(self, email):
        """The person who signs in with ``email``, however it is typed, or None."""
        return self.alias(folded=Lower("email")).filter(folded=Lower(models.Value(email.strip()))).first()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email, password=None, **fields):
        user: User = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_agent=True, is_superuser=True, **fields)


@pghistory.track(pghistory.UpdateEvent("update", condition=pghistory.AnyChange("is_agent")), fields=["is_agent"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in with an e-mail address; what links a person to structures is in directory."""

    email = models.EmailField("adresse e-mail")
    name = models.CharField("nom affiché", max_length=120, blank=True)
    is_active = models.BooleanField("compte ouvert", default=True)
    is_agent = models.BooleanField("membre de l’équipe du territoire", default=False)
    hears_of_messages = models.BooleanField("reçoit un e-mail quand on lui écrit", default=True)
    is_demonstration = models.BooleanField("personne inventée pour la démonstration", default=False)
    joined_at = models.DateTimeField("inscription", auto_now_add=True)
    sessions_ended_at = models.DateTimeField("autres appareils déconnectés le", null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        verbose_name = "personne"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="Un compte existe déjà avec cette adresse e-mail.",
            )
        ]

    def __str__(self):
        return self.name or self.email

    def get_session_auth_hash(self):
        """What a session must know to stay signed in: the password, and when other sessions were last ended."""
        known = super().get_session_auth_hash()
        if self.sessions_ended_at is None:
            return known
        return salted_hmac("maillage.accounts.sessions", f"{known}|{self.sessions_ended_at.isoformat()}").hexdigest()


class Identity(models.Model):
    """A person as a provider of OpenID Connect knows them."""

    user = models.ForeignKey(User, models.CASCADE, related_name="identities")
    issuer = models.CharField("fournisseur", max_length=300)
    subject = models.CharField("identifiant", max_length=255)
    linked_at = models.DateTimeField("relié le", auto_now_add=True)

    class Meta:
        verbose_name = "compte relié"
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "subject"],
                name="identity_unique",
                violation_error_message="Ce compte est déjà relié à une personne.",
            )
        ]


class Attempts(models.Model):
    """How many times something was tried of late; whom it concerns is told by a keyed digest only (limits.py)."""

    key = models.BinaryField("empreinte", primary_key=True, max_length=32)
    count = models.PositiveIntegerField("nombre d’essais")
    ends_at = models.DateTimeField("oublié le", db_index=True)

    class Meta:
        verbose_name = "essais"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(count__gt=0),
                name="attempts_count_is_positive",
                violation_error_message="On ne compte que des essais qui ont eu lieu.",
            )
        ]
