"""Who acts for an invented association at its demand, and what it has entered already."""

from datetime import timedelta

from maillage.accounts.models import User
from maillage.demonstration.parts import parts
from maillage.directory.models import Assistance, Mandate, Structure
from maillage.sharing.models import Listing

LASTS = timedelta(days=28)


def write_helps(today):
    """Each helps for four weeks and has entered one listing; those whose structure is not drawn are left out."""
    invented = {row.name: row for row in Structure.objects.filter(is_demonstration=True)}
    for one in parts("helps")["help"]:
        structure, head = invented.get(one["structure"]), invented.get(one.get("head"))
        if structure is None or ("head" in one and head is None):
            continue
        begins = today - timedelta(days=one["days_ago"])
        until = begins + LASTS
        helper = User.objects.get(email=one["helper"])
        mandate = Mandate.objects.create(
            user=helper, structure=structure, role=Mandate.Role.HELPER, starts_on=begins, ends_on=until
        )
        given = Assistance.objects.create(
            structure=structure,
            head=head,
            helper=helper,
            mandate=mandate,
            asked_by=one["asked_by"],
            how=one["how"],
            asked_on=begins,
            until=until,
        )
        entered = Listing.objects.filter(structure=structure).order_by("pk").values("pk")[:1]
        Listing.objects.filter(pk__in=entered).update(assistance=given)
