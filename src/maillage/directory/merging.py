"""One structure takes the place of another: whoever acted for the one, acts for the other; what its page had, too."""

from datetime import timedelta
from itertools import zip_longest

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from maillage.directory.claims import withdraw_claim
from maillage.directory.models import (
    Assistance,
    Claim,
    Dissolution,
    HandOver,
    HelpRequest,
    Invitation,
    Mandate,
    NetworkMembership,
    NetworkRequest,
    Picture,
    Structure,
    VisitorLetter,
)
from maillage.directory.own_page import remove_picture

ONE_DAY = timedelta(days=1)


def hand_over(rows, field, structure, *, beside=()):
    """Have ``rows`` name ``structure`` in ``field``; those that it has already (equal in ``beside``) are removed."""
    same = {field: structure} | {name: OuterRef(name) for name in beside}
    if beside:
        rows.filter(Exists(rows.model.objects.filter(**same))).delete()
    rows.update(**{field: structure})


def hand_over_mandates(old, new):
    """A person who acts for both keeps, on each day, the greater role and right that they had on that day, no more.

    Who helps one while being of the team of the other, or while helping it, helps no more.
    """
    for here, there in ((new, old.mandates.of_the_team()), (old, new.mandates.all())):
        here.mandates.helpers().filter(Exists(_meanwhile(there))).delete()
    old.mandates.helpers().update(structure=new)
    for person in set(old.mandates.values_list("user", flat=True)):
        mandates = Mandate.objects.of_the_team().filter(structure__in=(old, new), user=person)
        mandates = list(mandates.order_by("starts_on"))
        joined = _joined(mandates)
        if joined == [_facts(mandate) for mandate in mandates]:
            old.mandates.filter(user=person).update(structure=new)
            continue
        own = [mandate.pk for mandate in mandates if mandate.structure_id == new.pk]
        relays = list(HandOver.objects.filter(leaving__in=own).distinct())
        Mandate.objects.filter(pk__in=[mandate.pk for mandate in mandates]).delete()
        made = Mandate.objects.bulk_create(Mandate(structure=new, user_id=person, **facts) for facts in joined)
        for relay in relays:
            relay.leaving.add(*(mandate for mandate in made if mandate.role == Mandate.Role.REPRESENTATIVE))


def hand_over_team(old, new):
    """What waits to become a mandate. Who asked for both asks once."""
    waiting_there = new.claims.waiting().filter(user=OuterRef("user"))
    for claim in old.claims.waiting().filter(Exists(waiting_there)).select_related("user"):
        withdraw_claim(claim_id=claim.pk, person=claim.user)
    invited_there = Invitation.objects.filter(structure=new, email__iexact=OuterRef("email"))
    old.invitations.filter(Exists(invited_there)).delete()
    for rows in (Claim.objects, Invitation.objects, HandOver.objects, Assistance.objects):
        hand_over(rows.filter(structure=old), "structure", new)


def hand_over_networks(old, new):
    for links in (NetworkMembership.objects.all(), NetworkRequest.objects.all(), HelpRequest.objects.all()):
        links.filter(Q(head=old, member=new) | Q(head=new, member=old)).delete()
        hand_over(links.filter(head=old), "head", new, beside=("member",))
        hand_over(links.filter(member=old), "member", new, beside=("head",))
    Assistance.objects.filter(Q(head=old, structure=new) | Q(head=new, structure=old)).update(head=None)
    hand_over(Assistance.objects.filter(head=old), "head", new)
    if old.leads_network:
        Structure.objects.filter(pk=new.pk).update(leads_network=True)


def hand_over_page(old, new):
    """Addresses all lead to ``new``, which keeps its own if it has one; pictures come after its own, twelve in all."""
    if new.page_addresses.filter(is_current=True).exists():
        old.page_addresses.update(is_current=False)
    hand_over(old.page_addresses.all(), "structure", new)
    count, has_cover = new.pictures.count(), new.pictures.filter(is_cover=True).exists()
    for picture in list(old.pictures.order_by("place")):
        if count == Picture.MOST:
            remove_picture(picture=picture)
            continue
        count += 1
        is_cover = picture.is_cover and not has_cover
        Picture.objects.filter(pk=picture.pk).update(structure=new, place=count, is_cover=is_cover)
    hand_over(VisitorLetter.objects.filter(structure=old), "structure", new)


def hand_over_dissolutions(old, new):
    """The page of ``old`` leads to ``new`` from now on: it is no longer dissolved, and receives nothing from itself."""
    Dissolution.objects.filter(Q(structure=old, receiver=new) | Q(structure=new, receiver=old)).delete()
    old.dissolutions.standing().update(taken_back_at=timezone.now())
    hand_over(old.dissolutions.all(), "structure", new)
    hand_over(Dissolution.objects.filter(receiver=old), "receiver", new)


def hand_over_address(old, new):
    """Those that led to ``old`` lead to ``new``, and so does ``old`` itself."""
    hand_over(Structure.objects.filter(replaced_by=old), "replaced_by", new)
    hand_over(Structure.objects.filter(merged_into=old), "merged_into", new)


def _meanwhile(mandates):
    """Those of ``mandates`` that the same person has on a day of the one that is asked about, which ends."""
    begun = mandates.filter(user=OuterRef("user"), starts_on__lte=OuterRef("ends_on"))
    return begun.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=OuterRef("starts_on")))


def _facts(mandate):
    return {name: getattr(mandate, name) for name in ("starts_on", "ends_on", "role", "may_commit")}


def _joined(mandates):
    """The facts of mandates that follow one another and give, each day, the most that ``mandates`` give together."""
    after = {mandate.ends_on + ONE_DAY for mandate in mandates if mandate.ends_on}
    changes = sorted({mandate.starts_on for mandate in mandates} | after)
    joined: list[dict] = []
    for day, following in zip_longest(changes, changes[1:]):
        holding = [one for one in mandates if one.starts_on <= day and (one.ends_on is None or one.ends_on >= day)]
        if not holding:
            continue
        represents = any(one.role == Mandate.Role.REPRESENTATIVE for one in holding)
        role = Mandate.Role.REPRESENTATIVE if represents else Mandate.Role.CONTRIBUTOR
        given = {"role": role, "may_commit": any(one.may_commit for one in holding)}
        ends_on = following and following - ONE_DAY
        if joined and joined[-1] == joined[-1] | given and joined[-1]["ends_on"] == day - ONE_DAY:
            joined[-1]["ends_on"] = ends_on
        else:
            joined.append({"starts_on": day, "ends_on": ends_on, **given})
    return joined
