"""« Régler le territoire »: what agents say once is on every page and in every letter, for every process."""

import pghistory.models
import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from maillage.kernel.letters import Letter, send
from maillage.kernel.models import TerritorySettings
from maillage.kernel.territory_settings import change_settings, what_the_territory_says
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db
PAGE = "/administration/reglages/"
SAID = {
    "host": "le Département de la Haute-Garonne",
    "email": "associations@exemple.fr",
    "phone": "05.36.49.12.34",
    "phone_hours": "du lundi au vendredi, de 9 h à 12 h",
    "data_officer": "dpo@exemple.fr",
    "legal_notice": "Département de la Haute-Garonne\n1 boulevard de la Marquette, Toulouse",
    "welcome": "L’entraide des associations de Haute-Garonne.",
    "answered_within": "10",
}


@pytest.fixture
def agent(client):
    person = UserFactory(name="Camille Roux", agent=True)
    sign_in(client, person)
    return person


def read(address, client=None):
    return (client or Client()).get(address).content.decode()


def test_nothing_is_said_before_someone_says_it():
    assert set(what_the_territory_says().values()) == {""}
    page = read(reverse("legal-notice"))
    assert "Le nom de l’éditeur de ce site n’est pas encore indiqué." in page
    assert "mailto:" not in page


def test_what_an_agent_says_is_on_the_pages(client, agent):
    assert client.post(PAGE, SAID).url == PAGE
    footer = read(reverse("help"))
    for text in (
        "géré par le Département de la Haute-Garonne",
        'href="tel:+33536491234"',
        "du lundi au vendredi, de 9\u00a0h à 12\u00a0h",
        "mailto:associations@exemple.fr",
    ):
        assert text in footer
    assert "1 boulevard de la Marquette" in read(reverse("legal-notice"))
    assert "mailto:dpo@exemple.fr" in read(reverse("personal-data"))
    assert "L’entraide des associations de Haute-Garonne." in read(reverse("home"))
    assert "du lundi au vendredi" in read("/nulle-part/")


def test_letters_say_it_too(client, agent):
    client.post(PAGE, SAID)
    send(Letter("Essai", "Bonjour,", ("Un mot.",), why="Un essai."), to="ici@exemple.fr", site="https://m.example/")
    body = mail.outbox[0].body
    assert "Ce site est géré par le Département de la Haute-Garonne." in body
    assert "05\u00a036\u00a049\u00a012\u00a034, du lundi au vendredi, de 9\u00a0h à 12\u00a0h." in body


def test_the_environment_says_what_agents_leave_empty(client, agent, settings):
    settings.SITE_PHONE, settings.SITE_PUBLISHER = "0561000000", "la Ville"
    assert "05\u00a061\u00a000\u00a000\u00a000" in read(reverse("help"))
    page = read(PAGE, client)
    assert "Sans réponse ici\u00a0: 0561000000." in page
    client.post(PAGE, {"host": "le Département"})
    assert "géré par le Département" in read(reverse("help"))
    client.post(PAGE, {"host": ""})
    assert "géré par la Ville" in read(reverse("help"))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"phone": "appelez-nous"}, "Écrivez dix chiffres"),
        ({"phone": "12"}, "Écrivez dix chiffres"),
        ({"phone": "", "phone_hours": "le matin"}, "écrivez aussi le numéro"),
        ({"email": "associations@"}, "Écrivez-la en entier"),
        ({"data_officer": "dpo"}, "Écrivez-la en entier"),
        ({"host": "x" * 161}, "Ce texte est trop long"),
        ({"legal_notice": "x" * 1001}, "Ce texte est trop long"),
        ({"host": "le\0 Département"}, "nul"),
        ({"answered_within": "bientôt"}, "Écrivez un nombre de jours"),
        ({"answered_within": "0"}, "Écrivez un nombre de jours"),
        ({"answered_within": "61"}, "Écrivez un nombre de jours"),
    ],
)
def test_a_wrong_answer_is_refused_in_words_and_kept(client, agent, wrong, sentence):
    response = client.post(PAGE, SAID | wrong)
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert "Département de la Haute-Garonne" in page
    assert not TerritorySettings.objects.exists()


def test_what_is_typed_is_shown_and_never_run(client, agent):
    client.post(PAGE, SAID | {"host": "<script>alert(1)</script>", "legal_notice": "<b>gras</b>"})
    for page in (read(reverse("help")), read(reverse("legal-notice")), read(PAGE, client)):
        assert "<script>alert" not in page
        assert "<b>gras" not in page


def test_the_page_changes_only_what_was_changed(client, agent):
    change_settings(**(SAID | {"phone": "05 36 49 12 34"}))
    change_settings(welcome="Bonjour à tous.")
    row = TerritorySettings.objects.get()
    assert (row.host, row.welcome) == (SAID["host"], "Bonjour à tous.")


def test_the_journal_tells_who_changed_the_settings(client, agent):
    client.post(PAGE, SAID)
    page = read(reverse("journal"), client)
    assert "les réglages" in page
    assert "Camille Roux" in page


def test_an_unchanged_form_leaves_no_trace(client, agent):
    client.post(PAGE, SAID)
    before = pghistory.models.Events.objects.tracks(TerritorySettings.objects.get()).count()
    client.post(PAGE, SAID | {"phone": "05 36 49 12 34"})
    assert pghistory.models.Events.objects.tracks(TerritorySettings.objects.get()).count() == before


def test_settings_cost_pages_nothing(client):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("help"))
        return len(queries)

    before = cost()
    change_settings(**(SAID | {"phone": "05 36 49 12 34"}))
    assert cost() == before


def test_a_second_row_is_refused_by_the_database():
    change_settings(host="le Département")
    for key in (1, 2):
        with pytest.raises(IntegrityError), transaction.atomic():
            TerritorySettings(id=key, host="la Ville").save(force_insert=True)


def test_a_phone_that_nobody_can_dial_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="territory_settings_phone_is_dialled"), transaction.atomic():
        TerritorySettings.objects.create(phone="appelez")


@pytest.mark.parametrize("days", [0, 61])
def test_a_promise_that_is_none_is_refused_by_the_database(days):
    with pytest.raises(IntegrityError, match="territory_settings_promise_is_soon"), transaction.atomic():
        TerritorySettings.objects.create(answered_within=days)


@pytest.mark.django_db(transaction=True)
def test_two_agents_at_once_keep_what_each_said():
    for _ in range(5):
        TerritorySettings.objects.all().delete()
        at_once(lambda: change_settings(host="le Département"), lambda: change_settings(welcome="Bonjour."))
        row = TerritorySettings.objects.get()
        assert (row.host, row.welcome) == ("le Département", "Bonjour.")
