"""A real Chromium in front of the live site, as a visitor, a member or an agent."""

import os
import shutil

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import sync_playwright

from maillage.directory.models import Structure
from maillage.web.assets import build
from tests.factories.town import make_town
from tests.sessions import sign_in

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the thread of the tests

NAMES = ("chromium", "chromium-browser", "google-chrome")
# The container's root user needs no sandbox; the rest keeps Chromium from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en-US",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if "/tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    """The browser; its language is English on purpose, so that what depends on it shows."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.fail("The browser tests need Chromium and found none (on Debian: apt install chromium).")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _assets():
    build()


@pytest.fixture
def town(transactional_db):
    return make_town()


@pytest.fixture
def radio(town):
    """A structure that nobody represents, with a site of its own."""
    Structure.objects.filter(pk=town.radio.pk).update(official_website="https://www.radio-canal.fr/")
    return town.radio


@pytest.fixture
def open_page(chromium, live_server, _assets):
    """``open_page(user=None, width=1280, **options)``: a page of its own, with an empty cache, on the live site."""
    contexts = []

    def open_(user=None, width=1280, **options):
        viewport = {"width": width, "height": 900}
        context = chromium.new_context(base_url=live_server.url, locale="en-US", viewport=viewport, **options)
        contexts.append(context)
        if user:
            client = Client()
            sign_in(client, user)
            session = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(open_page, town):
    return open_page()


@pytest.fixture
def member(open_page, town):
    """A page signed in as the person who acts for ``town.structure``."""
    return open_page(town.member)


@pytest.fixture
def agent(open_page, town):
    return open_page(town.agent)
