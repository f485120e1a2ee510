"""Who acts for a structure: how its team grows, changes and ends."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.accounts import links
from maillage.accounts.models import User
from maillage.accounts.services import LETTERS
from maillage.directory.models import Invitation, Mandate, Structure
from maillage.engine.french import date_fr
from maillage.kernel import events

REPRESENTATIVE = Mandate.Role.REPRESENTATIVE
INVITATION_HOLDS = timedelta(seconds=links.LASTS["invitation"])
LAST_ONE = (
    "Personne d’autre ne représenterait l’association ensuite. "
    "Invitez d’abord quelqu’un, ou demandez à l’équipe du territoire."
)


class TeamRefused(Exception):
    """Its text is shown to the person."""


def locked(structure_id):
    """The structure, locked: what changes who acts for it waits here, each in turn."""
    return Structure.objects.select_for_update(of=("self",)).get(pk=structure_id)


def has_representative(structure):
    return structure.mandates.current().representatives().exists()


def represents(person, structure):
    return structure.mandates.current().representatives().filter(user=person).exists()


def listening_representatives(structure):
    """People who represent ``structure`` today and want to be written to."""
    return listening(structure.mandates.current().representatives())


def listening(mandates):
    """People of ``mandates`` who want to be written to."""
    people = User.objects.filter(pk__in=mandates.values("user"), is_active=True, hears_of_messages=True)
    return people.order_by("pk")


def may_sign(person, structure):
    return structure.mandates.current().filter(user=person, may_commit=True).exists()


def may_give_right_to_sign(person, structure):
    """Nobody gives more than they have; the territory's team vouches for everyone."""
    return person.is_agent or may_sign(person, structure)


def appoint(*, structure, person, role, may_commit=False):
    """Let ``person`` act for ``structure``, locked by the caller, from today until another mandate of theirs begins.

    Who acts for it already has the new role at once.
    """
    today = timezone.localdate()
    _stop_helping(structure, person, today)
    mandate = structure.mandates.current().filter(user=person).first()
    mandate = mandate or Mandate(structure=structure, user=person, starts_on=today)
    mandate.role = role
    mandate.may_commit = may_commit and role == REPRESENTATIVE
    mandate.ends_on = _eve_of_next(mandate)
    mandate.save()
    return mandate


def succeed(*, structure, person, day, may_commit):
    """Let ``person`` represent ``structure``, locked by the caller, from ``day`` on; who does already goes on."""
    _stop_helping(structure, person, day)
    mandates = structure.mandates.not_over().of_the_team().filter(user=person).order_by("starts_on")
    mandate = mandates.representatives().first()
    mandate = mandate or Mandate(structure=structure, user=person, starts_on=day, role=REPRESENTATIVE)
    mandate.starts_on = min(mandate.starts_on, day)
    eve = mandate.starts_on - timedelta(days=1)
    for other in mandates.exclude(role=REPRESENTATIVE).filter(Q(ends_on__isnull=True) | Q(ends_on__gt=eve)):
        end_on(other, eve)
    mandate.may_commit = may_commit or mandate.may_commit
    mandate.ends_on = _eve_of_next(mandate)
    mandate.save()


def replace_leaving(hand_over):
    """End the mandates that a hand-over replaces on the eve of its day, or at once when the day has passed."""
    last_day = max(hand_over.day, timezone.localdate()) - timedelta(days=1)
    for mandate in hand_over.leaving.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=last_day)):
        end_on(mandate, last_day)


