"""Asking to act for a structure, and what becomes of it."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.accounts import links
from maillage.accounts.services import LETTERS
from maillage.directory.models import Claim
from maillage.directory.models.teams import DOCUMENTS
from maillage.directory.own_site import is_of_host, own_host
from maillage.directory.team import (
    REPRESENTATIVE,
    appoint,
    has_representative,
    locked,
    may_give_right_to_sign,
    represents,
)
from maillage.kernel import events

KEPT_FOR = timedelta(days=365)  # what became of a claim
ORPHAN_AFTER = timedelta(hours=1)  # a document that no claim names


class ClaimRefused(Exception):
    """Its text is shown to the person."""


def make_claim(*, structure, person, site, **said):
    """Ask to act for ``structure``; returns the Claim. Raises ClaimRefused.

    said  position, text, may_commit; document, a file that was checked; site_email, where a letter proves it at once
    """
    with transaction.atomic():
        structure = locked(structure.pk)
        if not structure.is_active:
            raise ClaimRefused("Cette association n’est plus active\u00a0: personne ne peut agir pour elle.")
        if represents(person, structure):
            raise ClaimRefused("Vous représentez déjà cette association.")
        if Claim.objects.waiting().filter(structure=structure, user=person).exists():
            raise ClaimRefused("Vous avez déjà une demande en attente pour cette association.")
        claim = Claim(structure=structure, user=person, **said)
        if has_representative(structure):
            claim.site_email, claim.document = "", ""
        if claim.site_email and not is_of_host(claim.site_email, own_host(structure)):
            raise ClaimRefused("Cette adresse n’est pas de l’association\u00a0: choisissez-en une de son site.")
        try:
            claim.full_clean(validate_constraints=False)
        except ValidationError as error:
            raise ClaimRefused(" ".join(error.messages)) from error
        claim.save()
        _write("directory.write_proof" if claim.site_email else "directory.tell_claim_made", claim, site)
        _write("directory.write_receipt", claim, site)
        _tell(claim, "claim.made")
    return claim


def prove_claim(*, token, person, site):
    """Give ``person`` the mandate that the letter to the association's own site proves.

    Raises LinkRefused, and ClaimRefused when something changed since the letter.
    """
    facts = links.read("claim", token)
    with transaction.atomic():
        claim = _locked_claim(facts["claim"])
        if claim is None or claim.user != person:
            raise links.LinkRefused
        if claim.state != Claim.State.WAITING or claim.site_email != facts["email"]:
            raise links.LinkRefused
        if not is_of_host(claim.site_email, own_host(claim.structure)):
            raise ClaimRefused("Le site de l’association a changé\u00a0: l’équipe du territoire examine votre demande.")
        if has_representative(claim.structure):
            raise ClaimRefused("Quelqu’un tient désormais cette page\u00a0: votre demande lui est transmise.")
        _accept(claim, REPRESENTATIVE, decided_by=None, site=site)
    return claim


def accept_claim(*, claim_id, decided_by, site, role=REPRESENTATIVE, as_first=False):
    """Let the person act for the structure; raises ClaimRefused.

    as_first  the one who decides believes that nobody represents the structure yet
    """
    with transaction.atomic():
        claim = _to_decide(claim_id, decided_by)
        if as_first and has_representative(claim.structure):
            raise ClaimRefused(
                "Quelqu’un représente cette association depuis peu\u00a0: la demande attend désormais sa réponse."
            )
        _accept(claim, role, decided_by=decided_by, site=site)
    return claim


def refuse_claim(*, claim_id, decided_by, refusal, site):
    """Say no, and why; raises ClaimRefused."""
    if not refusal.strip():
        raise ClaimRefused("Dites pourquoi vous refusez\u00a0: la personne lira votre phrase.")
    with transaction.atomic():
        claim = _to_decide(claim_id, decided_by)
        _decide(claim, Claim.State.REFUSED, decided_by, refusal=refusal.strip())
        _write("directory.tell_claim_decided", claim, site)
    return claim


def ask_more(*, claim_id, decided_by, question, site):
    """Ask the person what is missing, before deciding; an earlier answer gives way. Raises ClaimRefused."""
    with transaction.atomic():
        claim = _to_decide(claim_id, decided_by)
        claim.question, claim.answer = question.strip(), ""
        claim.save(update_fields=["question", "answer"])
        _write("directory.write_question", claim, site)
        _tell(claim, "claim.questioned")
    return claim


def say_more(*, claim_id, person, answer):
    """What ``person`` adds to their own claim, asked for or not; raises ClaimRefused."""
    with transaction.atomic():
        claim = _locked_claim(claim_id)
        if claim is None or claim.user != person or claim.state != Claim.State.WAITING:
            raise ClaimRefused("Cette demande n’attend plus de réponse.")
        claim.answer = answer.strip()
        claim.save(update_fields=["answer"])
        _tell(claim, "claim.completed")


def close_claims(*, structures, decided_by):
    """Refuse all that wait for ``structures``, which end, locked by the caller; who asked is told with the rest."""
    for claim in Claim.objects.waiting().filter(structure__in=structures).select_for_update(of=("self",)):
        _decide(claim, Claim.State.REFUSED, decided_by, refusal="L’association est dissoute.")


def close_unanswered(*, site=""):
    """Those that nobody answered in ``Claim.WAITS_FOR`` end, with their document; who asked is told."""
    over = Claim.objects.waiting().filter(made_at__lt=timezone.now() - Claim.WAITS_FOR)
    for claim_id in over.values_list("pk", flat=True):
        with transaction.atomic():
            claim = _locked_claim(claim_id)
            if claim is not None and claim.state == Claim.State.WAITING:
                _decide(claim, Claim.State.EXPIRED, None)
                _write("directory.tell_claim_decided", claim, site)


def withdraw_claim(*, claim_id, person):
    """Raises ClaimRefused."""
    with transaction.atomic():
        claim = _locked_claim(claim_id)
        if claim is None or claim.user != person or claim.state != Claim.State.WAITING:
            raise ClaimRefused("Cette demande n’attend plus de réponse.")
        _decide(claim, Claim.State.WITHDRAWN, person)


def read_document(*, claim_id, reader):
    """The document of a claim that waits, and a trace that ``reader`` opened it; None when there is none."""
    with transaction.atomic():
        claim = Claim.objects.for_the_territory().select_for_update(of=("self",)).filter(pk=claim_id).first()
        if claim is None or not claim.document or not claim.document.storage.exists(claim.document.name):
            return None
        claim.read_by, claim.read_at = reader, timezone.now()
        claim.save(update_fields=["read_by", "read_at"])
    return claim.document


def forget_claims_of(*, person):
    """Before an account is erased: its claims, with their documents."""
    for claim in Claim.objects.filter(user=person):
        _forget_document(claim)
        claim.delete()


def forget_old_claims():
    """What was decided long ago, documents that the team no longer judges, and those that no claim names."""
    Claim.objects.filter(decided_at__lt=timezone.now() - KEPT_FOR).delete()
    handed_on = Claim.objects.waiting().exclude(pk__in=Claim.objects.for_the_territory().values("pk"))
    for claim in handed_on.exclude(document=""):
        with transaction.atomic():
            _forget_document(claim)
            Claim.objects.filter(pk=claim.pk).update(document="")
    storage = Claim._meta.get_field("document").storage
    named = set(Claim.objects.exclude(document="").values_list("document", flat=True))
    for name in storage.listdir(DOCUMENTS)[1] if storage.exists(DOCUMENTS) else ():
        path = f"{DOCUMENTS}/{name}"
        if path not in named and storage.get_modified_time(path) < timezone.now() - ORPHAN_AFTER:
            storage.delete(path)


def _locked_claim(claim_id):
    """The claim, and its structure first, so that the claims of one structure wait for one another."""
    structure_id = Claim.objects.filter(pk=claim_id).values_list("structure", flat=True).first()
    if structure_id is None:
        return None
    locked(structure_id)
    claims = Claim.objects.select_related("structure", "user").select_for_update(of=("self",))
    return claims.filter(pk=claim_id).first()


def _to_decide(claim_id, decided_by):
    claim = _locked_claim(claim_id)
    if claim is None or claim.state != Claim.State.WAITING:
        raise ClaimRefused("Cette demande n’attend plus de réponse.")
    if claim.user == decided_by:
        raise ClaimRefused("Quelqu’un d’autre que vous doit décider de votre demande.")
    if not (decided_by.is_agent or represents(decided_by, claim.structure)):
        raise ClaimRefused("Vous ne représentez pas cette association.")
    return claim


def _accept(claim, role, *, decided_by, site):
    may_commit = claim.may_commit and (decided_by is None or may_give_right_to_sign(decided_by, claim.structure))
    is_first = role == REPRESENTATIVE and not has_representative(claim.structure)
    appoint(structure=claim.structure, person=claim.user, role=role, may_commit=may_commit)
    _decide(claim, Claim.State.ACCEPTED, decided_by)
    if is_first:
        _hand_on_others(claim.structure, site)
    _write("directory.tell_claim_decided", claim, site)


def _hand_on_others(structure, site):
    """The claims that wait are now for those who represent the structure, who were not given the documents."""
    for other in structure.claims.waiting():
        _forget_document(other)
        Claim.objects.filter(pk=other.pk).update(document="", site_email="")
        _write("directory.tell_claim_made", other, site)


def _decide(claim, state, decided_by, refusal=""):
    _forget_document(claim)
    claim.state, claim.refusal = state, refusal
    claim.decided_by, claim.decided_at = decided_by, timezone.now()
    claim.document, claim.site_email = "", ""
    claim.save()
    _tell(claim, f"claim.{state}")


def _forget_document(claim):
    """Take the file away once nothing names it any more."""
    if claim.document:
        storage, name = claim.document.storage, claim.document.name
        transaction.on_commit(lambda: storage.delete(name))


def _write(task, claim, site):
    """Have a letter about ``claim`` leave on commit; none without the address of Maillage."""
    if not site:
        return
    app.configure_task(task, queue=LETTERS).defer(claim_id=claim.pk, site=site)


def _tell(claim, name):
    events.publish_on_commit(f"structure:{claim.structure_id}", name, {"claim": claim.pk})
