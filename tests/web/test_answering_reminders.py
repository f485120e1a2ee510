"""The page that a reminder leads to: it asks, a button answers, and its link is good for nothing else."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from maillage.accounts import links
from maillage.digest.reminding import remind
from maillage.engine.french import date_fr
from maillage.sharing.models import Listing
from tests.factories.directory import MandateFactory
from tests.factories.sharing import ListingFactory
from tests.letters import address_in
from tests.web.test_publishing_pages import text_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def mandate(db):
    return MandateFactory()


@pytest.fixture
def listing(mandate):
    listing = ListingFactory(structure=mandate.structure, title="Barnum", valid_until=timezone.localdate() + 5 * DAY)
    Listing.objects.update(published_at=timezone.now() - 90 * DAY)
    return listing


def link(about, mandated, **changes):
    facts = {"person": mandated.pk, "listing": about.pk, "until": about.valid_until.isoformat()}
    return reverse("answer-reminder", args=[links.sign("renew", **facts | changes)])


def press(client, address, answer):
    return client.post(address, {"reponse": answer}, follow=True)


def state(listing):
    return Listing.objects.values_list("valid_until", "lapses").get(pk=listing.pk)


def test_the_link_of_the_letter_asks_and_writes_nothing(client, listing):
    assert remind(site="http://testserver/") == 1
    address = address_in(mail.outbox[0])
    page = client.get(address)
    assert page.status_code == 200
    assert "Cette annonce vaut‑elle encore" in text_of(page)
    assert state(listing) == (listing.valid_until, False)


def test_renewing_from_the_link_is_done_once_and_says_until_when(client, listing, mandate):
    address, until = link(listing, mandate.user), timezone.localdate() + 365 * DAY
    for _ in range(2):
        page = press(client, address, "renouveler")
        assert "C’est fait" in text_of(page)
        assert date_fr(until) in text_of(page)
        assert state(listing) == (until, False)
    press(client, address, "laisser")
    assert state(listing) == (until, False)


def test_the_history_says_who_renewed(client, listing, mandate):
    press(client, link(listing, mandate.user), "renouveler")
    event = Listing.pgh_event_model.objects.latest("pgh_id")
    assert event.pgh_context.metadata["user"] == mandate.user.pk


def test_letting_it_end_is_noted_and_may_be_changed(client, listing, mandate):
    address = link(listing, mandate.user)
    assert "C’est noté" in text_of(press(client, address, "laisser"))
    assert state(listing) == (listing.valid_until, True)
    press(client, address, "renouveler")
    assert state(listing) == (timezone.localdate() + 365 * DAY, False)


def test_an_expired_listing_is_renewed_from_its_last_letter(client, listing, mandate):
    Listing.objects.update(valid_until=timezone.localdate() - DAY)
    listing.refresh_from_db()
    press(client, link(listing, mandate.user), "renouveler")
    assert Listing.objects.get().is_published


@pytest.mark.parametrize("answer", ["", "effacer"])
def test_another_answer_changes_nothing(client, listing, mandate, answer):
    assert press(client, link(listing, mandate.user), answer).status_code == 200
    assert state(listing) == (listing.valid_until, False)


def test_a_listing_ended_meanwhile_says_so(client, listing, mandate):
    Listing.objects.update(state="closed")
    address = link(listing, mandate.user)
    assert "Cette annonce est terminée" in text_of(press(client, address, "renouveler"))
    assert state(listing) == (listing.valid_until, False)


def test_a_listing_whose_days_are_over_says_what_to_change(client, listing, mandate):
    Listing.objects.update(last_day=timezone.localdate() - DAY)
    assert "Changez ses jours" in text_of(press(client, link(listing, mandate.user), "renouveler"))
    assert state(listing) == (listing.valid_until, False)


def refused(client, address):
    return client.get(address).status_code, client.post(address, {"reponse": "renouveler"}).status_code


def test_a_link_that_proves_nothing_is_refused(client, listing, mandate):
    stranger = MandateFactory().user
    other = links.sign("leave-digest", person=mandate.user.pk, listing=listing.pk, until="2026-01-01")
    good = link(listing, mandate.user)
    for address in (
        link(listing, stranger),
        link(listing, mandate.user, person=0),
        link(listing, mandate.user, listing=0),
        reverse("answer-reminder", args=[other]),
        reverse("answer-reminder", args=["forged"]),
        good[:-3] + "aa/",
    ):
        assert refused(client, address) == (410, 410)
    assert state(listing) == (listing.valid_until, False)


def test_a_link_ends_with_the_mandate_the_account_and_time(client, listing, mandate):
    address = link(listing, mandate.user)
    with time_machine.travel(timezone.now() + 46 * DAY):
        assert refused(client, address) == (410, 410)
    mandate.user.is_active = False
    mandate.user.save()
    assert refused(client, address) == (410, 410)
    mandate.user.is_active = True
    mandate.user.save()
    mandate.delete()
    assert refused(client, address) == (410, 410)
    assert state(listing) == (listing.valid_until, False)
