"""What is done with agreements before they are signed: begin, keep, propose, withdraw; and after: terminate."""

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.accounts.services import LETTERS
from maillage.agreements.documents import KINDS
from maillage.agreements.models import Agreement, Side, Version
from maillage.agreements.writing import canonical, compose, digest_of
from maillage.directory.rules import acts_for
from maillage.directory.team import may_sign
from maillage.kernel import events

GONE = "Cet accord n’est plus ouvert\u00a0: il ne se change plus. Écrivez un nouvel accord."


class AgreementRefused(Exception):
    """Its text is shown to the person."""


def begin(*, nature, lender, borrower, written_for, author, listing=None, booking=None, renews=None, typed=None):
    """A draft of ``written_for``'s structure; returns the Agreement. Raises AgreementRefused.

    booking  what it is for, of the same two structures: an agreement a booking
    typed    what is known already, in the words of the form: {name of a question: [values]}
    """
    agreement = Agreement(
        nature=nature,
        lender=lender,
        borrower=borrower,
        listing=listing,
        booking=booking,
        renews=renews,
        written_for=written_for,
        written_by=author,
        typed=typed or {},
    )
    if not acts_for(author, agreement.structure_of(written_for)):
        raise AgreementRefused("Vous n’agissez pour aucune de ces associations.")
    _check_active(agreement)
    if booking and (booking.listing.structure_id, booking.borrower_id) != (lender.pk, borrower.pk):
        raise AgreementRefused("Cette réservation est entre d’autres associations.")
    try:
        agreement.full_clean()
    except ValidationError as error:
        raise AgreementRefused(" ".join(error.messages)) from error
    agreement.save()
    return agreement


def keep(*, agreement_id, author, typed):
    """Keep what was typed in a draft, whole or not. Raises AgreementRefused."""
    with transaction.atomic():
        agreement, _ = _locked(agreement_id, author)
        if agreement.state != Agreement.State.DRAFT:
            raise AgreementRefused("Cet accord est déjà proposé\u00a0: proposez plutôt une nouvelle version.")
        agreement.typed = typed
        agreement.save(update_fields=["typed", "modified_at"])
    return agreement


def propose(*, agreement_id, author, facts, typed, site):
    """Write a version and show it to the other structure; the signatures of the one before no longer count.

    facts  the answers, cleaned; refused when the document's blockers object
    Returns the Version. Raises AgreementRefused.
    """
    with transaction.atomic():
        agreement, side = _locked(agreement_id, author)
        if not agreement.is_open:
            raise AgreementRefused(GONE)
        _check_active(agreement)
        kind = KINDS[agreement.nature]
        if refusals := kind.refusals(facts, timezone.localtime().replace(tzinfo=None)):
            raise AgreementRefused(" ".join(said for _, said in refusals))
        content = canonical(compose(agreement, facts))
        before = agreement.latest
        if before and before.content == content:
            raise AgreementRefused("Rien n’a changé depuis la dernière version. Changez quelque chose, ou signez-la.")
        version = Version.objects.create(
            agreement=agreement,
            number=before.number + 1 if before else 1,
            facts=_plain(facts),
            content=content,
            digest=digest_of(content),
            made_for=side,
            made_by=author,
        )
        agreement.starts_on, agreement.ends_on = kind.period(facts)
        agreement.state, agreement.typed = Agreement.State.PROPOSED, typed
        agreement.save()
        tell("proposed", agreement, [side.other], site)
        events.publish_on_commit(f"agreement:{agreement.pk}", "agreement.proposed", {"version": version.number})
    return version


def withdraw(*, agreement_id, author, site):
    """Give up an agreement that is not signed by both. Raises AgreementRefused."""
    with transaction.atomic():
        agreement, side = _locked(agreement_id, author)
        if not agreement.is_open:
            raise AgreementRefused(GONE)
        was_shown = agreement.is_to_sign
        agreement.state, agreement.closed_on = Agreement.State.WITHDRAWN, timezone.localdate()
        agreement.save(update_fields=["state", "closed_on", "modified_at"])
        if was_shown:
            tell("closed", agreement, [side.other], site)
        events.publish_on_commit(f"agreement:{agreement.pk}", "agreement.withdrawn")
    return agreement


def terminate(*, agreement_id, author, reason, site):
    """End today an agreement in force; both structures keep it, and the other is told why. Raises AgreementRefused."""
    with transaction.atomic():
        agreement, side = _locked(agreement_id, author)
        if agreement.state != Agreement.State.IN_FORCE or agreement.is_over:
            raise AgreementRefused("Seul un accord signé par les deux, et qui court encore, se résilie.")
        if not author.has_perm("agreements.sign_agreement", agreement):
            raise AgreementRefused("Seule une personne qui peut engager l’association résilie un accord.")
        if not may_sign(author, agreement.structure_of(side)):
            side = side.other
        agreement.state, agreement.closed_on = Agreement.State.TERMINATED, timezone.localdate()
        agreement.closing_reason = reason.strip()
        try:
            agreement.full_clean()
        except ValidationError as error:
            raise AgreementRefused(" ".join(error.messages)) from error
        agreement.save(update_fields=["state", "closed_on", "closing_reason", "modified_at"])
        tell("closed", agreement, [side.other], site)
        events.publish_on_commit(f"agreement:{agreement.pk}", "agreement.terminated")
    return agreement


def renew(*, agreement_id, author):
    """A draft with the same answers, days and hours aside, by the side that asks. Raises AgreementRefused."""
    old = Agreement.objects.select_related("lender", "borrower", "listing").get(pk=agreement_id)
    side = side_of(old, author)
    if side is None or old.is_open:
        raise AgreementRefused("Un accord se renouvelle une fois signé.")
    passing = {one.name for one in KINDS[old.nature].questions if one.widget in ("day", "hour")}
    return begin(
        nature=old.nature,
        lender=old.lender,
        borrower=old.borrower,
        written_for=side,
        author=author,
        listing=old.listing,
        renews=old,
        typed={name: values for name, values in old.typed.items() if name not in passing},
    )


def side_of(agreement, person):
    """The side that ``person`` acts for, the author's own first; None for whoever acts for neither."""
    written_for = Side(agreement.written_for)
    for side in (written_for, written_for.other):
        if acts_for(person, agreement.structure_of(side)):
            return side
    return None


def _check_active(agreement):
    for structure in (agreement.lender, agreement.borrower):
        if not structure.is_active:
            raise AgreementRefused(f"{structure.name} n’est plus active\u00a0: elle ne peut plus conclure d’accord.")


def _locked(agreement_id, author):
    """(the agreement, locked, the side that the author acts for)."""
    found = Agreement.objects.select_for_update(of=("self",)).select_related("lender", "borrower")
    agreement = found.get(pk=agreement_id)
    side = side_of(agreement, author)
    if side is None:
        raise AgreementRefused("Vous n’agissez pour aucune de ces associations.")
    return agreement, side


def _plain(facts):
    """Facts as JSON keeps them: days and hours in ISO 8601."""
    encoder = DjangoJSONEncoder()
    return {
        name: answer if isinstance(answer, (str, int, bool, list, type(None))) else encoder.default(answer)
        for name, answer in facts.items()
    }


def tell(letter, agreement, sides, site):
    """Write to those who represent the structures of ``sides``, on commit; without a site, nobody is told."""
    if site:
        app.configure_task("agreements.tell", queue=LETTERS).defer(
            letter=letter, agreement_id=agreement.pk, sides=list(sides), site=site
        )
