"""A network helps its members: one side asks or offers, the other answers, someone of the head then acts."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from maillage.directory.helping import PASSED, HelpRefused, begin, end_helps, tell_help_began
from maillage.directory.models import Assistance, HelpRequest, NetworkMembership
from maillage.directory.network_letters import tell_about_network
from maillage.directory.team import locked, represents
from maillage.kernel import events
from maillage.kernel.audit import acting

LONGEST = timedelta(days=365)


def ask_help(*, head, member, author, until, is_offer, site):
    """Ask the head of a network to act for its member, or offer it (``is_offer``); raises HelpRefused."""
    today = timezone.localdate()
    if until < today:
        raise HelpRefused(PASSED)
    if until > today + LONGEST:
        raise HelpRefused("L’aide d’un réseau dure un an au plus. Choisissez un jour plus proche.")
    with transaction.atomic(), acting(author):
        member = locked(member.pk)
        _check_represents(author, head if is_offer else member)
        if not NetworkMembership.objects.filter(head=head, member=member).exists():
            raise HelpRefused(f"{member} n’est pas du réseau de {head}.")
        if HelpRequest.objects.filter(head=head, member=member).exists():
            raise HelpRefused("Une demande attend déjà une réponse.")
        if Assistance.objects.running().filter(structure=member, head=head).exists():
            raise HelpRefused(f"{head} agit déjà pour {member}.")
        request = HelpRequest.objects.create(head=head, member=member, is_offer=is_offer, until=until, author=author)
        tell_about_network("help_offered" if is_offer else "help_asked", request, site)
        events.publish_on_commit(
            f"structure:{(member if is_offer else head).pk}", "help.asked", {"request": request.pk}
        )
    return request


def accept_help(*, request_id, side, author, site):
    """Say yes in the name of ``side``, the structure that was asked; raises HelpRefused.

    Who asked or accepted for the head is who acts; who did for the member is who asked for it.
    """
    with transaction.atomic(), acting(author):
        request = _answered_by(request_id, side)
        _check_represents(author, side)
        helper, asked_by = (request.author, author) if request.is_offer else (author, request.author)
        if not represents(helper, request.head):
            raise HelpRefused(f"La personne qui l’a proposé ne représente plus {request.head}.")
        if request.until < timezone.localdate():
            raise HelpRefused("Le dernier jour demandé est passé. Refusez, puis demandez de nouveau.")
        given = begin(
            structure=request.member,
            helper=helper,
            head=request.head,
            asked_by=asked_by.name or "Une personne qui la représente",
            how=Assistance.How.ONLINE,
            asked_on=timezone.localdate(),
            until=request.until,
        )
        if request.is_offer:
            tell_about_network("help_accepted", request, site)
        request.delete()
        tell_help_began(given, site)
    return given


def drop_help(*, request_id, side, author, site):
    """Say no, or take one's own request back; without effect when it is gone. Raises HelpRefused."""
    with transaction.atomic(), acting(author):
        request = _locked_request(request_id)
        if request is None or side not in (request.head, request.member):
            return
        _check_represents(author, side)
        if request.is_offer == (side == request.member):
            tell_about_network("help_offer_refused" if request.is_offer else "help_request_refused", request, site)
        request.delete()


def end_help_of_network(*, head_id, member_id):
    """Who leaves a network, or is taken out of it, is helped by it no more."""
    HelpRequest.objects.filter(head=head_id, member=member_id).delete()
    end_helps(Assistance.objects.filter(head=head_id, structure=member_id))


def _locked_request(request_id):
    """The request, and its member locked as all that changes who acts for it."""
    found = HelpRequest.objects.filter(pk=request_id).values_list("member", flat=True).first()
    if found is None:
        return None
    locked(found)
    return HelpRequest.objects.select_related("head", "member", "author").filter(pk=request_id).first()


def _answered_by(request_id, side):
    request = _locked_request(request_id)
    if request is None or side != (request.member if request.is_offer else request.head):
        raise HelpRefused("Cette demande n’attend plus de réponse.")
    return request


def _check_represents(person, structure):
    if not represents(person, structure):
        raise HelpRefused(f"Vous ne représentez pas {structure}.")
