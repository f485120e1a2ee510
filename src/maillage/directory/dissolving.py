"""Structures end: what that closes in the directory, and what comes back after a mistake.

Each function takes the ids of all that end at once; ``opportunities/dissolving.py`` calls them.
"""

from collections import defaultdict

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Greatest
from django.utils import timezone

from maillage.directory.helping import end_helps
from maillage.directory.models import (
    Assistance,
    Claim,
    Dissolution,
    HelpRequest,
    Invitation,
    Mandate,
    NetworkMembership,
    NetworkRequest,
    Structure,
)


def end_mandates(ended):
    """On the day of the dissolution; one that began later, on the day it began; one to come goes.

    Returns {structure: {mandate: the last day that it had}}.
    """
    mandates = Mandate.objects.not_over().filter(structure__in=ended)
    mandates.filter(starts_on__gt=timezone.localdate()).delete()
    kept = defaultdict(dict)
    for structure, mandate, day in mandates.values_list("structure", "pk", "ends_on"):
        kept[structure][mandate] = day and day.isoformat()
    dissolved = Dissolution.objects.standing().filter(structure=OuterRef("structure"))
    mandates.update(ends_on=Greatest(Subquery(dissolved.values("day")), "starts_on"))
    return kept


def leave_networks(ended):
    """Forget requests and memberships, end the help that heads give; returns {structure: [[head, member]…]}."""
    for requests in (NetworkRequest, HelpRequest):
        requests.objects.filter(_of(ended)).delete()
    kept = defaultdict(list)
    for head, member in NetworkMembership.objects.filter(_of(ended)).values_list("head", "member"):
        kept[head if head in ended else member].append([head, member])
    NetworkMembership.objects.filter(_of(ended)).delete()
    end_helps(Assistance.objects.filter(head__in=ended))
    return kept


def forget_invitations(ended):
    Invitation.objects.filter(structure__in=ended).delete()


def partners_of(ended):
    """(structure that ends, other structure, why the other is told) for what waits and for networks."""
    for reason, links in (("request", NetworkRequest), ("network", NetworkMembership)):
        for head, member in links.objects.filter(_of(ended)).values_list("head", "member"):
            yield (head, member, reason) if head in ended else (member, head, reason)


def people_of(ended):
    """(structure that ends, person, why they are told): who acts for it, whatever they wish, and who asked to."""
    acting = Mandate.objects.current().filter(structure__in=ended)
    waiting = Claim.objects.waiting().filter(structure__in=ended)
    for reason, rows in (("team", acting), ("claim", waiting)):
        for structure, person in rows.values_list("structure", "user"):
            yield structure, person, reason


def representatives_of(structures):
    """{structure: people who represent it today and want to be written to}."""
    representing = Mandate.objects.current().representatives().filter(structure__in=structures)
    representing = representing.filter(user__is_active=True, user__hears_of_messages=True)
    people = defaultdict(list)
    for structure, person in representing.values_list("structure", "user"):
        people[structure].append(person)
    return people


def give_mandates_back(dissolution):
    """Returns how many; those whose person has left Maillage are no more."""
    return sum(
        Mandate.objects.filter(pk=mandate, structure=dissolution.structure_id).update(ends_on=day)
        for mandate, day in dissolution.kept.get("mandates", {}).items()
    )


def join_networks_again(dissolution):
    """Those whose other structure is still active; returns how many."""
    pairs = dissolution.kept.get("memberships", [])
    others = {pk for pair in pairs for pk in pair} - {dissolution.structure_id}
    active = set(Structure.objects.active().filter(pk__in=others).values_list("pk", flat=True))
    again = [pair for pair in pairs if set(pair) <= active | {dissolution.structure_id}]
    NetworkMembership.objects.bulk_create(
        [NetworkMembership(head_id=head, member_id=member) for head, member in again], ignore_conflicts=True
    )
    return len(again)


def _of(ended):
    return Q(head__in=ended) | Q(member__in=ended)
