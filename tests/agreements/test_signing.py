"""Proposing and signing: who may, what a new version undoes, what the database refuses."""

import hashlib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from maillage.accounts import links
from maillage.agreements import services, signing, tasks
from maillage.agreements.merging import hand_over_agreements
from maillage.agreements.models import Agreement, Signature, SignedCopy, Version
from maillage.agreements.services import AgreementRefused
from maillage.agreements.writing import is_intact
from tests.factories.accounts import UserFactory
from tests.factories.agreements import SITE, facts_of, form_of, loan, make_agreement, sign_for
from tests.factories.directory import AssistanceFactory, MandateFactory
from tests.factories.sharing import BookingFactory
from tests.letters import deliver

pytestmark = pytest.mark.django_db


def person_of(agreement, side):
    return agreement.structure_of(side).mandates.get(may_commit=True).user


def propose_again(agreement, side="borrower", **changes):
    form = form_of("free_loan", loan(**changes))
    assert form.is_valid()
    author = person_of(agreement, side)
    return services.propose(
        agreement_id=agreement.pk, author=author, facts=form.cleaned_data, typed=form.typed, site=SITE
    )


def test_both_sign_and_each_receives_the_same_copy():
    agreement = make_agreement()
    [letter] = deliver()
    assert letter.to == [person_of(agreement, "borrower").email]
    sign_for(agreement, "borrower")
    code, turn = sorted(deliver(), key=lambda one: one.subject.startswith("Il manque"))
    assert code.to == [person_of(agreement, "borrower").email]
    assert turn.to == [person_of(agreement, "lender").email]
    agreement.refresh_from_db()
    assert agreement.state == Agreement.State.SIGNED_BY_ONE
    sign_for(agreement, "lender")
    copies = [one for one in deliver() if one.attachments]
    assert {one.to[0] for one in copies} == {person_of(agreement, side).email for side in ("lender", "borrower")}
    copy = SignedCopy.objects.get()
    for one in copies:
        [attached] = one.attachments
        assert hashlib.sha256(attached[1]).hexdigest() == copy.digest
    agreement.refresh_from_db()
    assert agreement.state == Agreement.State.IN_FORCE
    assert is_intact(agreement.latest)


def test_the_code_of_the_letter_signs_and_another_does_not():
    agreement = make_agreement()
    person = person_of(agreement, "borrower")
    token = signing.ask_code(version=agreement.latest, person=person, side="borrower", capacity="trésorier", site=SITE)
    code = next(one for one in deliver() if "code" in one.subject).subject[-7:].replace("\u00a0", "")
    wrong = f"{(int(code) + 1) % 10**6:06}"
    assert signing.sign(token=token, code=wrong, person=person, site=SITE) is None
    signature = signing.sign(token=token, code=code, person=person, site=SITE)
    assert (signature.name, signature.capacity, signature.digest) == (person.name, "trésorier", agreement.latest.digest)


def test_a_code_is_of_no_use_after_a_quarter_of_an_hour_nor_to_another():
    agreement = make_agreement()
    person = person_of(agreement, "borrower")
    token = signing.ask_code(version=agreement.latest, person=person, side="borrower", capacity="x", site=SITE)
    with pytest.raises(links.LinkRefused):
        signing.sign(token=token, code="000000", person=UserFactory(), site=SITE)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)), pytest.raises(links.LinkRefused):
        signing.sign(token=token, code=links.code_for(person, token), person=person, site=SITE)


def test_only_who_may_commit_the_structure_signs():
    agreement = make_agreement()
    other = MandateFactory(structure=agreement.borrower, may_commit=False).user
    with pytest.raises(AgreementRefused, match="peut engager l’association"):
        signing.ask_code(version=agreement.latest, person=other, side="borrower", capacity="x", site=SITE)
    assert not other.has_perm("agreements.sign_agreement", agreement)
    assert other.has_perm("agreements.see_agreement", agreement)


def test_a_mandate_that_ends_between_the_letter_and_the_code_signs_no_more():
    agreement = make_agreement()
    person = person_of(agreement, "borrower")
    token = signing.ask_code(version=agreement.latest, person=person, side="borrower", capacity="x", site=SITE)
    agreement.borrower.mandates.update(ends_on=timezone.localdate() - timedelta(days=1))
    with pytest.raises(AgreementRefused):
        signing.sign(token=token, code=links.code_for(person, token), person=person, site=SITE)


