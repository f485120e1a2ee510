"""Places where associations meet and find help; what visitors report about them; the files they were imported from."""

from datetime import timedelta

import pghistory
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.models import User
from maillage.engine import hours
from maillage.places import kinds
from maillage.territory.models import Commune
from maillage.territory.points import point

STAYS_VERIFIED = timedelta(days=365)


class PlaceQuerySet(models.QuerySet):
    def published(self):
        return self.filter(is_published=True)

    def visible_to(self, user):
        """Places that ``user`` may see; agrees with the predicate ``places.see_place``."""
        return self.all() if user.is_authenticated and user.is_agent else self.published()

    def supporting(self):
        """Places whose work is to help associations."""
        return self.filter(kind__in=kinds.SUPPORT)

    def open_on(self, day):
        """Places that open on this day of the week (0 = Monday)."""
        return self.filter(hours__contains=[{"day": day}])

    def to_verify(self):
        """Never verified, or not for a year."""
        a_year_ago = timezone.localdate() - STAYS_VERIFIED
        return self.filter(Q(verified_on__isnull=True) | Q(verified_on__lt=a_year_ago))


def _no_hour(path):
    """Whether no entry of ``hours`` answers a jsonpath filter."""
    return Func(
        F("hours"),
        template=f"NOT jsonb_path_exists(%(expressions)s, '$[*] ? ({path})'::jsonpath)",
        output_field=models.BooleanField(),
    )


_WRONG_HOUR = (
    '!(@.day.type() == "number") || @.day < 0 || @.day > 6 || !(@.start.type() == "number") || '
    '!(@.end.type() == "number") || @.start < 0 || @.end > 1440 || @.start >= @.end'
)


@pghistory.track()
class Place(models.Model):
    """``kind`` is a code of places/kinds.py; without an exact point, the coordinates are those of the commune."""

    kind = models.CharField("sorte de lieu", max_length=24, choices=kinds.CHOICES)
    name = models.CharField("nom", max_length=160)
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="places")
    address = models.CharField("adresse", max_length=200, blank=True)
    latitude = models.FloatField("latitude")
    longitude = models.FloatField("longitude")
    is_exact = models.BooleanField("position exacte", default=False)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    email = models.EmailField("e\u2011mail", blank=True)
    website = models.URLField("site internet", max_length=300, blank=True)
    hours = models.JSONField(
        "horaires", default=list, blank=True, help_text='[{"day": 0, "start": 540, "end": 720}, …]'
    )
    hours_note = models.CharField("précision sur les horaires", max_length=400, blank=True)
    contact_role = models.CharField("qui demander", max_length=120, blank=True)
    contact_name = models.CharField("nom de la personne", max_length=120, blank=True)
    contact_agreed_on = models.DateField("accord de la personne, donné le", null=True, blank=True)
    accessibility = models.CharField("accessibilité", max_length=400, blank=True)
    source = models.CharField("source", max_length=160)
    source_key = models.CharField("clé dans la source", max_length=200, null=True, blank=True, editable=False)
    verified_on = models.DateField("vérifié le", null=True, blank=True)
    is_published = models.BooleanField("publié", default=True)
    is_demonstration = models.BooleanField("lieu inventé pour la démonstration", default=False)
    modified_at = models.DateTimeField(auto_now=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "lieu"
        verbose_name_plural = "lieux"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""), name="place_has_name", violation_error_message="Donnez un nom au lieu."
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[code for code, _ in kinds.CHOICES]),
                name="place_kind_exists",
                violation_error_message="Choisissez la sorte de lieu dans la liste.",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="place_has_source",
                violation_error_message="Dites d’où vient cette information.",
            ),
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="place_coordinates_on_earth",
                violation_error_message="Les coordonnées du lieu sont hors de la Terre.",
            ),
            models.CheckConstraint(
                condition=Q(contact_name="", contact_agreed_on__isnull=True)
                | ~Q(contact_name="") & Q(contact_agreed_on__isnull=False),
                name="place_person_agreed",
                violation_error_message="Le nom d’une personne se publie avec la date de son accord, ou pas du tout.",
            ),
            models.CheckConstraint(
                condition=_no_hour(_WRONG_HOUR),
                name="place_hours_in_order",
                violation_error_message="Dans les horaires, chaque fin vient après son début, du lundi au dimanche.",
            ),
            models.UniqueConstraint(
                fields=["source", "source_key"],
                name="place_source_key_unique",
                violation_error_message="Cette source a déjà un lieu sous cette clé.",
            ),
        ]
        indexes = [
            GistIndex(point(), name="place_point"),
            models.Index(fields=["kind"], name="place_kind", condition=Q(is_published=True)),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("place", args=[self.pk])

    @property
    def nature(self):
        """The Kind of this place."""
        return kinds.BY_CODE[self.kind]

    @property
    def spans(self):
        """The opening hours as ``engine.hours`` takes them."""
        return [(entry["day"], entry["start"], entry["end"]) for entry in self.hours]

    @property
    def hours_said(self):
        return hours.sentences(self.spans)

    def opening_said(self, moment):
        """« Ouvert, jusqu’à 12 h »; "" without hours. ``moment`` is aware."""
        return hours.opening_said(self.spans, timezone.localtime(moment))

    def is_stale(self, today):
        return self.verified_on is None or self.verified_on < today - STAYS_VERIFIED


def stored_hours(spans):
    """Spans of ``engine.hours`` as ``Place.hours`` keeps them."""
    return [{"day": day, "start": start, "end": end} for day, start, end in hours.week(spans)]


class PlaceReportQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(handled_at__isnull=True)


class PlaceReport(models.Model):
    """Someone says that a page is wrong; who, when they were signed in, is kept until they are told what came of it."""

    class Subject(models.TextChoices):
        HOURS = "hours", "les horaires"
        CONTACT = "contact", "le téléphone, l’e\u2011mail ou le site"
        ADDRESS = "address", "l’adresse ou la position"
        CLOSED = "closed", "le lieu n’existe plus"
        OTHER = "other", "autre chose"

    place = models.ForeignKey(Place, models.CASCADE, related_name="reports")
    subject = models.CharField("ce qui est faux", max_length=8, choices=Subject.choices)
    text = models.CharField("précision", max_length=600, blank=True)
    reported_at = models.DateTimeField("signalé le", auto_now_add=True)
    reported_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    handled_at = models.DateTimeField("traité le", null=True, blank=True)
    handled_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = PlaceReportQuerySet.as_manager()

    class Meta:
        verbose_name = "erreur signalée sur un lieu"
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(subject__in=["hours", "contact", "address", "closed", "other"]),
                name="place_report_subject_exists",
                violation_error_message="Dites ce qui est faux sur cette page.",
            ),
            models.CheckConstraint(
                condition=~Q(subject="other") | ~Q(text=""),
                name="place_report_other_says_what",
                violation_error_message="Dites en quelques mots ce qui est faux.",
            ),
            models.CheckConstraint(
                condition=Q(handled_by__isnull=True) | Q(handled_at__isnull=False),
                name="place_report_handled_once",
                violation_error_message="Un signalement traité porte la date de son traitement.",
            ),
            models.CheckConstraint(
                condition=Q(reported_by__isnull=True) | Q(handled_at__isnull=True),
                name="place_report_forgets_who",
                violation_error_message="Un signalement traité ne garde pas qui l’a fait.",
            ),
            models.UniqueConstraint(
                fields=["place", "subject", "text"],
                condition=Q(handled_at__isnull=True),
                name="place_report_said_once",
                violation_error_message="Cette erreur est déjà signalée. Merci\u00a0!",
            ),
        ]


