"""For whom one acts, helps, asked or was asked to, and in which networks."""

from django.db.models import Q

from maillage.directory.models import (
    Assistance,
    Claim,
    Dissolution,
    HandOver,
    HelpRequest,
    Invitation,
    Mandate,
    NetworkRequest,
)
from maillage.web.accounts.personal_data.words import YES_OR_NO, at_moment, on_day


def mandates(person):
    mandates = Mandate.objects.filter(user=person).select_related("structure").order_by("starts_on", "pk")
    return [
        {
            "Structure": mandate.structure.name,
            "Rôle": mandate.get_role_display(),
            "Début": on_day(mandate.starts_on),
            "Fin": on_day(mandate.ends_on),
            "Peut engager l’association": YES_OR_NO[mandate.may_commit],
        }
        for mandate in mandates
    ]


def helps(person):
    return [
        {
            "Structure": given.structure.name,
            "Pour le réseau": given.head.name if given.head else "",
            "Demandée": on_day(given.asked_on),
            "Comment": given.get_how_display(),
            "Dernier jour prévu": on_day(given.until),
        }
        for given in Assistance.objects.filter(helper=person).select_related("structure", "head")
    ]


def help_requests(person):
    return [
        {
            "Réseau": one.head.name,
            "Membre": one.member.name,
            "Jusqu’au": on_day(one.until),
            "Faite": at_moment(one.asked_at),
        }
        for one in HelpRequest.objects.filter(author=person).select_related("head", "member")
    ]


def claims(person):
    return [
        {
            "Structure": claim.structure.name,
            "Fonction": claim.position,
            "Message": claim.text,
            "Dit pouvoir engager l’association": YES_OR_NO[claim.may_commit],
            "Adresse du site": claim.site_email,
            "Justificatif": YES_OR_NO[bool(claim.document)],
            "Justificatif lu": at_moment(claim.read_at),
            "Faite": at_moment(claim.made_at),
            "État": claim.get_state_display(),
            "Précision demandée": claim.question,
            "Votre précision": claim.answer,
            "Raison du refus": claim.refusal,
            "Décidée": at_moment(claim.decided_at),
        }
        for claim in person.claims.select_related("structure")
    ]


def judged_claims(person):
    claims = Claim.objects.filter(Q(read_by=person) | Q(decided_by=person)).exclude(user=person)
    return [
        {
            "Structure": claim.structure.name,
            "Justificatif lu par vous": YES_OR_NO[claim.read_by_id == person.pk],
            "Décidée par vous": YES_OR_NO[claim.decided_by_id == person.pk],
        }
        for claim in claims.select_related("structure")
    ]


def invitations(person):
    """Those that the person wrote, with the address typed, and those that were sent to the person's own."""
    invitations = Invitation.objects.filter(Q(invited_by=person) | Q(email__iexact=person.email))
    return [
        {
            "Structure": invitation.structure.name,
            "Adresse invitée": invitation.email,
            "Rôle": invitation.get_role_display(),
            "Écrite par vous": YES_OR_NO[invitation.invited_by_id == person.pk],
            "Faite": at_moment(invitation.made_at),
        }
        for invitation in invitations.select_related("structure")
    ]


def network_requests(person):
    requests = NetworkRequest.objects.filter(author=person).select_related("head", "member")
    return [{"Réseau": one.head.name, "Membre": one.member.name, "Faite": at_moment(one.asked_at)} for one in requests]


def hand_overs(person):
    handed = HandOver.objects.filter(made_by=person).select_related("structure")
    return [
        {"Structure": one.structure.name, "Jour": on_day(one.day), "Mot": one.word, "Fait": at_moment(one.made_at)}
        for one in handed
    ]


def dissolutions(person):
    dissolutions = Dissolution.objects.filter(Q(declared_by=person) | Q(taken_back_by=person))
    return [
        {
            "Structure": one.structure.name,
            "Jour": on_day(one.day),
            "Déclarée par vous": YES_OR_NO[one.declared_by_id == person.pk],
            "Déclarée": at_moment(one.declared_at),
            "Annulée par vous": YES_OR_NO[one.taken_back_by_id == person.pk],
            "Annulée": at_moment(one.taken_back_at),
        }
        for one in dissolutions.select_related("structure")
    ]