def test_who_gave_no_name_does_not_sign_by_an_address():
    agreement = make_agreement()
    person = person_of(agreement, "borrower")
    person.name = " "
    person.save()
    with pytest.raises(AgreementRefused, match="votre nom"):
        signing.ask_code(version=agreement.latest, person=person, side="borrower", capacity="x", site=SITE)


def test_a_text_that_names_another_structure_is_not_signed():
    agreement = make_agreement()
    person, version = person_of(agreement, "borrower"), agreement.latest
    merged = MandateFactory().structure
    hand_over_agreements(agreement.lender, merged)
    ask = {"version": Version.objects.get(), "person": person, "side": "borrower", "capacity": "x", "site": SITE}
    with pytest.raises(AgreementRefused, match="n’a plus le nom"):
        signing.ask_code(**ask)
    assert version.signatures.count() == 0
    assert propose_again(agreement).number == 2


def test_nobody_signs_for_both():
    agreement = make_agreement()
    person = person_of(agreement, "lender")
    MandateFactory(user=person, structure=agreement.borrower, may_commit=True)
    sign_for(agreement, "lender")
    with pytest.raises(AgreementRefused, match="ne signe pas pour les deux"):
        signing.ask_code(version=agreement.latest, person=person, side="borrower", capacity="x", site=SITE)


def test_a_new_version_voids_the_signatures_of_the_one_before():
    agreement = make_agreement(state="signed_by_one")
    token = signing.ask_code(
        version=agreement.latest,
        person=person_of(agreement, "borrower"),
        side="borrower",
        capacity="x",
        site=SITE,
    )
    version = propose_again(agreement, use="La kermesse")
    agreement.refresh_from_db()
    assert (version.number, agreement.state) == (2, Agreement.State.PROPOSED)
    assert not version.signatures.exists()
    person = person_of(agreement, "borrower")
    with pytest.raises(AgreementRefused, match="Une nouvelle version"):
        signing.sign(token=token, code=links.code_for(person, token), person=person, site=SITE)


def test_the_same_again_is_no_new_version():
    agreement = make_agreement()
    with pytest.raises(AgreementRefused, match="Rien n’a changé"):
        propose_again(agreement)


def test_what_is_signed_by_both_changes_no_more():
    agreement = make_agreement(state="in_force")
    with pytest.raises(AgreementRefused, match="n’est plus ouvert"):
        propose_again(agreement, use="La kermesse")
    with pytest.raises(AgreementRefused, match="n’est plus ouvert"):
        services.withdraw(agreement_id=agreement.pk, author=person_of(agreement, "lender"), site=SITE)


def test_the_service_refuses_what_the_blockers_refuse():
    agreement = make_agreement(state="draft")
    facts = facts_of("free_loan") | {"consumed": "yes"}
    with pytest.raises(AgreementRefused, match="ne se prête pas"):
        services.propose(
            agreement_id=agreement.pk, author=person_of(agreement, "lender"), facts=facts, typed={}, site=SITE
        )


@pytest.mark.parametrize("table", [Version, Signature, SignedCopy])
def test_the_database_refuses_that_anything_signed_changes(table):
    make_agreement(state="in_force")
    column = {Version: "content", Signature: "capacity", SignedCopy: "digest"}[table]
    value = "f" * 64
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        table.objects.update(**{column: value})
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table._meta.db_table} SET {column} = %s", [value])


def test_the_database_refuses_a_digest_that_is_not_that_of_the_text():
    agreement = make_agreement()
    version = agreement.latest
    with pytest.raises(IntegrityError, match="version_digest_is_that_of_its_content"), transaction.atomic():
        Version.objects.create(
            agreement=agreement,
            number=2,
            facts={},
            content=version.content + " ",
            digest=version.digest,
            made_for="lender",
        )
    with pytest.raises(IntegrityError, match="copy_digest_is_that_of_its_pdf"), transaction.atomic():
        SignedCopy.objects.create(version=version, pdf=b"%PDF", digest="0" * 64)


def test_a_signed_version_is_not_deleted():
    agreement = make_agreement(state="signed_by_one")
    with pytest.raises(IntegrityError):
        agreement.delete()