def change_mandate(*, mandate_id, by, role, may_commit, ends_on):
    """Give a mandate another role, the right to sign, a last day or none; raises TeamRefused."""
    with transaction.atomic():
        mandate = _to_change(mandate_id, by)
        if mandate.role == Mandate.Role.HELPER:
            raise TeamRefused("Cette personne aide à votre demande. Pour qu’elle rejoigne l’équipe, invitez-la.")
        may_commit = may_commit and role == REPRESENTATIVE
        if may_commit and not mandate.may_commit:
            check_gives_right_to_sign(by, mandate.structure)
        if ends_on and ends_on < max(timezone.localdate(), mandate.starts_on):
            raise TeamRefused("Ce jour est passé. Choisissez aujourd’hui ou un jour à venir.")
        _leave_room_for_next(mandate, ends_on)
        if mandate.role == REPRESENTATIVE and not by.is_agent:
            if role != REPRESENTATIVE:
                _keep_someone_after(_yesterday(), mandate)
            elif ends_on and (mandate.ends_on is None or ends_on < mandate.ends_on):
                _keep_someone_after(ends_on, mandate)
        mandate.role, mandate.may_commit, mandate.ends_on = role, may_commit, ends_on
        mandate.save()
        if role != REPRESENTATIVE:
            _forget_invitations_by(mandate, by)
        _tell(mandate.structure_id, "mandate.changed")
    return mandate


def end_mandate(*, mandate_id, by):
    """End a mandate at once; one that began today leaves its history alone. Raises TeamRefused."""
    with transaction.atomic():
        mandate = _to_change(mandate_id, by, may_be_own=True)
        if mandate.role == REPRESENTATIVE and not by.is_agent:
            _keep_someone_after(_yesterday(), mandate)
        end_on(mandate, _yesterday())
        _forget_invitations_by(mandate, by)
        _tell(mandate.structure_id, "mandate.ended")
    return mandate


def end_on(mandate, last_day):
    if mandate.starts_on > last_day:
        mandate.delete()
        return
    mandate.ends_on = last_day
    mandate.save(update_fields=["ends_on"])


def invite(*, structure, by, email, role, site, may_commit=False, hand_over=None):
    """Write to ``email`` that it may act for ``structure``; the same whether the address is known or not.

    Raises TeamRefused.
    """
    with transaction.atomic():
        structure = locked(structure.pk)
        check_runs(by, structure)
        may_commit = may_commit and role == REPRESENTATIVE
        if may_commit:
            check_gives_right_to_sign(by, structure)
        invitation = Invitation.objects.filter(structure=structure, email__iexact=email).first()
        invitation = invitation or Invitation(structure=structure, email=email.lower())
        invitation.role, invitation.may_commit = role, may_commit
        invitation.invited_by, invitation.made_at, invitation.hand_over = by, timezone.now(), hand_over
        try:
            invitation.full_clean(validate_constraints=False)
        except ValidationError as error:
            raise TeamRefused(" ".join(error.messages)) from error
        invitation.save()
        app.configure_task("directory.write_invitation", queue=LETTERS).defer(invitation_id=invitation.pk, site=site)
    return invitation


def cancel_invitation(*, invitation_id, by):
    """Raises TeamRefused."""
    with transaction.atomic():
        invitation = _locked_invitation(invitation_id)
        if invitation is None:
            raise TeamRefused("Cette invitation n’attend plus de réponse.")
        check_runs(by, invitation.structure)
        invitation.delete()


def link_of(invitation):
    """The end of the address that its letter carries; the structure is known from it once the invitation has served."""
    return links.sign("invitation", invitation=invitation.pk, structure=invitation.structure_id)


def joined_already(token, person):
    """The structure of an invitation that no longer stands, when ``person`` acts for it; else None."""
    try:
        invited_for = links.read("invitation", token).get("structure")
    except links.LinkRefused:
        return None
    return Structure.objects.acted_for_by(person).filter(pk=invited_for).first()


def invitation_of(token):
    """The invitation that a letter carries; raises LinkRefused."""
    facts = links.read("invitation", token)
    invitations = Invitation.objects.standing().select_related("structure__commune", "invited_by")
    invitation = invitations.filter(pk=facts["invitation"], structure__state=Structure.State.ACTIVE).first()
    if invitation is None:
        raise links.LinkRefused
    return invitation


