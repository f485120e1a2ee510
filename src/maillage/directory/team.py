"""Who acts for a structure: its mandates begin here."""

from django.utils import timezone

from maillage.directory.models import Mandate, Structure

REPRESENTATIVE = Mandate.Role.REPRESENTATIVE


def locked(structure_id):
    """The structure, locked: what changes who acts for it waits here, each in turn."""
    return Structure.objects.select_for_update(of=("self",)).get(pk=structure_id)


def has_representative(structure):
    return structure.mandates.current().representatives().exists()


def represents(person, structure):
    return structure.mandates.current().representatives().filter(user=person).exists()


def appoint(*, structure, person, role, may_commit=False, starts_on=None):
    """Let ``person`` act for ``structure``, locked by the caller; who acts for it already has the new role at once.

    starts_on  today when it is not given
    """
    starts_on = starts_on or timezone.localdate()
    mandate = Mandate.objects.not_over().filter(structure=structure, user=person).order_by("starts_on").first()
    mandate = mandate or Mandate(structure=structure, user=person, starts_on=starts_on)
    mandate.role = role
    mandate.may_commit = may_commit and role == REPRESENTATIVE
    mandate.starts_on = min(mandate.starts_on, starts_on)
    mandate.ends_on = None
    mandate.save()
    return mandate