class PlaceImport(models.Model):
    """A table of places handed over: kept until it is confirmed, then what it did, so that it can be undone."""

    class State(models.TextChoices):
        WAITING = "waiting", "à confirmer"
        DONE = "done", "fait"
        UNDONE = "undone", "défait"

    file_name = models.CharField("fichier", max_length=255)
    source = models.CharField("source", max_length=160)
    content = models.BinaryField("contenu", default=b"", help_text="oublié une fois l’import fait")
    state = models.CharField("état", max_length=7, choices=State.choices, default=State.WAITING)
    counts = models.JSONField("nombre de lignes par suite donnée", default=dict)
    asked_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField("demandé le", auto_now_add=True)
    done_at = models.DateTimeField("fait le", null=True, blank=True)
    undone_at = models.DateTimeField("défait le", null=True, blank=True)
    undone_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "import de lieux"
        verbose_name_plural = "imports de lieux"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(source=""),
                name="place_import_has_source",
                violation_error_message="Dites d’où vient ce fichier.",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", done_at__isnull=True, undone_at__isnull=True)
                | Q(state="done", done_at__isnull=False, undone_at__isnull=True)
                | Q(state="undone", done_at__isnull=False, undone_at__isnull=False),
                name="place_import_dates_fit_state",
                violation_error_message="Un import est fait avant d’être défait, et chacun porte sa date.",
            ),
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("place-import", args=[self.pk])


class PlaceImportLine(models.Model):
    """What a line of an import did, and what it read: ``before`` and ``after`` hold the facts that it changed.

    Of an import that waits, what it would have done when the file was handed over.

    ``corrected``, once the import is undone, holds what the file said of facts that someone corrected: the same file
    again leaves them alone.
    """

    class Outcome(models.TextChoices):
        CREATED = "created", "ajouté"
        UPDATED = "updated", "mis à jour"
        UNCHANGED = "unchanged", "inchangé"
        LEFT_ASIDE = "left_aside", "laissé de côté"

    place_import = models.ForeignKey(PlaceImport, models.CASCADE, related_name="lines")
    line_number = models.PositiveIntegerField("ligne")
    name = models.CharField("nom", max_length=160, blank=True)
    outcome = models.CharField("suite donnée", max_length=10, choices=Outcome.choices)
    reason = models.CharField("raison", max_length=200, blank=True)
    notes = models.JSONField("remarques", default=list)
    place = models.ForeignKey(Place, models.SET_NULL, null=True, blank=True, related_name="import_lines")
    facts = models.JSONField("ce que dit le fichier", null=True)
    before = models.JSONField("avant", null=True)
    after = models.JSONField("après", null=True)
    corrected = models.JSONField("corrigé à la main avant que l’import soit défait", null=True)

    class Meta:
        verbose_name = "ligne d’un import de lieux"
        ordering = ["line_number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="left_aside") | ~Q(reason=""),
                name="place_import_line_says_why",
                violation_error_message="Une ligne laissée de côté dit pourquoi.",
            ),
        ]