def accept_invitation(*, token, person):
    """Let ``person`` act for the structure; returns it. Raises LinkRefused.

    The letter proves that they were invited, whatever the address of their account. It takes no role away: who was to
    leave, and takes the invitation for themselves, stays.
    """
    with transaction.atomic():
        invitation = _locked_invitation(invitation_of(token).pk)
        if invitation is None:
            raise links.LinkRefused
        structure = invitation.structure
        if invitation.hand_over:
            day = max(invitation.hand_over.day, timezone.localdate())
            succeed(structure=structure, person=person, day=day, may_commit=invitation.may_commit)
            invitation.hand_over.leaving.remove(*invitation.hand_over.leaving.filter(user=person))
            replace_leaving(invitation.hand_over)
        elif not represents(person, structure):
            may_commit = invitation.may_commit and _may_still_give_it(invitation.invited_by, structure)
            appoint(structure=structure, person=person, role=invitation.role, may_commit=may_commit)
        invitation.delete()
        _tell(structure.pk, "invitation.accepted")
    return structure


def _may_still_give_it(person, structure):
    return person is not None and may_give_right_to_sign(person, structure)


def forget_old_invitations():
    Invitation.objects.filter(made_at__lt=timezone.now() - INVITATION_HOLDS).delete()


def forget_invitations_to(*, email):
    """Before an account is erased: where its address was written."""
    Invitation.objects.filter(email__iexact=email).delete()


def _forget_invitations_by(mandate, by):
    """Whoever is no longer trusted by others must not come back by a letter that they sent before."""
    if mandate.user_id != by.pk:
        Invitation.objects.filter(structure=mandate.structure_id, invited_by=mandate.user_id).delete()


def _stop_helping(structure, person, day):
    """Whoever joins the team on ``day`` helps until the eve."""
    for mandate in structure.mandates.helpers().filter(user=person, ends_on__gte=day):
        end_on(mandate, day - timedelta(days=1))


def _yesterday():
    return timezone.localdate() - timedelta(days=1)


def _eve_of_next(mandate):
    """The last day before the same person has another mandate, None when they have none to come."""
    following = Mandate.objects.filter(structure=mandate.structure_id, user=mandate.user_id).exclude(pk=mandate.pk)
    next_day = following.filter(starts_on__gt=mandate.starts_on).aggregate(day=Min("starts_on"))["day"]
    return next_day and next_day - timedelta(days=1)


def _leave_room_for_next(mandate, ends_on):
    eve = _eve_of_next(mandate)
    if eve and (ends_on is None or ends_on > eve):
        raise TeamRefused(f"Un autre mandat de cette personne suit. Choisissez le {date_fr(eve)} ou un jour plus tôt.")


def _keep_someone_after(last_day, mandate):
    """Refuse to end ``mandate`` on ``last_day`` when nobody would represent the structure on the next."""
    others = mandate.structure.mandates.representatives().exclude(pk=mandate.pk)
    following = others.filter(starts_on__lte=last_day + timedelta(days=1))
    if not following.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=last_day)).exists():
        raise TeamRefused(LAST_ONE)


def _to_change(mandate_id, by, may_be_own=False):
    structure_id = Mandate.objects.filter(pk=mandate_id).values_list("structure", flat=True).first()
    mandate = None
    if structure_id:
        locked(structure_id)
        mandates = Mandate.objects.not_over().select_related("structure", "user").select_for_update(of=("self",))
        mandate = mandates.filter(pk=mandate_id).first()
    if mandate is None:
        raise TeamRefused("Ce mandat a pris fin.")
    if not (may_be_own and mandate.user_id == by.pk):
        check_runs(by, mandate.structure)
    return mandate


def check_runs(by, structure):
    if not (by.is_agent or represents(by, structure)):
        raise TeamRefused("Vous ne représentez pas cette association.")


def check_gives_right_to_sign(by, structure):
    if not may_give_right_to_sign(by, structure):
        raise TeamRefused("Seule une personne qui peut signer pour l’association donne ce droit.")


def _locked_invitation(invitation_id):
    structure_id = Invitation.objects.filter(pk=invitation_id).values_list("structure", flat=True).first()
    if structure_id is None:
        return None
    locked(structure_id)
    standing = Invitation.objects.standing().select_related("structure", "hand_over")
    return standing.filter(pk=invitation_id).first()


def _tell(structure_id, name):
    events.publish_on_commit(f"structure:{structure_id}", name)
