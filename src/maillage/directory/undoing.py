"""Undoing the import of a register: the latest first, each once, told before and after."""

import logging

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.directory.models import RegisterImport
from maillage.directory.register import RegisterRefused, changes
from maillage.directory.register.staging import Staging
from maillage.kernel.audit import acting

State = RegisterImport.State
BROKEN = "Une erreur de notre côté a arrêté le retour en arrière. Rien n’a changé. Prévenez l’équipe technique."

logger = logging.getLogger(__name__)


def why_not(register_import):
    """Why this import can't be undone, in a sentence; "" when it can."""
    if register_import.dry_run:
        return "C’était un essai\u00a0: il n’a rien écrit."
    if register_import.state == State.UNDONE:
        return "Cet import est déjà défait."
    if register_import.state == State.UNDOING:
        return "Cet import est en train d’être défait."
    if register_import.state != State.DONE:
        return "Cet import n’est pas terminé."
    later = RegisterImport.objects.filter(dry_run=False, state__in=[State.RUNNING, State.DONE, State.UNDOING])
    if register_import.ended_at and later.exclude(pk=register_import.pk).filter(_after(register_import)).exists():
        return "Un import plus récent s’appuie sur lui\u00a0: défaites d’abord celui-là."
    if not register_import.keeps_changes:
        return "Cet import est trop ancien\u00a0: nous ne gardons que ce que les derniers ont changé."
    return ""


def latest():
    """The import that may be undone next, or None."""
    written = RegisterImport.objects.filter(dry_run=False, state=State.DONE, ended_at__isnull=False)
    return written.order_by("-ended_at", "-pk").first()


def start_undoing(*, register_import_id, agent):
    """Queue the work, on commit; raises RegisterRefused. Of two people at once, the second is told."""
    with transaction.atomic():
        register_import = _locked(register_import_id)
        register_import.state, register_import.undone_by, register_import.refusal = State.UNDOING, agent, ""
        register_import.save(update_fields=["state", "undone_by", "refusal"])
        task = app.configure_task("directory.undo_register_import", lock="directory.import_register", queue="imports")
        task.defer(register_import_id=register_import.pk)
    return register_import


def run_undoing(*, register_import):
    """What the worker does: undo, or say why it could not be done and leave the import as it is."""
    try:
        with transaction.atomic():
            Staging.lock()
            locked = RegisterImport.objects.select_for_update().filter(pk=register_import.pk, state=State.UNDOING)
            if found := locked.first():
                _undo(found, found.undone_by)
    except Exception:
        logger.exception("Register import %s could not be undone.", register_import.pk)
        RegisterImport.objects.filter(pk=register_import.pk, state=State.UNDOING).update(
            state=State.DONE, undone_by=None, refusal=BROKEN
        )


def undo_import(*, register_import_id, agent=None):
    """Undo at once, all or nothing; returns the counts. Raises RegisterRefused."""
    with transaction.atomic():
        Staging.lock()
        return _undo(_locked(register_import_id), agent)


def _undo(register_import, agent):
    with acting(agent, reason=f"import du registre n°\u00a0{register_import.pk} défait"):
        counts = changes.take_back(register_import)
    register_import.report = register_import.report | {"undone": counts}
    register_import.state, register_import.undone_at = State.UNDONE, timezone.now()
    register_import.undone_by, register_import.keeps_changes = agent, False
    register_import.save(update_fields=["report", "state", "undone_at", "undone_by", "keeps_changes"])
    return counts


def _locked(register_import_id):
    """The import, which can be undone; raises RegisterRefused."""
    register_import = RegisterImport.objects.select_for_update(of=("self",)).filter(pk=register_import_id).first()
    if register_import is None:
        raise RegisterRefused("Cet import n’existe pas.")
    if refusal := why_not(register_import):
        raise RegisterRefused(refusal)
    return register_import


def _after(register_import):
    """What was written after this import, or is being read and will be."""
    return (
        Q(ended_at__isnull=True)
        | Q(ended_at__gt=register_import.ended_at)
        | Q(ended_at=register_import.ended_at, pk__gt=register_import.pk)
    )
