"""One structure takes the place of another: whoever acted for the one, acts for the other."""

from django.db.models import Exists, OuterRef, Q

from maillage.directory.models import Mandate, NetworkMembership, NetworkRequest, Structure


def hand_over(rows, field, structure, *, beside=()):
    """Have ``rows`` name ``structure`` in ``field``; those that it has already (equal in ``beside``) are removed."""
    same = {field: structure} | {name: OuterRef(name) for name in beside}
    if beside:
        rows.filter(Exists(rows.model.objects.filter(**same))).delete()
    rows.update(**{field: structure})


def hand_over_mandates(old, new):
    """A person who acts for both at the same time keeps one mandate, with the greater role."""
    for mandate in old.mandates.all():
        known = _during(new.mandates.filter(user=mandate.user_id), mandate)
        if not known.exists():
            Mandate.objects.filter(pk=mandate.pk).update(structure=new)
            continue
        if mandate.role == Mandate.Role.REPRESENTATIVE:
            known.update(role=mandate.role)
        mandate.delete()


def hand_over_networks(old, new):
    for links in (NetworkMembership.objects.all(), NetworkRequest.objects.all()):
        links.filter(Q(head=old, member=new) | Q(head=new, member=old)).delete()
        hand_over(links.filter(head=old), "head", new, beside=("member",))
        hand_over(links.filter(member=old), "member", new, beside=("head",))
    if old.leads_network:
        Structure.objects.filter(pk=new.pk).update(leads_network=True)


def hand_over_address(old, new):
    """Those that led to ``old`` lead to ``new``, and so does ``old`` itself."""
    hand_over(Structure.objects.filter(replaced_by=old), "replaced_by", new)
    hand_over(Structure.objects.filter(merged_into=old), "merged_into", new)


def _during(mandates, mandate):
    """Those of ``mandates`` that hold on some day of ``mandate``."""
    found = mandates.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=mandate.starts_on))
    return found.filter(starts_on__lte=mandate.ends_on) if mandate.ends_on else found
