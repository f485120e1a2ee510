"""What a structure does with its page: pictures in their order, and an address of its own."""

from itertools import count, islice

from django.db import transaction
from django.db.models import F

from maillage.directory.models import PageAddress, Picture, Structure
from maillage.engine.text import fold

SHORTEST_SLUG, LONGEST_SLUG = 3, 60
MOST_ADDRESSES = 10  # of one structure, old ones included: they are taken for ever
_RESERVED = """
    admin administration aide api asso association associations chez compte connexion contact equipe maillage mairie
    modifier nouveau nouvelle photos police prefecture structures support test www
"""
RESERVED = frozenset(_RESERVED.split())


class PageRefused(Exception):
    """Its text is shown to the person.

    suggestion  the end of an address that is free, when one was asked for that is not
    """

    def __init__(self, message, suggestion=""):
        super().__init__(message)
        self.suggestion = suggestion


def slug_of(text):
    """« Foyer rural de l’Isle » -> "foyer-rural-de-l-isle", cut between two words."""
    slug = fold(text).replace(" ", "-")
    return slug if len(slug) <= LONGEST_SLUG else slug[: LONGEST_SLUG + 1].rpartition("-")[0][:LONGEST_SLUG]


def free_slug(structure, wished=""):
    """An end of address that nobody has: from ``wished`` or the name, then with the commune, then with a number."""
    base = slug_of(wished) or slug_of(structure.name)
    place = slug_of(structure.commune.name) if structure.commune else ""
    forms = [base, slug_of(f"{base[: LONGEST_SLUG - len(place) - 1]} {place}")]
    forms += (f"{base[: LONGEST_SLUG - 4].rstrip('-')}-{number}" for number in islice(count(2), 60))
    forms = [form for form in forms if _is_allowed(form)] or [f"structure-{structure.pk}"]
    taken = set(PageAddress.objects.filter(slug__in=forms).exclude(structure=structure).values_list("slug", flat=True))
    return next((form for form in forms if form not in taken), f"structure-{structure.pk}")


def choose_address(*, structure_id, wished):
    """Give the page of a structure the address ``wished``, made plain; the old one leads to it. Raises PageRefused."""
    slug = slug_of(wished)
    with transaction.atomic():
        structure = _locked(structure_id)
        if not _is_allowed(slug):
            raise PageRefused(_why_not(slug), free_slug(structure, "" if slug in RESERVED else slug))
        known = PageAddress.objects.filter(slug=slug).first()
        if known and known.structure_id != structure.pk:
            raise _taken(structure, slug)
        if known is None and structure.page_addresses.count() >= MOST_ADDRESSES:
            raise PageRefused("Cette page a déjà eu dix adresses. Reprenez l’une d’elles.")
        structure.page_addresses.filter(is_current=True).exclude(slug=slug).update(is_current=False)
        # Another structure may take it at the same moment: the first one has it.
        address, _ = PageAddress.objects.get_or_create(slug=slug, defaults={"structure": structure})
        if address.structure_id != structure.pk:
            raise _taken(structure, slug)
        PageAddress.objects.filter(slug=slug).update(is_current=True)
    return slug


def add_picture(*, structure_id, file, small_file):
    """Put a picture last; it is shown once it is described. Raises PageRefused."""
    with transaction.atomic():
        structure = _locked(structure_id)
        places = list(structure.pictures.values_list("place", flat=True))
        if len(places) >= Picture.MOST:
            raise PageRefused("Votre page a déjà douze photos. Retirez‑en une pour en ajouter une autre.")
        place = len(places) + 1
        return Picture.objects.create(structure=structure, file=file, small_file=small_file, place=place)


def describe_picture(*, picture, description):
    """Say what a picture shows; the first that is described becomes the cover."""
    with transaction.atomic():
        structure = _locked(picture.structure_id)
        is_first = not structure.pictures.filter(is_cover=True).exists()
        structure.pictures.filter(pk=picture.pk).update(description=description)
        if is_first:
            structure.pictures.filter(pk=picture.pk).update(is_cover=True)


def move_picture(*, picture, by):
    """Exchange a picture with the one before (``by`` -1) or after (1); without effect at the end of the row."""
    with transaction.atomic():
        structure = _locked(picture.structure_id)
        moved = structure.pictures.filter(pk=picture.pk).first()
        other = moved and structure.pictures.filter(place=moved.place + by).first()
        if other:
            structure.pictures.filter(pk=moved.pk).update(place=other.place)
            structure.pictures.filter(pk=other.pk).update(place=moved.place)


def make_cover(*, picture):
    """Put a described picture first on the page, large. Raises PageRefused."""
    with transaction.atomic():
        structure = _locked(picture.structure_id)
        if not structure.pictures.shown().filter(pk=picture.pk).exists():
            raise PageRefused("Dites d’abord ce que montre cette photo.")
        structure.pictures.filter(is_cover=True).update(is_cover=False)
        structure.pictures.filter(pk=picture.pk).update(is_cover=True)


def remove_picture(*, picture):
    """Erase a picture and its files; those after it come forward, and the first takes the cover that is left free."""
    with transaction.atomic():
        structure = _locked(picture.structure_id)
        gone = structure.pictures.filter(pk=picture.pk).first()
        if gone is None:
            return
        files = [(file.storage, file.name) for file in (gone.file, gone.small_file)]
        gone.delete()
        structure.pictures.filter(place__gt=gone.place).update(place=F("place") - 1)
        if gone.is_cover and (heir := structure.pictures.shown().first()):
            structure.pictures.filter(pk=heir.pk).update(is_cover=True)
        transaction.on_commit(lambda: [storage.delete(name) for storage, name in files])


def _locked(structure_id):
    return Structure.objects.select_related("commune").select_for_update(of=("self",)).get(pk=structure_id)


def _is_allowed(slug):
    return SHORTEST_SLUG <= len(slug) <= LONGEST_SLUG and slug not in RESERVED and not slug.replace("-", "").isdigit()


def _why_not(slug):
    if slug in RESERVED:
        return f"«\u00a0{slug}\u00a0» est gardé pour le site. Choisissez le nom de votre association."
    if slug.replace("-", "").isdigit() and slug:
        return "Cette adresse n’a que des chiffres. Ajoutez un mot, par exemple le nom de votre association."
    return "Cette adresse est trop courte. Écrivez au moins trois lettres, par exemple votre sigle et votre commune."


def _taken(structure, slug):
    free = free_slug(structure, slug)
    return PageRefused(
        f"«\u00a0{slug}\u00a0» est déjà l’adresse d’une autre association. «\u00a0{free}\u00a0» est libre.", free
    )
