"""What the database refuses of claims, people who act at once, and what is erased."""

import os
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.accounts import links
from maillage.directory import claims
from maillage.directory.claims import ClaimRefused
from maillage.directory.models import Claim, Mandate
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.letters import deliver

SITE = "https://maillage.example.org/"


def claim_of(structure, person=None, **said):
    said = {"position": "trésorière"} | said
    return claims.make_claim(structure=structure, person=person or UserFactory(), site=SITE, **said)


def document():
    return ContentFile(b"%PDF-1.4 proces-verbal", name="document.pdf")


def count_refused(outcomes):
    assert all(outcome is None or isinstance(outcome, Claim | ClaimRefused) for outcome in outcomes), outcomes
    return sum(isinstance(outcome, ClaimRefused) for outcome in outcomes)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"state": "accepted"}, "claim_decision_is_dated"),
        ({"decided_at": timezone.now()}, "claim_decision_is_dated"),
        ({"state": "refused", "decided_at": timezone.now()}, "claim_refusal_has_reason"),
        ({"state": "withdrawn", "decided_at": timezone.now(), "document": "claims/x.pdf"}, "claim_keeps_no_proof"),
        ({"state": "withdrawn", "decided_at": timezone.now(), "site_email": "a@b.fr"}, "claim_keeps_no_proof"),
    ],
)
def test_a_decision_is_whole(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        Claim.objects.create(structure=StructureFactory(), user=UserFactory(), **fields)


@pytest.mark.django_db
def test_a_person_has_one_claim_that_waits_for_a_structure():
    claim = claim_of(StructureFactory())
    with pytest.raises(IntegrityError, match="claim_one_waiting"), transaction.atomic():
        Claim.objects.create(structure=claim.structure, user=claim.user)
    claims.withdraw_claim(claim_id=claim.pk, person=claim.user)
    assert claim_of(claim.structure, claim.user).state == "waiting"


@pytest.mark.django_db
def test_nobody_claims_a_page_that_was_absorbed_meanwhile():
    with pytest.raises(ClaimRefused, match="n’est plus active"):
        claim_of(StructureFactory(merged_into=StructureFactory(), merged_on=timezone.localdate()))


@pytest.mark.django_db
def test_a_contributor_who_claims_becomes_the_representative():
    mandate = MandateFactory(role=Mandate.Role.CONTRIBUTOR)
    claim = claim_of(mandate.structure, mandate.user, may_commit=True)
    claims.accept_claim(claim_id=claim.pk, decided_by=UserFactory(agent=True), site=SITE)
    mandate.refresh_from_db()
    assert (mandate.role, mandate.may_commit) == ("representative", True)
    assert Mandate.objects.count() == 1


@pytest.mark.django_db
def test_nobody_decides_of_their_own_claim_nor_without_a_right():
    structure = StructureFactory()
    agent = UserFactory(agent=True)
    own, other = claim_of(structure, agent), claim_of(structure)
    with pytest.raises(ClaimRefused, match="Quelqu’un d’autre"):
        claims.accept_claim(claim_id=own.pk, decided_by=agent, site=SITE)
    for stranger in (UserFactory(), MandateFactory().user):
        with pytest.raises(ClaimRefused, match="Vous ne représentez pas"):
            claims.accept_claim(claim_id=other.pk, decided_by=stranger, site=SITE)
    assert not structure.mandates.exists()


@pytest.mark.django_db(transaction=True)
def test_two_first_claims_accepted_at_once_give_one_mandate():
    structure, agent = StructureFactory(), UserFactory(agent=True)
    waiting = [claim_of(structure), claim_of(structure)]
    decision = {"decided_by": agent, "site": SITE, "as_first": True}
    outcomes = at_once(*(lambda pk=one.pk: claims.accept_claim(claim_id=pk, **decision) for one in waiting))
    assert count_refused(outcomes) == 1
    assert structure.mandates.count() == 1
    assert sorted(Claim.objects.values_list("state", flat=True)) == ["accepted", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_one_claim_decided_several_times_at_once_is_decided_once():
    claim = claim_of(StructureFactory())
    decision = {"claim_id": claim.pk, "decided_by": UserFactory(agent=True), "site": SITE}
    outcomes = at_once(
        *[lambda: claims.accept_claim(**decision)] * 2,
        *[lambda: claims.refuse_claim(**decision, refusal="Non.")] * 2,
        lambda: claims.withdraw_claim(claim_id=claim.pk, person=claim.user),
    )
    assert count_refused(outcomes) == 4
    claim.refresh_from_db()
    assert claim.structure.mandates.count() == (claim.state == "accepted")


@pytest.mark.django_db(transaction=True)
def test_the_same_claim_made_at_once_is_one():
    structure, person = StructureFactory(), UserFactory()
    assert count_refused(at_once(*[lambda: claim_of(structure, person)] * 3)) == 2
    assert Claim.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_letter_and_the_team_at_once_give_one_mandate():
    structure = StructureFactory(official_website="https://harmonie-revel.fr")
    proven = claim_of(structure, site_email="contact@harmonie-revel.fr")
    other, agent = claim_of(structure), UserFactory(agent=True)
    token = links.sign("claim", claim=proven.pk, email=proven.site_email)
    outcomes = at_once(
        lambda: claims.prove_claim(token=token, person=proven.user, site=SITE),
        lambda: claims.accept_claim(claim_id=other.pk, decided_by=agent, site=SITE, as_first=True),
    )
    refused = [one for one in outcomes if isinstance(one, ClaimRefused | links.LinkRefused)]
    assert len(refused) == 1
    assert structure.mandates.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("end", ["accept", "refuse", "withdraw", "erase", "another"])
def test_the_document_is_erased_however_the_claim_ends(end):
    claim, agent = claim_of(StructureFactory(), document=document()), UserFactory(agent=True)
    decision = {"decided_by": agent, "site": SITE}
    path = claim.document.path
    assert os.stat(path).st_mode & 0o777 == 0o600
    if end == "accept":
        claims.accept_claim(claim_id=claim.pk, **decision)
    if end == "refuse":
        claims.refuse_claim(claim_id=claim.pk, refusal="Le nom ne va pas.", **decision)
    if end == "withdraw":
        claims.withdraw_claim(claim_id=claim.pk, person=claim.user)
    if end == "erase":
        claims.forget_claims_of(person=claim.user)
    if end == "another":
        claims.accept_claim(claim_id=claim_of(claim.structure).pk, **decision)
    assert not os.path.exists(path)
    assert not Claim.objects.exclude(document="").exists()


@pytest.mark.django_db
def test_old_claims_and_documents_that_no_claim_names_are_forgotten():
    kept = claim_of(StructureFactory(), document=document())
    storage = kept.document.storage
    orphans = [storage.save(f"claims/{name}.pdf", ContentFile(b"%PDF-")) for name in ("old", "new")]
    for name in (orphans[0], kept.document.name):
        os.utime(storage.path(name), (time.time() - 7200,) * 2)
    old = claim_of(StructureFactory())
    claims.withdraw_claim(claim_id=old.pk, person=old.user)
    Claim.objects.filter(pk=old.pk).update(decided_at=timezone.now() - timezone.timedelta(days=366))
    claims.forget_old_claims()
    assert [storage.exists(name) for name in (*orphans, kept.document.name)] == [False, True, True]
    assert list(Claim.objects.all()) == [kept]


@pytest.mark.django_db(transaction=True)
def test_a_document_that_the_team_no_longer_judges_is_erased():
    kept, handed_on = (
        claim_of(StructureFactory(), document=document()),
        claim_of(StructureFactory(), document=document()),
    )
    MandateFactory(structure=handed_on.structure)
    claims.forget_old_claims()
    assert [os.path.exists(claim.document.path) for claim in (kept, handed_on)] == [True, False]
    assert list(Claim.objects.exclude(document="")) == [kept]


@pytest.mark.django_db
def test_the_history_keeps_no_words_of_a_claim():
    fields = {field.name for field in Claim.pgh_event_models["insert"]._meta.get_fields()}
    assert fields.isdisjoint({"position", "text", "site_email", "document", "refusal"})


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_nobody_answers_ends_after_six_months_with_its_document():
    recent, old = (claim_of(StructureFactory(), document=document()) for _ in range(2))
    made_at = timezone.now() - Claim.WAITS_FOR
    for claim, day in ((recent, made_at + timedelta(days=1)), (old, made_at - timedelta(minutes=1))):
        Claim.objects.filter(pk=claim.pk).update(made_at=day)
    path = old.document.path
    deliver()
    claims.close_unanswered(site=SITE)
    claims.close_unanswered(site=SITE)
    (letter,) = deliver()
    assert letter.to == [old.user.email]
    assert "Personne n’a répondu en six mois" in letter.body
    assert not os.path.exists(path)
    assert dict(Claim.objects.values_list("pk", "state")) == {recent.pk: "waiting", old.pk: "expired"}
    assert claim_of(old.structure, old.user).state == "waiting"
