"""Networks: a head and its members. One asks, the other answers; each may leave. Who acts for a structure decides."""

from django.db import transaction
from django.db.models import Q

from maillage.directory.helping_members import end_help_of_network
from maillage.directory.models import NetworkMembership, NetworkRequest, Structure
from maillage.directory.network_letters import tell_about_network
from maillage.engine.french import of_fr
from maillage.kernel import events
from maillage.kernel.audit import acting

MOST_WAITING = 200  # requests that a structure has sent and that wait for an answer


class NetworkRefused(Exception):
    """Its text is shown to the person."""


def lead_network(*, structure_id, author, leads):
    """Say whether a structure is the head of a network; raises NetworkRefused."""
    with transaction.atomic(), acting(author):
        structure = Structure.objects.select_for_update().get(pk=structure_id)
        if not leads and structure.network_members.exists():
            raise NetworkRefused("Votre réseau a des membres\u00a0: retirez-les d’abord.")
        if not leads:
            NetworkRequest.objects.filter(head=structure).delete()
        structure.leads_network = leads
        structure.save(update_fields=["leads_network", "modified_at"])
    return structure


def ask_membership(*, head_id, member_id, author, is_invitation, site=""):
    """Ask to join a network, or invite into it; when the other side has already asked, both agree.

    Returns the membership, or None while the other side has to answer. Raises NetworkRefused.

    site  the address of Maillage, for the letter that tells of it; without, none is written
    """
    with transaction.atomic(), acting(author):
        head, member = _locked_pair(head_id, member_id)
        if NetworkMembership.objects.filter(head=head, member=member).exists():
            raise NetworkRefused(f"{member} fait déjà partie du réseau {of_fr(head.name)}.")
        known = NetworkRequest.objects.filter(head=head, member=member).first()
        if known is None:
            _check_patience(head if is_invitation else member, is_invitation)
            known = NetworkRequest.objects.create(head=head, member=member, is_invitation=is_invitation, author=author)
            _tell(member if is_invitation else head, "network.asked")
            tell_about_network("invited" if is_invitation else "asked", known, site)
            return None
        if known.is_invitation == is_invitation:
            raise NetworkRefused("Cette demande attend déjà une réponse.")
        return _join(known, site)


def accept_request(*, request_id, side, author, site=""):
    """Say yes in the name of ``side``, the structure that was asked; raises NetworkRefused. site: as above."""
    with transaction.atomic(), acting(author):
        request = NetworkRequest.objects.filter(_answered_by(side), pk=request_id).first()
        if request is not None:
            _locked_pair(request.head_id, request.member_id)
            request = _asked(request_id).first()
        if request is None:
            raise NetworkRefused("Cette demande n’attend plus de réponse.")
        return _join(request, site)


def drop_request(*, request_id, side, author, site=""):
    """Say no, or take one's own request back; without effect when it is already gone."""
    with transaction.atomic(), acting(author):
        request = _asked(request_id).filter(Q(head=side) | Q(member=side)).first()
        if request is None:
            return
        if request.is_invitation == (request.member_id == side.pk):
            tell_about_network("invitation_refused" if request.is_invitation else "request_refused", request, site)
        request.delete()


def end_membership(*, head_id, member_id, author):
    """Leave a network, or take a member out of it; without effect when it is already so."""
    with transaction.atomic(), acting(author):
        NetworkMembership.objects.filter(head=head_id, member=member_id).delete()
        end_help_of_network(head_id=head_id, member_id=member_id)


def _locked_pair(head_id, member_id):
    """The head and the member, active, locked so that an invitation, a request and answers at the same moment meet."""
    pair = Structure.objects.active().select_for_update().order_by("pk").in_bulk([head_id, member_id])
    head, member = pair.get(head_id), pair.get(member_id)
    if head is None or member is None or head == member:
        raise NetworkRefused("Choisissez une autre structure, encore active.")
    if not head.leads_network:
        raise NetworkRefused(f"{head} n’anime pas de réseau sur Maillage.")
    return head, member


def _asked(request_id):
    return NetworkRequest.objects.select_for_update(of=("self",)).filter(pk=request_id)


def _answered_by(side):
    return Q(member=side, is_invitation=True) | Q(head=side, is_invitation=False)


def _join(request, site):
    membership, _ = NetworkMembership.objects.get_or_create(head=request.head, member=request.member)
    tell_about_network("invitation_accepted" if request.is_invitation else "request_accepted", request, site)
    request.delete()
    _tell(request.head, "network.joined")
    _tell(request.member, "network.joined")
    return membership


def _check_patience(sender, is_invitation):
    sent = Q(head=sender) if is_invitation else Q(member=sender)
    if NetworkRequest.objects.filter(sent, is_invitation=is_invitation).count() >= MOST_WAITING:
        raise NetworkRefused(f"{MOST_WAITING} demandes attendent déjà une réponse\u00a0: reprenez-en d’abord.")


def _tell(structure, name):
    events.publish_on_commit(f"structure:{structure.pk}", name, {"structure": structure.pk})
