"""Signing: a code sent to whoever has the right to commit the structure, then the signature, then everyone's copy."""

import hashlib
from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from procrastinate.contrib.django import app

from maillage.accounts import links
from maillage.accounts.services import LETTERS
from maillage.agreements.models import Agreement, Side, Signature, SignedCopy, Version
from maillage.agreements.printing import as_pdf
from maillage.agreements.services import AgreementRefused, tell
from maillage.agreements.writing import is_intact, parties_of
from maillage.directory.team import may_sign
from maillage.engine.french import typo
from maillage.kernel import events

REMINDED_AFTER = timedelta(days=3)
REMINDED_EVERY = timedelta(days=7)
NAMELESS = "Une signature dit qui signe. Écrivez d’abord votre nom dans la page de votre compte, puis signez."
RENAMED = "L’une des deux associations n’a plus le nom écrit ici. Proposez une autre version, puis signez-la."
PAST = "Les jours de cet accord sont passés. Changez-les, et proposez une autre version."
CHANGED = "Une nouvelle version vient d’être proposée. Relisez-la avant de signer."


def sides_to_sign(agreement, person):
    """The sides that ``person`` may sign today and nobody has signed yet, in the version that counts."""
    version = agreement.latest
    if version is None or not agreement.is_to_sign or agreement.is_past:
        return []
    done = version.signatures.all()
    if any(one.person_id == person.pk for one in done):
        return []
    signed = {one.side for one in done}
    return [side for side in Side if side not in signed and may_sign(person, agreement.structure_of(side))]


def ask_code(*, version, person, side, capacity, site):
    """Send a code for the signature of ``version``; returns the token that, with it, signs. Raises AgreementRefused.

    The token names what is signed: the code is of no use for another version, side or person.
    """
    _check(version, person, side)
    token = links.sign("agreement", person=person.pk, version=version.pk, side=side, capacity=capacity)
    app.configure_task("agreements.write_code", queue=LETTERS).defer(token=token, person_id=person.pk, site=site)
    return token


def facts_of(token, person):
    """What ``token`` is about, for the person it was made for; raises LinkRefused when it is too old."""
    facts = links.read("agreement", token)
    if facts["person"] != person.pk:
        raise links.LinkRefused
    return facts


def sign(*, token, code, person, site):
    """Sign what ``token`` names, once ``code`` proves that its letter was read.

    Returns the Signature, None when the code is wrong. Raises LinkRefused, AgreementRefused.
    """
    facts = facts_of(token, person)
    if not constant_time_compare(links.code_for(person, token), code):
        return None
    with transaction.atomic():
        agreement_id = Version.objects.values_list("agreement", flat=True).get(pk=facts["version"])
        agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
        version = Version.objects.select_related("agreement__lender", "agreement__borrower").get(pk=facts["version"])
        _check(version, person, facts["side"])
        signature = Signature.objects.create(
            version=version,
            side=facts["side"],
            person=person,
            name=person.name,
            capacity=facts["capacity"],
            digest=version.digest,
        )
        is_whole = version.signatures.count() == len(Side)
        agreement.state = Agreement.State.IN_FORCE if is_whole else Agreement.State.SIGNED_BY_ONE
        agreement.save(update_fields=["state", "modified_at"])
        if is_whole:
            _deliver_copy(version, site)
        else:
            tell("signed_by_one", agreement, [Side(facts["side"]).other], site)
        events.publish_on_commit(f"agreement:{agreement.pk}", "agreement.signed", {"side": facts["side"]})
    return signature


def _check(version, person, side):
    agreement = version.agreement
    structure = agreement.structure_of(side)
    latest = agreement.latest
    if latest != version or not agreement.is_to_sign:
        raise AgreementRefused(CHANGED if agreement.is_open else "Cet accord ne se signe plus.")
    if agreement.is_past:
        raise AgreementRefused(PAST)
    if not structure.is_active:
        raise AgreementRefused(f"{structure.name} n’est plus active\u00a0: elle ne peut plus signer.")
    if not may_sign(person, structure):
        raise AgreementRefused("Seule une personne qui peut engager l’association signe pour elle.")
    if parties_of(version) != [typo(agreement.structure_of(side).name) for side in Side]:
        raise AgreementRefused(RENAMED)
    if not person.name.strip():
        raise AgreementRefused(NAMELESS)
    if not is_intact(version):
        raise AgreementRefused("Le texte de cet accord a été altéré\u00a0: il ne se signe pas. Prévenez l’équipe.")
    signed = list(version.signatures.all())
    if any(one.side == side for one in signed):
        raise AgreementRefused("Cet accord est déjà signé pour votre association.")
    if any(one.person_id == person.pk for one in signed):
        raise AgreementRefused(
            "Vous avez déjà signé pour l’autre association. Une même personne ne signe pas pour les deux."
        )


def _deliver_copy(version, site):
    pdf = as_pdf(version)
    SignedCopy.objects.create(version=version, pdf=pdf, digest=hashlib.sha256(pdf).hexdigest())
    tell("signed_by_all", version.agreement, Side, site)


def remind(*, agreement_id, side, site):
    """Write again to those who have not signed for ``side``, once a day at most; returns whether letters leave."""
    with transaction.atomic():
        agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
        now = timezone.now()
        told = agreement.reminded_at
        if (
            not agreement.is_to_sign
            or agreement.is_past
            or (told and timezone.localdate(told) == timezone.localdate(now))
        ):
            return False
        if agreement.latest.signatures.filter(side=side).exists():
            return False
        agreement.reminded_at = now
        agreement.save(update_fields=["reminded_at"])
        tell("waiting", agreement, [side], site)
    return True


def remind_waiting(*, site):
    """Write to those whose signature is awaited since a while, then once a week; returns how many agreements."""
    now = timezone.now()
    waiting = Agreement.objects.filter(
        Q(reminded_at=None) | Q(reminded_at__lt=now - REMINDED_EVERY), state__in=Agreement.TO_SIGN
    ).exclude(Q(modified_at__gt=now - REMINDED_AFTER) | Q(ends_on__lt=timezone.localdate()))
    ids = list(waiting.order_by("pk").values_list("pk", flat=True))
    return sum(_remind_sides(pk, site) for pk in ids)


def _remind_sides(agreement_id, site):
    with transaction.atomic():
        agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=agreement_id)
        if not agreement.is_to_sign:
            return False
        signed = set(agreement.latest.signatures.values_list("side", flat=True))
        agreement.reminded_at = timezone.now()
        agreement.save(update_fields=["reminded_at"])
        tell("waiting", agreement, [side for side in Side if side not in signed], site)
    return True
