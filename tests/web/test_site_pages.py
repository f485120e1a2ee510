from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client, RequestFactory
from django.urls import reverse

from maillage.kernel.audit import acting
from maillage.web.site import errors
from maillage.web.site.journal import PAGE_SIZE, event_models
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["accessibility", "personal-data", "legal-notice", "comfort", "help", "components", "home", "account_login"]
)
def test_a_page_about_the_site_is_there_for_everyone(client, name):
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert response.content.decode().count("<h1") == 1


@pytest.mark.parametrize(
    ("sent", "classes"),
    [
        ({"text_size": "text-large", "switches": ["dark", "no-motion"]}, 'class="text-large no-motion dark"'),
        ({"text_size": ""}, '<html lang="fr">'),
    ],
)
def test_comfort_is_kept_in_a_cookie(client, sent, classes):
    assert client.post(reverse("comfort"), sent).status_code == 302
    assert classes in client.get(reverse("help")).content.decode()


def test_comfort_refuses_what_it_does_not_offer(client):
    assert client.post(reverse("comfort"), {"text_size": "huge"}).status_code == 422


def test_a_forged_comfort_cookie_writes_nothing_of_its_own(client):
    client.cookies["comfort"] = 'dark."><script>.text-large'
    assert '<html lang="fr" class="text-large dark">' in client.get(reverse("help")).content.decode()


@pytest.mark.parametrize("is_loaded", [True, False])
def test_demonstration_data_is_announced(client, is_loaded):
    UserFactory(is_demonstration=is_loaded)
    assert ("Données de démonstration" in client.get(reverse("help")).content.decode()) is is_loaded


def test_a_missing_page_says_what_to_do(client):
    response = client.get("/nulle-part/")
    assert response.status_code == 404
    assert "Cette page n’existe pas ou plus" in response.content.decode()


def test_a_form_without_its_token_is_refused_in_french():
    response = Client(enforce_csrf_checks=True).post(reverse("comfort"))
    assert response.status_code == 403
    assert "ouverte trop longtemps" in response.content.decode()


def test_the_page_of_a_failure_needs_no_database(django_assert_num_queries):
    with django_assert_num_queries(0):
        response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "Un problème chez nous" in response.content.decode()


def test_pages_are_strict_about_what_they_load(client):
    policy = client.get(reverse("home"))["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["default-src"] == ["'none'"]


@pytest.fixture
def agent_client(client):
    client.force_login(UserFactory(agent=True))
    return client


def test_the_journal_tells_who_did_what_and_why(agent_client):
    listing, author = ListingFactory(title="Minibus"), UserFactory(name="Monique Fabre")
    with acting(author, reason="correction"):
        type(listing).objects.filter(pk=listing.pk).update(title="Minibus 9 places")
    entries = agent_client.get(reverse("journal")).context["entries"]
    latest = entries[0]
    assert (latest.who, latest.verb, latest.what, latest.which, latest.reason) == (
        "Monique Fabre",
        "a changé",
        "l’annonce",
        "Minibus 9 places",
        "correction",
    )


def test_the_journal_groups_the_changes_of_a_day_in_local_time(agent_client):
    ListingFactory(title="Minibus")
    events = next(model for model in event_models() if model.__name__ == "ListingEvent").objects
    events.update(pgh_created_at=datetime(2026, 10, 31, 23, 5, tzinfo=UTC))
    page = agent_client.get(reverse("journal")).content.decode()
    assert "Dimanche 1<sup>er</sup>\u00a0novembre 2026</h2>" in page
    assert "0\u00a0h\u00a005</time>" in page
    assert "Le système a ajouté l’annonce <strong>Minibus</strong>" in page


@pytest.mark.parametrize("count", [1, PAGE_SIZE // 2])
def test_the_cost_of_the_journal_does_not_grow_with_what_it_tells(agent_client, count, django_assert_num_queries):
    with acting(UserFactory()):
        ListingFactory.create_batch(count)
        MandateFactory.create_batch(count)
    with django_assert_num_queries(25):
        page = agent_client.get(reverse("journal"))
    assert len(page.context["entries"]) == 2 * count


def test_the_journal_shows_each_event_of_one_transaction_once(agent_client):
    listings = ListingFactory.create_batch(2 * PAGE_SIZE + 5)
    MandateFactory.create_batch(3)
    read, older = [], ""
    for count in (PAGE_SIZE, PAGE_SIZE, 8):
        context = agent_client.get(reverse("journal"), {"avant": older} if older else {}).context
        ListingFactory()  # what happens meanwhile is on the first page, and moves nothing
        assert len(context["entries"]) == count
        read += [(entry.what, entry.which) for entry in context["entries"]]
        older = context["older"]
    assert older == ""
    assert len({which for what, which in read if what == "l’annonce"}) == len(listings)
    assert sum(what == "le mandat" for what, _ in read) == 3


def test_the_journal_gives_no_title_that_its_reader_may_not_see(agent_client):
    paused = ListingFactory(title="Projet secret", paused=True)
    network = ListingFactory(title="Entre nous", visibility="network")
    published = ListingFactory(title="Premier titre", paused=True)
    type(published).objects.filter(pk=published.pk).update(title="Barnum", state="published")
    page = agent_client.get(reverse("journal"))
    entries = [entry.which for entry in page.context["entries"] if entry.what == "l’annonce"]
    assert sorted(entries) == sorted(["Barnum", "Barnum", f"n°\u00a0{paused.pk}", f"n°\u00a0{network.pk}"])
    for hidden in ("secret", "Entre nous", "Premier titre"):
        assert hidden not in page.content.decode()


def test_the_journal_keeps_the_mandates_of_a_structure_that_is_gone(agent_client):
    mandate = MandateFactory()
    key = mandate.pk
    mandate.structure.delete()
    entries = agent_client.get(reverse("journal")).context["entries"]
    told = [(entry.verb, entry.which) for entry in entries if entry.what == "le mandat"]
    assert told == [("a supprimé", f"n°\u00a0{key}"), ("a ajouté", f"n°\u00a0{key}")]


@pytest.mark.parametrize(
    "place",
    [
        "hier",
        "2026-11-24",
        "2026-13-45T00:00:00Z",
        "listing",
        "listing-x",
        "party-1",
        "listing-1.",
        "listing-" + "9" * 40,
    ],
)
def test_the_journal_refuses_a_place_it_cannot_read(agent_client, place):
    assert agent_client.get(reverse("journal"), {"avant": place}).status_code == 404


def test_the_journal_is_for_agents(client):
    client.force_login(UserFactory())
    response = client.get(reverse("journal"))
    assert response.status_code == 403
    assert "pas ouverte" in response.content.decode()


def test_a_page_travels_compressed(client):
    assert client.get(reverse("home"), headers={"Accept-Encoding": "gzip"})["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in client.get(reverse("home"))
