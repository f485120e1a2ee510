"""One structure takes the place of another: whoever acted for the one, acts for the other; what its page had, too."""

from django.db.models import Exists, OuterRef, Q

from maillage.directory.claims import withdraw_claim
from maillage.directory.models import (
    Assistance,
    Claim,
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


def hand_over(rows, field, structure, *, beside=()):
    """Have ``rows`` name ``structure`` in ``field``; those that it has already (equal in ``beside``) are removed."""
    same = {field: structure} | {name: OuterRef(name) for name in beside}
    if beside:
        rows.filter(Exists(rows.model.objects.filter(**same))).delete()
    rows.update(**{field: structure})


def hand_over_mandates(old, new):
    """A person who acts for both at the same time keeps one mandate, with the greater role and right.

    Who helps the one and is of the team of the other helps no more.
    """
    for here, there in ((old, new), (new, old)):
        here.mandates.helpers().filter(user__in=there.mandates.not_over().of_the_team().values("user")).delete()
    for mandate in old.mandates.all():
        known = _during(new.mandates.filter(user=mandate.user_id), mandate)
        if not known.exists():
            Mandate.objects.filter(pk=mandate.pk).update(structure=new)
            continue
        if mandate.role == Mandate.Role.REPRESENTATIVE:
            known.update(role=mandate.role)
        if mandate.may_commit:
            known.update(may_commit=True)
        mandate.delete()


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


def hand_over_address(old, new):
    """Those that led to ``old`` lead to ``new``, and so does ``old`` itself."""
    hand_over(Structure.objects.filter(replaced_by=old), "replaced_by", new)
    hand_over(Structure.objects.filter(merged_into=old), "merged_into", new)


def _during(mandates, mandate):
    """Those of ``mandates`` that hold on some day of ``mandate``."""
    found = mandates.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=mandate.starts_on))
    return found.filter(starts_on__lte=mandate.ends_on) if mandate.ends_on else found
