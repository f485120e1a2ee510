"""Reads of the directory that pages need."""

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, F, Func, Q, TextField, Value

from maillage.directory.models import Assistance, HelpRequest, NetworkRequest, Structure
from maillage.engine.text import fold

LIKE_ENOUGH = 0.4


def find_structures(*, text="", commune=None, family=""):
    """Active structures; every word of ``text`` is in the name, or nearly when no name has them all.

    family  a code of the nomenclature's families, « 009000 »
    """
    found = Structure.objects.active().select_related("commune")
    if commune:
        found = found.filter(commune=commune)
    if family:
        codes = Func(F("purpose_codes"), Value(" "), function="array_to_string", output_field=TextField())
        found = found.alias(codes=codes).filter(codes__regex=rf"\m{family[:3]}\d{{3}}\M")
    folded = fold(text)[:100]
    if not folded:
        return found.order_by("search_name", "pk")
    exact = found
    for word in folded.split():
        exact = exact.filter(search_name__contains=word)
    if exact.exists():
        return exact.order_by("search_name", "pk")
    likeness = TrigramWordSimilarity(folded, "search_name")
    return (
        found.annotate(likeness=likeness).filter(likeness__gte=LIKE_ENOUGH).order_by("-likeness", "search_name", "pk")
    )


def requests_of(structure):
    """Requests that ``structure`` is of, with both structures."""
    requests = NetworkRequest.objects.filter(Q(head=structure) | Q(member=structure))
    return requests.select_related("head__commune", "member__commune")


def helps_of(structure):
    """Running helps between a network and its members that ``structure`` is of, on either side."""
    helps = Assistance.objects.running().filter(Q(head=structure) | Q(structure=structure, head__isnull=False))
    return helps.select_related("head", "structure", "helper")


def help_requests_of(structure):
    """What waits between a network and its members, with both structures."""
    requests = HelpRequest.objects.filter(Q(head=structure) | Q(member=structure))
    return requests.select_related("head", "member", "author")


def same_name_same_commune():
    """Groups of active structures that are likely to be one: {"keys": [the older first…]}, in the order of names."""
    groups = Structure.objects.active().exclude(search_name="").values("search_name", "commune")
    groups = groups.annotate(count=Count("pk"), keys=ArrayAgg("pk", order_by="pk")).filter(count__gt=1)
    return groups.order_by("search_name", "commune")
