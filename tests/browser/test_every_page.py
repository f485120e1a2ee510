"""Every page, in each of its states, holds the criteria that a browser can measure."""

import pytest

from tests.browser import checks
from tests.browser.pages import VISITOR, VISITS


@pytest.fixture
def arrive(open_page, live_server, town):
    """``arrive(visit)``: the page that the visit finds, and what it asked of the network."""

    def arrive_(visit, width=1280):
        page = open_page(None if visit.who == VISITOR else getattr(town, visit.who), width)
        traffic = checks.Traffic(page, live_server.url)
        response = page.goto(town.address(visit.address), wait_until="networkidle")
        if visit.sends_empty:
            response = send_empty(page)
            traffic.responses.clear()
        assert response.status == (422 if visit.sends_empty else visit.status)
        return page, traffic

    return arrive_


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
