"""Renewing on a telephone: from the letter, without signing in, and several at once on « Mes annonces »."""

from datetime import timedelta

from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from maillage.digest.reminding import remind
from maillage.engine.french import date_fr
from maillage.sharing.models import Listing
from tests.browser import checks
from tests.browser.journeys import SCRIPTS
from tests.letters import address_in

DAY = timedelta(days=1)
SITE = "http://testserver/"


def end_in(days, *listings):
    Listing.objects.filter(pk__in=[one.pk for one in listings]).update(
        valid_until=timezone.localdate() + days * DAY, published_at=timezone.now() - 90 * DAY
    )


@SCRIPTS
def test_who_reads_the_letter_renews_without_signing_in(open_page, town, scripts):
    end_in(5, town.offer)
    assert remind(site=SITE) == 1
    page = open_page(width=390, java_script_enabled=scripts)
    page.goto(address_in(mail.outbox[0]))
    expect(page.get_by_role("heading", level=1)).to_have_text("Cette annonce vaut‑elle encore\u202f?")
    if scripts:
        assert checks.breaches_of_axe(page) + checks.small_targets(page) + checks.overflows(page) == []
        assert checks.defects_of_text(page) == []
    page.get_by_role("button", name="Laisser expirer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est noté")
    page.get_by_role("button", name="Renouveler").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C’est fait")
    expect(page.locator("main")).to_contain_text(date_fr(timezone.localdate() + 365 * DAY))


@SCRIPTS
def test_member_renews_several_listings_at_once(open_page, town, scripts):
    end_in(-1, town.offer)
    end_in(9, town.need)
    page = open_page(town.member, width=390, java_script_enabled=scripts)
    page.goto("/mes-annonces/")
    renewing = page.get_by_role("region", name="À renouveler")
    if scripts:
        assert checks.breaches_of_axe(page) + checks.small_targets(page) + checks.overflows(page) == []
        assert checks.defects_of_text(page) == []
    for title in (town.offer.title, town.need.title):
        renewing.get_by_label(title).check()
    renewing.get_by_role("button", name="Renouveler les annonces cochées").click()
    expect(page.get_by_text("2\u00a0annonces renouvelées.")).to_be_visible()
    expect(renewing).to_have_count(0)
