"""Every page, in each of its states, holds the criteria that a browser can measure."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client, override_settings
from pytest_django.live_server_helper import LiveServer

from tests.browser import checks
from tests.browser.pages import AGENT, MEMBER, VISITOR, VISITS
from tests.conftest import plain_settings
from tests.factories.town import make_town
from tests.sessions import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _quick_and_plain(tmp_path_factory):
    """For the whole module: the files of the town must be there at each visit."""
    with override_settings(**plain_settings(tmp_path_factory.mktemp("town"))):
        yield


@pytest.fixture(autouse=True)
def _nothing_counted():
    cache.clear()


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, _assets):
    """(address, town, {who: session}): one town for all visits, which change nothing of it; emptied at the end."""
    with django_db_blocker.unblock():
        town = make_town()
        sessions = {who: _session_of(getattr(town, who)) for who in (MEMBER, AGENT)}
        server = LiveServer("localhost")
        server._live_server_modified_settings.enable()
        yield server.url, town, sessions
        server._live_server_modified_settings.disable()
        server.stop()
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)


def _session_of(person):
    client = Client()
    sign_in(client, person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def arrive(chromium, site):
    """``arrive(visit)``: the page that the visit finds, with an empty cache, and what it asked of the network."""
    url, town, sessions = site
    contexts = []

    def arrive_(visit, width=1280):
        viewport = {"width": width, "height": 900}
        context = chromium.new_context(base_url=url, locale="en-US", viewport=viewport)
        contexts.append(context)
        if visit.who != VISITOR:
            session = {"name": settings.SESSION_COOKIE_NAME, "value": sessions[visit.who], "url": url}
            context.add_cookies([session])
        page = context.new_page()
        traffic = checks.Traffic(page, url)
        response = page.goto(town.address(visit.address), wait_until="networkidle")
        if visit.sends_empty:
            response = send_empty(page)
            traffic.responses.clear()
        assert response.status == (422 if visit.sends_empty else visit.status)
        return page, traffic

    yield arrive_
    for context in contexts:
        context.close()


def send_empty(page):
    form = page.locator("main form[method=post]:has(.form-field)").last
    for field in form.locator("input[type=text], input[type=email], input[type=password], textarea").all():
        if field.is_visible():
            field.fill("")
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        form.locator("button:not([name])").last.click()
    page.wait_for_load_state("networkidle")
    return sent.value


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_page_is_accessible_at_every_width(arrive, visit):
    page, _ = arrive(visit)
    defects = checks.overflows(page)
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        found = checks.breaches_of_axe(page) + checks.small_targets(page)
        defects += [f"at {width} px: {defect}" for defect in found]
    assert defects == []


@pytest.mark.parametrize("visit", VISITS, ids=str)
def test_page_is_light_french_and_shows_the_focus(arrive, visit):
    page, traffic = arrive(visit)
    defects = traffic.defects(visit.most_bytes) + checks.defects_of_text(page) + checks.unseen_focus(page)
    assert defects == []
