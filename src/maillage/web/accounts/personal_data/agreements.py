"""The agreements that one wrote, proposed or signed; signatures stay with the structures when the account is erased."""

from django.db.models import Q

from maillage.agreements.models import Agreement, Signature
from maillage.web.accounts.personal_data.words import at_moment


def written(person):
    mine = Agreement.objects.filter(Q(written_by=person) | Q(versions__made_by=person)).distinct().order_by("pk")
    return [
        {
            "Accord": str(one),
            "Commencé par vous": at_moment(one.created_at) if one.written_by_id == person.pk else "",
            "Versions proposées par vous": list(
                one.versions.filter(made_by=person).order_by("number").values_list("number", flat=True)
            ),
        }
        for one in mine
    ]


def signed(person):
    signatures = Signature.objects.filter(person=person).select_related("version__agreement").order_by("signed_at")
    return [
        {
            "Accord": str(one.version.agreement),
            "Version": one.version.number,
            "Nom": one.name,
            "Qualité": one.capacity,
            "Signé": at_moment(one.signed_at),
            "Empreinte": one.digest,
        }
        for one in signatures
    ]
