"""Writing to a structure without an account: nothing reaches it before the address is proved, no address is shown."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from maillage.accounts.limits import LIMITS
from maillage.directory.models import VisitorLetter
from maillage.directory.visitor_letters import forget, token_of
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.letters import address_in, deliver

pytestmark = pytest.mark.django_db
TYPED = {"name": "Odile Delmas", "email": "odile@exemple.fr", "text": "Bonjour.\n\nReste-t-il une place ?"}


@pytest.fixture
def structure(mandate):
    return mandate.structure


def write(client, structure, **changes):
    return client.post(reverse("write-as-visitor", args=[structure.pk]), TYPED | changes)


def link(client, structure, **changes):
    write(client, structure, **changes)
    (letter,) = deliver()
    return address_in(letter)


def test_a_letter_goes_to_those_who_represent_the_structure_once_the_address_is_proved(client, structure, mandate):
    colleague = MandateFactory(structure=structure).user
    assert write(client, structure).url == reverse("visitor-letter-waits", args=[structure.pk])
    assert mail.outbox == []
    (question,) = deliver()
    assert question.to == ["odile@exemple.fr"]
    assert "Reste" not in question.body
    assert "Odile" not in question.body
    address = address_in(question)
    assert "Reste‑t‑il une place\u202f?" in client.get(address).content.decode()
    assert deliver() == []
    structure.page_addresses.create(slug="harmonie-de-revel")
    assert "Votre message est parti" in client.post(address).content.decode()
    *received, receipt = sorted(deliver(), key=lambda message: message.to == ["odile@exemple.fr"])
    assert sorted(message.to[0] for message in received) == sorted([mandate.user.email, colleague.email])
    for message in received:
        assert message.reply_to == ["odile@exemple.fr"]
        assert "Reste‑t‑il une place\u202f?" in message.body
    shown = str(receipt.message()) + client.get(structure.get_absolute_url(), follow=True).content.decode()
    assert "Reste" in receipt.body
    assert address_in(receipt) == "/chez/harmonie-de-revel/"
    assert mandate.user.email not in shown
    assert colleague.email not in shown


def test_a_link_serves_once(client, structure):
    address = link(client, structure)
    assert [client.post(address).status_code, client.post(address).status_code] == [200, 410]
    assert client.get(address).status_code == 410
    assert len(deliver()) == 2


def test_a_link_that_was_changed_or_is_old_serves_nothing(client, structure):
    address = link(client, structure)
    assert client.post(f"{address[:-2]}x/").status_code == 410
    with time_machine.travel(timezone.now() + timedelta(days=2, minutes=1)):
        assert client.post(address).status_code == 410
    assert deliver() == []


def test_only_current_representatives_who_hear_of_messages_receive(client, structure):
    MandateFactory(structure=structure, ended=True)
    MandateFactory(structure=structure, role="contributor")
    MandateFactory(structure=structure, user=UserFactory(hears_of_messages=False))
    MandateFactory(structure=structure, user=UserFactory(is_active=False))
    client.post(link(client, structure))
    assert len(deliver()) == 2


def test_a_structure_that_nobody_represents_cannot_be_written_to(client):
    for structure in (StructureFactory(), MandateFactory(structure__dissolved=True).structure):
        assert (
            reverse("write-as-visitor", args=[structure.pk])
            not in client.get(structure.get_absolute_url()).content.decode()
        )
        page = client.get(reverse("write-as-visitor", args=[structure.pk]))
        assert "Personne ne lit encore" in page.content.decode()
        assert write(client, structure).status_code == 403
    assert not VisitorLetter.objects.exists()


def test_the_page_of_the_structure_leads_visitors_to_the_form(client, structure):
    assert reverse("write-as-visitor", args=[structure.pk]) in client.get(structure.get_absolute_url()).content.decode()


def test_people_whose_account_acts_for_nobody_write_by_e_mail_too(client, structure):
    person = UserFactory(name="Noé Benali")
    client.force_login(person)
    address = reverse("write-as-visitor", args=[structure.pk])
    assert address in client.get(structure.get_absolute_url()).content.decode()
    assert client.get(address).context["form"].initial == {"name": "Noé Benali", "email": person.email}
    client.force_login(MandateFactory().user)
    page = client.get(structure.get_absolute_url()).content.decode()
    assert (address in page, reverse("write-to-structure", args=[structure.pk]) in page) == (False, True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"email": "odile@"}, "email"),
        ({"email": "odile@exemple.fr\nBcc: tous@exemple.fr"}, "email"),
        ({"email": "a@exemple.fr, b@exemple.fr"}, "email"),
        ({"name": ""}, "name"),
        ({"text": "x" * 2001}, "text"),
        ({"text": " \n "}, "text"),
    ],
)
def test_a_mistake_is_told_and_nothing_typed_is_lost(client, structure, changes, field):
    response = write(client, structure, **changes)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    kept = next(value for name, value in TYPED.items() if name != field and name != "text")
    assert kept in response.content.decode()
    assert not VisitorLetter.objects.exists()


def test_hostile_words_stay_words(client, structure):
    typed = {"name": "Odile\r\nBcc: tous@exemple.fr", "text": "<script>alert(1)</script> {{ site }}"}
    address = link(client, structure, **typed)
    assert "<script>alert" not in client.get(address).content.decode()
    client.post(address)
    for message in deliver():
        html = message.alternatives[0].content
        assert "<script>" not in html
        assert "{{ site }}" in html
        assert message.bcc == []
        assert "Bcc" not in message.message()


def test_letters_of_one_address_are_limited(client, structure):
    most = LIMITS["visitor"]["about"].times
    assert [write(client, structure).status_code for _ in range(most + 1)] == [302] * most + [429]
    assert VisitorLetter.objects.count() == most


def test_a_structure_is_not_flooded(client, structure):
    most = LIMITS["structure"]["about"].times
    addresses = []
    for number in range(most + 1):
        letter = VisitorLetter.objects.create(
            structure=structure, name="O", email=f"o{number}@exemple.fr", text="Bonjour"
        )
        addresses.append(reverse("send-visitor-letter", args=[token_of(letter)]))
    answers = [client.post(address, REMOTE_ADDR=f"192.0.2.{n}").status_code for n, address in enumerate(addresses)]
    assert answers == [200] * most + [429]


def test_letters_are_erased_after_three_days(client, structure):
    write(client, structure)
    forget()
    assert VisitorLetter.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=3, minutes=1)):
        forget()
    assert VisitorLetter.objects.count() == 0


def test_a_letter_that_was_erased_is_not_sent(client, structure):
    client.post(link(client, structure))
    VisitorLetter.objects.all().delete()
    assert deliver() == []


def test_the_database_refuses_an_empty_letter(structure):
    for empty in ("name", "email", "text"):
        with pytest.raises(IntegrityError, match="visitor_letter_is_whole"), transaction.atomic():
            VisitorLetter.objects.create(structure=structure, **(TYPED | {empty: ""}))