def test_tampering_by_who_holds_the_database_shows():
    agreement = make_agreement(state="in_force")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE agreements_version DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE agreements_version SET content = replace(content, 'MAIF', 'MACIF'),"
            " digest = encode(sha256(convert_to(replace(content, 'MAIF', 'MACIF'), 'UTF8')), 'hex')"
        )
    assert not is_intact(agreement.latest)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"borrower_id": "lender"}, "agreement_between_two"),
        ({"ends_on": timezone.localdate() - timedelta(days=99)}, "agreement_ends_after_it_starts"),
        ({"state": "withdrawn"}, "agreement_closing_is_dated"),
        ({"state": "terminated", "closed_on": timezone.localdate()}, "agreement_termination_says_why"),
    ],
)
def test_the_database_refuses_agreements_that_cannot_be(changes, name):
    agreement = make_agreement()
    values = {key: agreement.lender_id if value == "lender" else value for key, value in changes.items()}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(**values)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"side": "lender"}, "signature_once_a_side"),
        ({"person": "lender"}, "signature_once_a_person"),
        ({"capacity": " "}, "signature_says_who"),
        ({"digest": "z" * 64}, "signature_digest_format"),
    ],
)
def test_the_database_refuses_signatures_that_cannot_be(changes, name):
    agreement = make_agreement(state="signed_by_one")
    if "person" in changes:
        changes = {"person": person_of(agreement, "lender")}
    known = {"side": "borrower", "person": UserFactory(), "name": "A", "capacity": "x", "digest": "0" * 64}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Signature.objects.create(version=agreement.latest, **known | changes)


def test_termination_tells_the_other_why():
    agreement = make_agreement(state="in_force")
    deliver()
    author = person_of(agreement, "lender")
    with pytest.raises(AgreementRefused, match="Dites pourquoi"):
        services.terminate(agreement_id=agreement.pk, author=author, reason=" ", site=SITE)
    services.terminate(agreement_id=agreement.pk, author=author, reason="Le barnum est cassé.", site=SITE)
    [letter] = deliver()
    assert letter.to == [person_of(agreement, "borrower").email]
    assert "Le barnum est cassé." in letter.body
    assert list(Agreement.objects.over()) == [agreement]


def test_who_helps_one_side_and_signs_for_the_other_tells_the_first():
    agreement = make_agreement(state="in_force")
    deliver()
    author = person_of(agreement, "borrower")
    AssistanceFactory(helper=author, structure=agreement.lender)
    services.terminate(agreement_id=agreement.pk, author=author, reason="Vendu.", site=SITE)
    assert person_of(agreement, "lender").email in [letter.to[0] for letter in deliver()]


def test_a_reminder_leaves_once_a_day():
    agreement = make_agreement()
    deliver()
    ask = {"agreement_id": agreement.pk, "side": "borrower", "site": SITE}
    assert [signing.remind(**ask), signing.remind(**ask)] == [True, False]
    [letter] = deliver()
    assert letter.to == [person_of(agreement, "borrower").email]
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert signing.remind(**ask)
    sign_for(agreement, "borrower")
    assert not signing.remind(**ask)


def test_those_whose_signature_is_awaited_are_reminded_after_three_days_then_each_week():
    agreement = make_agreement(state="signed_by_one")
    deliver()
    reminded = []
    for days in (1, 4, 5, 12):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            signing.remind_waiting(site=SITE)
            reminded.append([letter.to for letter in deliver()])
    to = [[person_of(agreement, "borrower").email]]
    assert reminded == [[], to, [], to]


def test_an_agreement_is_renewed_with_the_same_answers_but_the_days():
    agreement = make_agreement(state="in_force")
    new = services.renew(agreement_id=agreement.pk, author=person_of(agreement, "borrower"))
    assert (new.renews, new.state, new.written_for) == (agreement, "draft", "borrower")
    gone = {"starts_on", "starts_at", "due_on", "due_at", "insured_until", "checked_on"}
    assert new.typed == {name: value for name, value in agreement.typed.items() if name not in gone}
    with pytest.raises(AgreementRefused, match="une fois signé"):
        services.renew(agreement_id=new.pk, author=person_of(agreement, "borrower"))


