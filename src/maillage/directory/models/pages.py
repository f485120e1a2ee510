"""What makes the page of a structure its website: pictures, an address, letters of visitors."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from maillage.directory.models.structures import Structure


class PictureQuerySet(models.QuerySet):
    def shown(self):
        """Pictures that say in words what they show: the page of the structure has only these."""
        return self.exclude(description="")


class Picture(models.Model):
    """A picture of the page of a structure, in its order; ``description`` is for those who do not see it."""

    MOST = 12

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="pictures")
    file = models.ImageField("photo", upload_to="structures/%Y/%m/")
    small_file = models.ImageField("la même, réduite", upload_to="structures/%Y/%m/")
    description = models.CharField("ce que montre la photo", max_length=200, blank=True)
    place = models.PositiveSmallIntegerField("rang")
    is_cover = models.BooleanField("en couverture", default=False)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = "photo d’une structure"
        ordering = ["structure", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["structure", "place"],
                name="picture_place_unique",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message="Deux photos ont le même rang. Rechargez la page, puis recommencez.",
            ),
            models.UniqueConstraint(
                fields=["structure"],
                condition=Q(is_cover=True),
                name="picture_one_cover",
                violation_error_message="Une page a une seule photo de couverture.",
            ),
            models.CheckConstraint(
                condition=Q(place__range=(1, 12)),
                name="picture_place_in_range",
                violation_error_message="Une page a douze photos au plus.",
            ),
            models.CheckConstraint(
                condition=Q(is_cover=False) | ~Q(description=""),
                name="picture_cover_is_described",
                violation_error_message="Décrivez la photo avant de la mettre en couverture.",
            ),
        ]


class PageAddress(models.Model):
    """The end of an address that a structure chose for its page, « harmonie-de-revel »; an old one leads on for ever.

    Structures that chose none have no row: their number is their address.
    """

    slug = models.CharField("fin de l’adresse", max_length=60, primary_key=True)
    structure = models.ForeignKey(Structure, models.CASCADE, related_name="page_addresses")
    is_current = models.BooleanField("adresse d’aujourd’hui", default=True)
    chosen_at = models.DateTimeField("choisie le", auto_now_add=True)

    class Meta:
        verbose_name = "adresse de page"
        constraints = [
            models.UniqueConstraint(
                fields=["structure"],
                condition=Q(is_current=True),
                name="page_address_one_current",
                violation_error_message="Une page a une seule adresse à la fois.",
            ),
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$") & Q(slug__regex=r"[a-z]"),
                name="page_address_is_plain",
                violation_error_message="Une adresse s’écrit en lettres sans accent, en chiffres et en tirets, "
                "avec une lettre au moins.",
            ),
        ]

    def __str__(self):
        return self.slug

    def get_absolute_url(self):
        return reverse("structure-at", args=[self.slug])


class VisitorLetter(models.Model):
    """What someone without an account wrote to a structure: sent once they prove their address, erased soon after."""

    structure = models.ForeignKey(Structure, models.CASCADE, related_name="+")
    name = models.CharField("nom", max_length=80)
    email = models.EmailField("adresse e-mail", max_length=254)
    text = models.TextField("message", max_length=2000)
    asked_at = models.DateTimeField("écrite le", auto_now_add=True, db_index=True)
    confirmed_at = models.DateTimeField("adresse prouvée le", null=True, blank=True)

    class Meta:
        verbose_name = "lettre d’un visiteur"
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") & ~Q(name="") & ~Q(email=""),
                name="visitor_letter_is_whole",
                violation_error_message="Une lettre a un nom, une adresse e-mail et un message.",
            )
        ]
