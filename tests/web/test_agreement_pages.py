"""Agreements through the pages: ask, write, propose, sign by both, read, verify."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from maillage.agreements.models import Agreement, SignedCopy
from tests.factories.accounts import UserFactory
from tests.factories.agreements import loan, make_agreement, signer
from tests.factories.conversations import ConversationFactory
from tests.factories.sharing import BookingFactory, ListingFactory
from tests.letters import deliver
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db
TREE = "?quoi=materiel&materiel=gratuit"


@pytest.fixture
def lender():
    return signer(name="Foyer rural")


@pytest.fixture
def borrower():
    return signer(name="Harmonie de Revel")


def as_(mandate):
    client = Client()
    sign_in(client, mandate.user)
    return client


def page(client, name, *arguments, **query):
    return client.get(reverse(name, args=arguments), query).content.decode()


def begin(client, lender, borrower, **given):
    given = {"structure": lender.structure.pk, "side": "lender", "partner": borrower.structure.pk} | given
    return client.post(reverse("new-agreement") + TREE, given)


def test_a_loan_from_the_question_to_both_copies(lender, borrower):
    ConversationFactory(structures=[lender.structure, borrower.structure])
    lending, borrowing = as_(lender), as_(borrower)
    answer = begin(lending, lender, borrower)
    agreement = Agreement.objects.get()
    assert answer.url == reverse("write-agreement", args=[agreement.pk])
    assert lending.post(answer.url, loan()).url == agreement.get_absolute_url()
    assert borrowing.get(agreement.get_absolute_url()).status_code == 404
    lending.post(reverse("propose-agreement", args=[agreement.pk]))
    deliver()
    assert "Il manque une signature : celle d’Harmonie de Revel." in page(borrowing, "agreement", agreement.pk).replace(
        "\u00a0", " "
    )
    for client in (borrowing, lending):
        signing = reverse("sign-agreement", args=[agreement.pk])
        assert "3 × 3 m" in client.get(signing).content.decode()
        answer = client.post(signing, {"capacity": "présidente", "may_sign": "on"})
        assert answer.url == reverse("agreement-code", args=[agreement.pk])
        code = next(one for one in deliver() if "code" in one.subject).subject[-7:]
        assert client.post(answer.url, {"code": code}).url == agreement.get_absolute_url()
    agreement.refresh_from_db()
    assert agreement.state == Agreement.State.IN_FORCE
    attached = [one.attachments[0][1] for one in deliver() if one.attachments]
    copy = SignedCopy.objects.get()
    assert attached == [bytes(copy.pdf)] * 2
    assert borrowing.get(reverse("agreement-pdf", args=[agreement.pk])).content == bytes(copy.pdf)
    assert "Les deux associations ont signé" in page(lending, "agreement", agreement.pk)


def test_the_form_keeps_what_was_typed_and_says_how_to_mend_it(lender, borrower):
    agreement = make_agreement(lender.structure, borrower.structure, state="draft")
    client = as_(lender)
    answer = client.post(reverse("write-agreement", args=[agreement.pk]), loan(due_on="le 32", use="La kermesse"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Nous n’avons pas compris ce jour." in text
    assert 'value="le 32"' in text
    assert "La kermesse" in text


def test_a_draft_is_kept_as_it_is_and_taken_up_again(lender, borrower):
    ConversationFactory(structures=[lender.structure, borrower.structure])
    client = as_(lender)
    answer = begin(client, lender, borrower)
    agreement = Agreement.objects.get()
    client.post(answer.url, {"things": "Une sono", "due_on": "n’importe", "keep": "1"})
    assert 'value="n’importe"' in page(client, "write-agreement", agreement.pk)
    assert "Ce brouillon n’est pas fini" in page(client, "agreement", agreement.pk)
    assert client.get(reverse("agreement-pdf", args=[agreement.pk])).status_code == 404
    answer = client.post(reverse("propose-agreement", args=[agreement.pk]), follow=True)
    assert "Il reste quelque chose à remplir" in answer.content.decode()


def test_the_listing_fills_what_it_knows(lender, borrower):
    listing = ListingFactory(structure=lender.structure, title="Camionnette", category="technical.vehicles.van")
    client = as_(borrower)
    address = reverse("new-agreement") + f"{TREE}&annonce={listing.pk}"
    form = client.get(address).context["form"]
    assert form.initial == {"side": "borrower", "partner": lender.structure.pk, "structure": borrower.structure.pk}
    client.post(address, form.initial)
    agreement = Agreement.objects.get()
    assert (agreement.listing, agreement.lender) == (listing, lender.structure)
    assert agreement.typed == {"things": ["Camionnette"], "start_place": [listing.commune.name]}


def test_a_booking_leads_to_its_agreement_filled_with_what_is_known(lender, borrower):
    listing = ListingFactory(structure=lender.structure, title="Camionnette")
    booking = BookingFactory(listing=listing, borrower=borrower.structure, confirmed=True, purpose="La fête")
    client = as_(borrower)
    address = f"{reverse('new-agreement')}{TREE}&reservation={booking.pk}"
    form = client.get(address).context["form"]
    assert form.initial == {"structure": borrower.structure.pk, "partner": lender.structure.pk, "side": "borrower"}
    client.post(address, form.initial)
    agreement = Agreement.objects.get()
    start, end = map(timezone.localtime, (booking.period.lower, booking.period.upper))
    assert (agreement.booking, agreement.listing, agreement.typed["use"]) == (booking, listing, ["La fête"])
    assert agreement.typed["starts_on"] == [f"{start:%d/%m/%Y}"]
    assert agreement.typed["due_on"] == [f"{end:%d/%m/%Y}"]
    again = client.get(reverse("new-agreement"), {"reservation": booking.pk})
    assert again.url == agreement.get_absolute_url()
    assert f"?reservation={booking.pk}" in page(client, "booking", booking.pk)


def test_a_renewal_keeps_the_answers_and_asks_for_the_days(lender, borrower):
    agreement = make_agreement(lender.structure, borrower.structure, state="in_force")
    answer = as_(borrower).post(reverse("renew-agreement", args=[agreement.pk]), follow=True)
    assert "Il reste les jours à écrire" in answer.content.decode()
    assert answer.context["form"].initial["use"] == "La fête de l’école"
    assert "due_on" not in answer.context["form"].initial


def test_one_begins_only_with_whom_one_talks(lender, borrower):
    client = as_(lender)
    assert "Parlez-vous d’abord" in client.get(reverse("new-agreement") + TREE).content.decode()
    assert begin(client, lender, borrower).status_code == 403
    ConversationFactory(structures=[lender.structure, borrower.structure])
    stranger = signer()
    assert begin(client, lender, stranger).status_code == 422
    assert not Agreement.objects.exists()


def test_the_other_structure_proposes_its_version(lender, borrower):
    agreement = make_agreement(lender.structure, borrower.structure, state="signed_by_one")
    deliver()
    client = as_(borrower)
    assert "Les signatures déjà données ne comptent plus" in page(client, "write-agreement", agreement.pk)
    answer = client.post(reverse("write-agreement", args=[agreement.pk]), loan(use="La kermesse"))
    assert answer.url == agreement.get_absolute_url()
    assert agreement.latest.number == 2
    assert [one.to for one in deliver()] == [[lender.user.email]]
    same = client.post(reverse("write-agreement", args=[agreement.pk]), loan(use="La kermesse"), follow=True)
    assert "Rien n’a changé" in same.content.decode()


def test_what_was_read_is_what_is_signed(lender, borrower):
    agreement = make_agreement(lender.structure, borrower.structure)
    client = as_(borrower)
    address = reverse("sign-agreement", args=[agreement.pk])
    read = re.search(r'name="version" value="(\d+)"', client.get(address).content.decode())[1]
    as_(lender).post(reverse("write-agreement", args=[agreement.pk]), loan(use="La kermesse"))
    answer = client.post(address, {"version": read, "capacity": "présidente", "may_sign": "on"})
    assert answer.status_code == 422
    assert "Une nouvelle version vient d’être proposée" in answer.content.decode()


def test_signing_asks_for_the_right_and_the_capacity(lender, borrower):
    agreement = make_agreement(lender.structure, borrower.structure)
    answer = as_(borrower).post(reverse("sign-agreement", args=[agreement.pk]))
    assert set(answer.context["form"].errors) == {"capacity", "may_sign"}
    borrower.may_commit = False
    borrower.save()
    assert as_(borrower).get(reverse("sign-agreement", args=[agreement.pk])).status_code == 404
    assert "Seule une personne qui peut engager" in page(as_(borrower), "agreement", agreement.pk)


def test_codes_are_tried_a_few_times_only(lender, borrower):
    agreement = make_agreement(lender.structure, borrower.structure)
    client = as_(borrower)
    answer = client.post(reverse("sign-agreement", args=[agreement.pk]), {"capacity": "x", "may_sign": "on"})
    answers = [client.post(answer.url, {"code": "12"}).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_a_code_page_without_a_code_leads_back(lender, borrower):
    agreement = make_agreement(lender.structure, borrower.structure)
    answer = as_(borrower).get(reverse("agreement-code", args=[agreement.pk]))
    assert answer.url == reverse("sign-agreement", args=[agreement.pk])


def verify(**sent):
    return Client().post(reverse("verify-document"), sent).content.decode()


def test_anyone_verifies_a_file_or_its_digest(lender, borrower):
    agreement = make_agreement(lender.structure, borrower.structure, state="in_force")
    pdf = bytes(SignedCopy.objects.get().pdf)
    assert "c’est bien ce qui a été signé" in verify(document=SimpleUploadedFile("a.pdf", pdf))
    assert "n’est pas un document signé" in verify(document=SimpleUploadedFile("a.pdf", pdf + b" "))
    assert "c’est bien ce qui a été signé" in verify(digest=agreement.latest.digest.upper())
    assert "n’est pas un document signé" in verify(digest="0" * 64)
    assert "Une empreinte a soixante-quatre signes" in verify(digest="abc")
    assert "Choisissez un document" in verify()
    text = verify(digest=agreement.latest.digest)
    assert lender.structure.name not in text
    assert lender.user.name not in text


def test_what_is_not_signed_by_both_is_said_so(lender, borrower):
    agreement = make_agreement(lender.structure, borrower.structure, state="signed_by_one")
    assert "n’est pas signé par tous" in verify(digest=agreement.latest.digest)


def test_withdraw_remind_terminate(lender, borrower):
    agreement = make_agreement(lender.structure, borrower.structure)
    client = as_(lender)
    said = client.post(reverse("remind-agreement", args=[agreement.pk]), follow=True).content.decode()
    assert "Un rappel part vers Harmonie de Revel." in said
    client.post(reverse("withdraw-agreement", args=[agreement.pk]))
    assert "abandonné depuis" in page(client, "agreement", agreement.pk)
    signed = make_agreement(lender.structure, borrower.structure, state="in_force")
    address = reverse("terminate-agreement", args=[signed.pk])
    assert client.post(address).status_code == 422
    assert client.post(address, {"reason": "Vendu."}).url == signed.get_absolute_url()
    assert "La raison\u00a0: Vendu." in page(client, "agreement", signed.pk)
    assert "Archives" in page(client, "agreements")


def test_agreements_are_nobody_else_s(lender, borrower):
    agreement = make_agreement(lender.structure, borrower.structure)
    client = Client()
    sign_in(client, UserFactory(agent=True))
    for name in ("agreement", "write-agreement", "agreement-pdf", "sign-agreement", "agreement-code"):
        assert client.get(reverse(name, args=[agreement.pk])).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_costs_the_same_for_one_or_many(lender, borrower, count, django_assert_max_num_queries):
    for _ in range(count):
        make_agreement(lender.structure, borrower.structure)
    client = as_(lender)
    with django_assert_max_num_queries(22):
        client.get(reverse("agreements"))
