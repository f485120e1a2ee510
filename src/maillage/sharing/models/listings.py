"""Listings: what a structure offers or needs, where, when, on which conditions, and who may see it."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from maillage.conversations.models import Conversation
from maillage.directory.models import Assistance, Structure
from maillage.sharing import availability, conditions, quantities, taxonomy, terms
from maillage.territory.models import Commune
from maillage.territory.points import point


class ListingQuerySet(models.QuerySet):
    def published(self):
        """Published and not expired, as ``Listing.is_published`` says of one."""
        return self.filter(_published())

    def to_renew(self):
        """Published ones that have expired or soon will, as ``Listing.is_to_renew`` says of one."""
        today = timezone.localdate()
        not_over = Q(last_day__isnull=True) | Q(last_day__gte=today)
        may_last = Q(direction=Listing.Direction.OFFER) | Q(last_day__isnull=True) | Q(last_day__gt=F("valid_until"))
        ending = Q(state=Listing.State.PUBLISHED, valid_until__lt=today + terms.ENDS_SOON)
        return self.filter(ending, not_over, may_last)

    def to_remind(self, now):
        """(ends soon, ends today or did lately): what their people hear of, unless they let them lapse.

        Who chose a short term is told on its last day alone. A week late, after an outage, is the latest.
        """
        today = timezone.localdate(now)
        told = self.to_renew().filter(lapses=False, structure__state=Structure.State.ACTIVE)
        soon = told.filter(valid_until__gt=today, valid_until__lte=today + terms.REMINDED_BEFORE)
        late = told.filter(valid_until__lte=today, valid_until__gte=today - terms.TOLD_AFTER)
        return soon.filter(published_at__lte=now - terms.REMINDED_BEFORE), late

    def public(self):
        """Listings that everyone sees."""
        return self.filter(_shown(), visibility=Listing.Visibility.EVERYONE)

    def offers(self):
        return self.filter(direction=Listing.Direction.OFFER)

    def needs(self):
        return self.filter(direction=Listing.Direction.NEED)

    def free_on(self, day):
        """Listings whose first and last day and days of the week let in ``day``."""
        begun = Q(first_day__isnull=True) | Q(first_day__lte=day)
        not_over = Q(last_day__isnull=True) | Q(last_day__gte=day)
        return self.filter(begun, not_over, Q(weekdays=[]) | Q(weekdays__contains=[day.weekday()]))

    def of_structures_of(self, user):
        return self.filter(structure__in=Structure.objects.acted_for_by(user).values("pk"))

    def visible_to(self, user):
        """Listings that ``user`` may see; agrees with the predicate ``sharing.see_listing``."""
        if not user.is_authenticated:
            return self.public()
        if user.is_superuser:
            return self.all()
        seen = Listing.Visibility
        mine = list(Structure.objects.acted_for_by(user).values_list("pk", flat=True))
        if not mine:
            open_to_all = [seen.EVERYONE, seen.MEMBERS] if user.is_agent else [seen.EVERYONE]
            return self.filter(_shown(), visibility__in=open_to_all)
        around = Structure.objects.in_a_network_with(mine).values("pk")
        chosen = ListingReader.objects.filter(structure__in=mine).values("listing")
        open_to_me = (
            Q(visibility__in=[seen.EVERYONE, seen.MEMBERS])
            | Q(visibility=seen.NETWORK, structure__in=around)
            | Q(visibility=seen.CHOSEN, pk__in=chosen)
        )
        own, active = Q(structure__in=mine), Q(structure__state=Structure.State.ACTIVE)
        # « own, or shown and open to me », cut so that PostgreSQL settles two of three without reading the structure.
        return self.filter(own | _published(), own | open_to_me, own | active)


def _published():
    return Q(state=Listing.State.PUBLISHED, valid_until__gte=timezone.localdate())


def _shown():
    """What ``Listing.is_shown`` says of one."""
    return _published() & Q(structure__state=Structure.State.ACTIVE)


@pghistory.track(exclude=["search_vector"])
class Listing(models.Model):
    """An offer or a need. ``category`` is a code of the taxonomy (sharing/data/taxonomy.toml)."""

    class Direction(models.TextChoices):
        OFFER = "offer", "offre"
        NEED = "need", "besoin"

    class State(models.TextChoices):
        PUBLISHED = "published", "publiée"
        PAUSED = "paused", "en pause"
        CLOSED = "closed", "terminée"

    class Visibility(models.TextChoices):
        EVERYONE = "everyone", "tout le monde"
        MEMBERS = "members", "les associations inscrites"
        NETWORK = "network", "mon réseau"
        CHOSEN = "chosen", "des structures choisies"

    class Conditions(models.TextChoices):
        FREE = "free", "gratuit"
        COST_SHARE = "cost_share", "participation aux frais"
        PRICE = "price", "prix"

    class PriceUnit(models.TextChoices):
        TOTAL = "total", "en tout"
        HOUR = "hour", "par heure"
        DAY = "day", "par jour"
        KM = "km", "par km"
        PIECE = "piece", "par unité"

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="listings")
    direction = models.CharField("sens", max_length=5, choices=Direction.choices)
    state = models.CharField("état", max_length=9, choices=State.choices, default=State.PUBLISHED)
    category = models.CharField("catégorie", max_length=80)
    title = models.CharField("titre", max_length=120)
    text = models.TextField("description", max_length=4000, blank=True)
    # The first of its pictures, repeated here so that lists of listings need no second query.
    photo = models.ImageField("photo", upload_to="listings/%Y/%m/", blank=True)
    photo_description = models.CharField("description de la photo", max_length=200, blank=True)
    quantity = models.PositiveIntegerField("quantité", default=1)

    commune = models.ForeignKey(Commune, models.PROTECT, related_name="listings")
    latitude = models.FloatField()
    longitude = models.FloatField()
    radius_km = models.PositiveSmallIntegerField("rayon, en km", null=True, blank=True)

    first_day = models.DateField("premier jour", null=True, blank=True)
    last_day = models.DateField("dernier jour", null=True, blank=True)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name="jours de la semaine",
        default=list,
        blank=True,
        help_text="0 = lundi … 6 = dimanche ; vide = tous les jours",
    )
    starts_at = models.TimeField("à partir de", null=True, blank=True)
    ends_at = models.TimeField("jusqu’à", null=True, blank=True)

    conditions = models.CharField("conditions", max_length=10, choices=Conditions.choices, default=Conditions.FREE)
    price_cents = models.PositiveIntegerField("montant, en centimes", null=True, blank=True)
    price_unit = models.CharField("unité du montant", max_length=6, choices=PriceUnit.choices, default=PriceUnit.TOTAL)
    visibility = models.CharField("visible par", max_length=8, choices=Visibility.choices)
    readers = models.ManyToManyField(Structure, through="ListingReader", related_name="listings_chosen_for", blank=True)

    valid_until = models.DateField("valable jusqu’au", help_text="le dernier jour où elle est montrée")
    lapses = models.BooleanField("laissée expirer", default=False, help_text="aucun e-mail ne rappelle sa fin")

    assistance = models.ForeignKey(
        Assistance, models.SET_NULL, null=True, blank=True, related_name="listings", verbose_name="aide qui l’a saisie"
    )

    search_vector = SearchVectorField(null=True, editable=False)
    published_at = models.DateTimeField("publiée le", auto_now_add=True)
    modified_at = models.DateTimeField("modifiée le", auto_now=True)

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name = "annonce"
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["published", "paused", "closed"]),
                name="listing_state_known",
                violation_error_message="Une annonce est publiée, en pause ou terminée.",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1),
                name="listing_quantity_at_least_one",
                violation_error_message="La quantité est d’au moins 1.",
            ),
            models.CheckConstraint(
                condition=Q(last_day__isnull=True) | Q(first_day__isnull=True) | Q(last_day__gte=F("first_day")),
                name="listing_last_day_after_first",
                violation_error_message="Le dernier jour est avant le premier jour. Changez l’un des deux.",
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]),
                name="listing_weekdays_exist",
                violation_error_message="Les jours de la semaine vont de lundi à dimanche.",
            ),
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True, ends_at__isnull=True)
                | Q(starts_at__isnull=False, ends_at__isnull=False, ends_at__gt=F("starts_at")),
                name="listing_hours_in_order",
                violation_error_message="L’heure de fin est avant l’heure de début. Changez l’une des deux.",
            ),
            models.CheckConstraint(
                condition=Q(conditions="free", price_cents__isnull=True)
                | ~Q(conditions="free") & Q(price_cents__isnull=False, price_cents__gt=0)
                | ~Q(conditions="free")
                & Q(price_cents__isnull=True)
                & (Q(direction="need") | Q(conditions="cost_share")),
                name="listing_price_fits_conditions",
                violation_error_message="Une annonce gratuite n’a pas de montant. Une offre qui a un prix en a un, "
                "plus grand que zéro.",
            ),
            models.CheckConstraint(
                condition=Q(radius_km__isnull=True) | Q(radius_km__range=(1, 300)),
                name="listing_radius_reasonable",
                violation_error_message="Le rayon va de 1 à 300 km.",
            ),
            models.CheckConstraint(
                condition=~Q(title=""),
                name="listing_has_title",
                violation_error_message="Donnez un titre à votre annonce.",
            ),
            models.CheckConstraint(
                condition=Q(direction="offer") | Q(last_day__isnull=True) | Q(valid_until__lte=F("last_day")),
                name="listing_need_within_its_days",
                violation_error_message="Un besoin n’est plus montré après son dernier jour.",
            ),
        ]
        indexes = [
            GinIndex(fields=["search_vector"], name="listing_search_vector"),
            GistIndex(point(), name="listing_point"),
            models.Index(fields=["direction", "category"], name="listing_category", condition=Q(state="published")),
            models.Index(fields=["structure"], name="listing_structure"),
            models.Index(
                fields=["published_at", "id"],
                name="listing_recent",
                # Who sees it, of which family, where: the home page counts and chooses without reading listings.
                include=["valid_until", "structure", "state", "visibility", "category", "latitude", "longitude"],
                condition=Q(state="published"),
            ),
            models.Index(fields=["valid_until"], name="listing_term", condition=Q(state="published")),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("listing", args=[self.pk])

    @property
    def kind(self):
        """The Category of this listing."""
        return taxonomy.nearest(self.category)

    @property
    def when(self):
        return availability.sentence(self)

    @property
    def price(self):
        return conditions.sentence(self)

    @property
    def is_counted(self):
        """Whether how many there are is worth saying."""
        return self.quantity > 1 and quantities.counts(self.category)

    @property
    def is_published(self):
        return self.state == Listing.State.PUBLISHED and self.valid_until >= timezone.localdate()

    @property
    def is_expired(self):
        return self.state == Listing.State.PUBLISHED and self.valid_until < timezone.localdate()

    @property
    def is_renewable(self):
        return terms.is_renewable(self, timezone.localdate())

    @property
    def renewed_until(self):
        return terms.renewed_until(self, timezone.localdate())

    @property
    def is_to_renew(self):
        today = timezone.localdate()
        ends = self.state == Listing.State.PUBLISHED and self.valid_until < today + terms.ENDS_SOON
        return ends and terms.is_renewable(self, today)

    @property
    def is_shown(self):
        """Published by a structure that is still active: those whom it is for see it."""
        return self.is_published and self.structure.state == Structure.State.ACTIVE

    @property
    def is_public(self):
        """Whether everyone sees it, as ``ListingQuerySet.public`` says for lists."""
        return self.is_shown and self.visibility == Listing.Visibility.EVERYONE


class ListingReader(models.Model):
    """A structure chosen to see a listing whose visibility is « chosen »."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="chosen_readers")
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "structure"],
                name="listing_reader_unique",
                violation_error_message="Cette structure est déjà choisie.",
            )
        ]


class SearchWord(models.Model):
    """A word that listings use, to mend the typing mistakes of a search (folded, not stemmed)."""

    word = models.CharField("mot plié", max_length=40, primary_key=True)

    class Meta:
        verbose_name = "mot cherché"
        indexes = [GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_trigrams")]


class Contact(models.Model):
    """A structure wrote about a listing: what it writes next goes on in the same conversation."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="contacts")
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="+")
    conversation = models.OneToOneField(Conversation, models.CASCADE, related_name="contact")

    class Meta:
        verbose_name = "prise de contact"
        constraints = [
            models.UniqueConstraint(
                fields=["listing", "structure"],
                name="contact_unique",
                violation_error_message="Votre association a déjà écrit au sujet de cette annonce.",
            )
        ]
