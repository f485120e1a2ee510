"""Claiming the page of an association: the doors, the letters, the queue of the team."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from maillage.accounts.limits import LIMITS, Limit
from maillage.directory.claims import close_unanswered
from maillage.directory.models import Claim, Mandate
from maillage.engine.french import date_fr
from maillage.kernel.territory_settings import change_settings
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.letters import address_in, deliver

pytestmark = pytest.mark.django_db
POSITION = {"position": "trésorière"}
EMAIL = "contact@harmonie-revel.fr"
PDF = b"%PDF-1.4 recepisse"


@pytest.fixture
def structure():
    return StructureFactory(name="Harmonie de Revel", official_website="https://www.harmonie-revel.fr/")


@pytest.fixture
def person(client):
    user = UserFactory(name="Alix Martin")
    client.force_login(user)
    return user


@pytest.fixture
def agent():
    client = Client()
    client.agent = UserFactory(name="Camille Roux", agent=True)
    client.force_login(client.agent)
    return client


def claim(client, structure, **fields):
    return client.post(reverse("ask-to-act", args=[structure.pk]), POSITION | fields)


def errors(response):
    assert response.status_code == 422
    return dict(response.context["form"].errors)


def decide(agent, decision, refusal="", pk=None):
    pk = pk or Claim.objects.get().pk
    fields = {"decision": decision, f"{pk}-refusal": refusal}
    return agent.post(reverse("decide-claim", args=[pk]), fields)


def space(client):
    return client.get(reverse("my-space")).content.decode()


def picture():
    content, hidden = BytesIO(), Image.Exif()
    hidden[0x010E] = "a secret"
    Image.new("RGB", (400, 300), "#1c6c92").save(content, "JPEG", exif=hidden)
    return SimpleUploadedFile("pv.jpg", content.getvalue(), "image/jpeg")


def test_the_page_of_a_structure_tells_only_whether_it_is_tended(client, structure):
    page = client.get(structure.get_absolute_url()).content.decode()
    assert "C’est votre association\u202f?" in page
    assert reverse("ask-to-act", args=[structure.pk]) in page
    mandate = MandateFactory(structure=structure, user__name="Odile Delmas")
    page = client.get(structure.get_absolute_url()).content.decode()
    assert "Page tenue par l’association" in page
    assert "C’est votre association" not in page
    assert mandate.user.name not in page


def test_a_letter_to_the_site_gives_the_mandate_at_once(client, person, structure):
    answer = claim(client, structure, site_email=EMAIL.upper(), may_commit="on")
    assert answer["Location"] == reverse("my-space")
    assert EMAIL in space(client)
    letter, receipt = deliver()
    assert (receipt.to, receipt.subject) == ([person.email], "Votre demande est arrivée")
    assert f"Un message attend à l’adresse {EMAIL}" in receipt.body
    assert "Elle dit avoir le droit de signer" in letter.body
    assert letter.to == [EMAIL]
    assert "Alix Martin (trésorière) demande à tenir la page" in letter.body
    assert person.email not in letter.body
    address = address_in(letter)
    assert client.get(address).status_code == 200
    assert not Mandate.objects.exists()
    assert client.post(address)["Location"] == structure.get_absolute_url()
    mandate = Mandate.objects.get()
    assert (mandate.user, mandate.structure, mandate.role) == (person, structure, "representative")
    assert (mandate.may_commit, mandate.starts_on, mandate.ends_on) == (True, timezone.localdate(), None)
    kept = Claim.objects.get()
    assert (kept.state, kept.site_email, kept.decided_by) == ("accepted", "", None)
    (told,) = deliver()
    assert (told.to, told.subject) == ([person.email], "Vous agissez pour Harmonie de Revel")
    assert client.post(address).status_code == 410
    assert "Modifier la page" in client.get(structure.get_absolute_url()).content.decode()


def test_the_link_serves_only_the_one_who_asked(client, person, structure):
    claim(client, structure, site_email=EMAIL)
    address = address_in(deliver()[0])
    other = Client()
    assert other.get(address)["Location"].startswith(reverse("account_login"))
    other.force_login(UserFactory())
    assert [other.get(address).status_code, other.post(address).status_code] == [410, 410]
    assert not Mandate.objects.exists()


def test_the_link_holds_three_days(client, person, structure):
    claim(client, structure, site_email=EMAIL)
    address = address_in(deliver()[0])
    with time_machine.travel(timezone.now() + timezone.timedelta(days=3, minutes=1)):
        client.force_login(person)
        assert client.post(address).status_code == 410
    assert not Mandate.objects.exists()


@pytest.mark.parametrize("change", ["withdrawn", "taken", "site"])
def test_the_link_gives_nothing_when_something_changed(client, person, structure, change):
    claim(client, structure, site_email=EMAIL)
    address = address_in(deliver()[0])
    if change == "withdrawn":
        client.post(reverse("withdraw-claim", args=[Claim.objects.get().pk]))
    if change == "taken":
        MandateFactory(structure=structure)
    if change == "site":
        type(structure).objects.update(official_website="https://autre.fr/")
    client.post(address)
    assert not Mandate.objects.filter(user=person).exists()


@pytest.mark.parametrize(
    "email", ["contact@gmail.com", "contact@mail.harmonie-revel.fr", "contact@harmonie-revel.fr.exemple.org", "contact"]
)
def test_another_address_is_refused_and_what_was_typed_stays(client, person, structure, email):
    answer = claim(client, structure, site_email=email)
    assert list(errors(answer)) == ["site_email"]
    assert f'value="{email}"' in answer.content.decode()
    assert 'value="trésorière"' in answer.content.decode()
    assert not Claim.objects.exists()
    assert deliver() == []


def test_a_shared_site_offers_no_letter(client, person):
    structure = StructureFactory(official_website="https://www.facebook.com/harmonie")
    page = client.get(reverse("ask-to-act", args=[structure.pk])).content.decode()
    assert "site_email" not in page
    claim(client, structure, site_email="contact@facebook.com")
    assert (Claim.objects.get().site_email, [letter.to for letter in deliver()]) == ("", [[person.email]])


def test_the_position_is_asked_with_an_example(client, person, structure):
    assert errors(claim(client, structure, position=" ")) == {
        "position": ["Écrivez votre fonction\u00a0: par exemple, trésorière."]
    }


def test_a_document_is_kept_apart_and_erased_with_the_decision(client, person, structure, agent, settings):
    claim(client, structure, document=SimpleUploadedFile("pv.pdf", PDF, "application/pdf"))
    kept = Claim.objects.get()
    assert kept.document.path.startswith(str(settings.UPLOADS_FOLDER))
    answer = agent.post(reverse("claim-document", args=[kept.pk]))
    assert b"".join(answer) == PDF
    assert answer["Content-Disposition"] == f'attachment; filename="justificatif-{kept.pk}.pdf"'
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/octet-stream", "no-store")
    kept.refresh_from_db()
    assert kept.read_by == agent.agent
    assert "Votre justificatif a été lu" in space(client)
    decide(agent, "accepted")
    assert agent.post(reverse("claim-document", args=[kept.pk])).status_code == 404
    assert Claim.objects.get().document == ""


def test_a_picture_is_made_again_from_its_pixels(client, person, structure):
    claim(client, structure, document=picture())
    content = Claim.objects.get().document.read()
    assert Image.open(BytesIO(content)).format == "WEBP"
    assert b"a secret" not in content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>%PDF-</html>", "Nous ne savons pas lire ce fichier"),
        (b"GIF89a<script>", "Nous ne savons pas lire ce fichier"),
        (b"", "Ce fichier est vide"),
        (b"%PDF-" + b"0" * (10 * 2**20), "Ce fichier dépasse 10\u00a0Mo"),
    ],
    ids=["page", "picture", "empty", "too big"],
)
def test_a_document_that_is_none_is_refused(client, person, structure, content, sentence):
    found = errors(claim(client, structure, document=SimpleUploadedFile("pv.pdf", content)))
    assert list(found) == ["document"]
    assert found["document"][0].startswith(sentence)
    assert not Claim.objects.exists()


def test_the_person_hears_that_the_claim_is_here_and_sees_it_first(client, person, structure):
    claim(client, structure)
    (receipt,) = deliver()
    assert (receipt.to, receipt.subject) == ([person.email], "Votre demande est arrivée")
    assert "L’équipe du territoire la lit et vous répond." in receipt.body
    assert "La réponse vous parviendra par e\u2011mail." in receipt.body
    assert address_in(receipt) == reverse("my-space")
    shown = space(client)
    assert shown.index("Mes demandes") < shown.index("Mes associations")
    assert "Trouvez votre association" not in shown


def test_an_answer_is_promised_only_as_the_territory_says(client, person, structure):
    change_settings(answered_within=10)
    claim(client, structure)
    (receipt,) = deliver()
    assert "en général sous 10\u00a0jours." in receipt.body
    assert "en général sous 10\u00a0jours." in space(client)
    change_settings(answered_within=None)
    shown = space(client)
    assert "en général" not in shown
    assert f"Sans réponse le {date_fr(Claim.objects.get().last_day)}, elle sera close" in shown


def test_a_claim_that_ended_without_an_answer_says_so(client, person, structure):
    claim(client, structure)
    Claim.objects.update(made_at=timezone.now() - timedelta(days=183))
    close_unanswered()
    shown = space(client)
    assert "Close sans réponse" in shown
    assert reverse("ask-to-act", args=[structure.pk]) in shown


def test_the_team_accepts_and_the_person_is_told(client, person, structure, agent):
    claim(client, structure)
    page = agent.get(reverse("claims")).content.decode()
    assert "Alix Martin, trésorière" in page
    assert person.email not in page
    assert decide(agent, "accepted")["Location"] == reverse("claims")
    assert Mandate.objects.get().user == person
    (letter,) = deliver()
    assert (letter.to, letter.subject) == ([person.email], "Vous agissez pour Harmonie de Revel")
    assert "Acceptée" in space(client)
    assert "Alix Martin" not in agent.get(reverse("claims")).content.decode()


def test_the_team_asks_for_what_is_missing_and_reads_the_answer_before_deciding(client, person, structure, agent):
    claim(client, structure)
    deliver()
    pk = Claim.objects.get().pk
    assert errors(decide(agent, "asked", " ")) == {
        "refusal": ["Écrivez ce qu’il vous faut savoir\u00a0: la personne lira votre question."]
    }
    assert decide(agent, "asked", "Depuis quand\u202f?")["Location"] == reverse("claims")
    (letter,) = deliver()
    page = reverse("complete-claim", args=[pk])
    assert (letter.to, address_in(letter)) == ([person.email], page)
    assert "Depuis quand\u202f?" in letter.body
    assert page in space(client)
    assert "Depuis quand\u202f?" in client.get(page).content.decode()
    assert errors(client.post(page, {"answer": " "})) == {"answer": ["Écrivez votre réponse\u00a0: un mot suffit."]}
    assert client.post(page, {"answer": "Depuis 2019."})["Location"] == reverse("my-space")
    assert "Depuis 2019." in agent.get(reverse("claims")).content.decode()
    assert Claim.objects.get().state == "waiting"
    decide(agent, "accepted")
    assert client.get(page).status_code == 404


def test_the_team_refuses_with_a_reason_that_the_person_reads(client, person, structure, agent):
    claim(client, structure)
    pk = Claim.objects.get().pk
    answer = decide(agent, "refused", "  ")
    assert errors(answer) == {"refusal": ["Dites pourquoi vous refusez\u00a0: la personne saura ce qui manque."]}
    assert decide(agent, "autre").status_code == 422
    decide(agent, "refused", "Il manque le récépissé.")
    (letter,) = deliver()
    assert letter.to == [person.email]
    assert "Il manque le récépissé." in letter.body
    assert "Il manque le récépissé." in space(client)
    assert decide(agent, "accepted", pk=pk)["Location"] == reverse("claims")
    assert not Mandate.objects.exists()
    assert claim(client, structure)["Location"] == reverse("my-space")
    assert Claim.objects.waiting().count() == 1


def test_the_team_no_longer_decides_once_someone_represents_the_structure(client, person, structure, agent):
    claim(client, structure, document=SimpleUploadedFile("pv.pdf", PDF))
    MandateFactory(structure=structure)
    decide(agent, "accepted")
    assert not Mandate.objects.filter(user=person).exists()
    assert Claim.objects.get().state == "waiting"
    assert "Alix Martin" not in agent.get(reverse("claims")).content.decode()
    assert agent.post(reverse("claim-document", args=[Claim.objects.get().pk])).status_code == 404


def test_a_claim_is_made_once_and_withdrawn(client, person, structure):
    claim(client, structure)
    assert claim(client, structure)["Location"] == reverse("my-space")
    assert "En attente" in space(client)
    kept = Claim.objects.get()
    other = Client()
    other.force_login(UserFactory())
    assert other.post(reverse("withdraw-claim", args=[kept.pk])).status_code == 404
    client.post(reverse("withdraw-claim", args=[kept.pk]))
    assert "Retirée" in space(client)
    claim(client, structure)
    assert Claim.objects.waiting().count() == 1


def test_whoever_represents_the_structure_has_nothing_to_claim(member, mandate):
    assert claim(member, mandate.structure)["Location"] == mandate.structure.get_absolute_url()
    assert not Claim.objects.exists()


def test_a_structure_that_ended_is_not_claimed(client, person):
    assert claim(client, StructureFactory(dissolved=True)).status_code == 404


def test_a_visitor_opens_an_account_and_comes_back(client, structure):
    address = reverse("ask-to-act", args=[structure.pk])
    login = client.get(client.get(address)["Location"]).content.decode()
    sign_up = f"{reverse('account_signup')}?next={address.replace('/', '%2F')}"
    assert f'href="{sign_up}"' in login
    assert f'name="next" value="{address}"' in client.get(sign_up).content.decode()
    client.post(reverse("account_signup"), {"email": "odile@exemple.fr", "next": address})
    join = address_in(deliver()[0])
    assert client.post(join, {"name": "Odile", "password": "une-laine-bleue"})["Location"] == address


def test_signing_up_leads_to_our_own_pages_only(client):
    client.post(reverse("account_signup"), {"email": "odile@exemple.fr", "next": "https://ailleurs.example/"})
    join = address_in(deliver()[0])
    assert client.post(join, {"name": "Odile", "password": "une-laine-bleue"})["Location"] == reverse("my-space")


def test_claims_and_their_letters_are_counted(client, person, structure, monkeypatch):
    monkeypatch.setitem(LIMITS, "claim-letter", {"about": Limit(2, 3600)})
    for number in range(3):
        client.force_login(UserFactory())
        answer = claim(client, structure, site_email=f"a{number}@harmonie-revel.fr")
    assert list(errors(answer)) == ["site_email"]
    assert len([letter for letter in deliver() if letter.to[0].endswith("@harmonie-revel.fr")]) == 2
    monkeypatch.setitem(LIMITS, "claim", {"place": Limit(100, 3600), "about": Limit(2, 3600)})
    client.force_login(UserFactory())
    assert [claim(client, structure, position="").status_code for _ in range(3)] == [422, 422, 429]