def test_a_booking_has_one_agreement_of_its_own_two_structures():
    booking = BookingFactory(confirmed=True)
    lender, borrower = booking.listing.structure, booking.borrower
    author = MandateFactory(structure=lender).user
    sides = {"lender": lender, "borrower": borrower, "written_for": "lender", "author": author}
    made = services.begin(nature="free_loan", booking=booking, **sides)
    with pytest.raises(AgreementRefused, match="Cette réservation a déjà son accord"):
        services.begin(nature="free_loan", booking=booking, **sides)
    services.withdraw(agreement_id=made.pk, author=author, site=SITE)
    services.begin(nature="free_loan", booking=booking, **sides)
    with pytest.raises(AgreementRefused, match="entre d’autres associations"):
        services.begin(nature="free_loan", booking=booking, **sides | {"borrower": MandateFactory().structure})
    with pytest.raises(IntegrityError, match="agreement_once_a_booking"), transaction.atomic():
        Agreement.objects.update(state="draft", closed_on=None)


def test_who_erased_their_account_stays_on_what_they_signed():
    agreement = make_agreement(state="in_force")
    person = person_of(agreement, "lender")
    name = person.name
    person.delete()
    assert Signature.objects.get(side="lender").name == name
    assert Signature.objects.get(side="lender").person is None


def test_a_draft_is_seen_by_its_own_side_alone_and_lists_agree():
    draft, shown = make_agreement(state="draft"), make_agreement()
    people = [person_of(one, side) for one in (draft, shown) for side in ("lender", "borrower")]
    people += [UserFactory(), UserFactory(agent=True)]
    for person in people:
        listed = set(Agreement.objects.seen_by(person))
        assert listed == {one for one in (draft, shown) if person.has_perm("agreements.see_agreement", one)}
    assert [Agreement.objects.seen_by(person).count() for person in people] == [1, 0, 1, 1, 0, 0]


def test_what_is_past_is_neither_signed_nor_reminded_of():
    agreement = make_agreement(state="signed_by_one")
    person = person_of(agreement, "borrower")
    deliver()
    with time_machine.travel(timezone.now() + timedelta(days=13)):
        signing.remind_waiting(site=SITE)
        assert not signing.remind(agreement_id=agreement.pk, side="borrower", site=SITE)
        assert deliver() == []
        assert signing.sides_to_sign(agreement, person) == []
        with pytest.raises(AgreementRefused, match="jours de cet accord sont passés"):
            signing.ask_code(version=agreement.latest, person=person, side="borrower", capacity="x", site=SITE)


def test_letters_that_are_no_longer_so_do_not_leave():
    agreement = make_agreement(state="signed_by_one")
    signing.remind(agreement_id=agreement.pk, side="borrower", site=SITE)
    propose_again(agreement, side="lender", use="La kermesse")
    assert not [one.subject for one in deliver() if one.subject.startswith("Il manque")]
    services.withdraw(agreement_id=agreement.pk, author=person_of(agreement, "borrower"), site=SITE)
    assert [one.subject.split("\u00a0")[0] for one in deliver()] == ["Accord abandonné"]
    mail.outbox.clear()
    tasks.write("waiting", agreement.pk, person_of(agreement, "borrower").pk, SITE)
    assert mail.outbox == []


def test_a_draft_that_is_given_up_stays_unseen_by_the_other_side():
    draft, shown = make_agreement(state="draft"), make_agreement()
    for agreement in (draft, shown):
        author, other = person_of(agreement, "lender"), person_of(agreement, "borrower")
        services.withdraw(agreement_id=agreement.pk, author=author, site=SITE)
        agreement.refresh_from_db()
        sees = [person.has_perm("agreements.see_agreement", agreement) for person in (author, other)]
        assert sees == [True, agreement == shown]
        assert sees == [Agreement.objects.seen_by(person).exists() for person in (author, other)]


def test_a_structure_that_ended_neither_proposes_nor_signs():
    agreement = make_agreement()
    person = person_of(agreement, "borrower")
    type(agreement.borrower).objects.filter(pk=agreement.borrower_id).update(state="dissolved")
    with pytest.raises(AgreementRefused, match="n’est plus active"):
        signing.ask_code(version=Version.objects.get(), person=person, side="borrower", capacity="x", site=SITE)
    assert not [one for one in mail.outbox if "code" in one.subject]
