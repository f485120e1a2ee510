"""The letter of news: what it holds, to whom, when, and that it is never sent twice."""

import re
from datetime import timedelta
from smtplib import SMTPException

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from maillage.conversations.models import Message
from maillage.conversations.services import open_conversation
from maillage.digest import services
from maillage.digest.models import Subscription
from maillage.digest.tasks import tell_news as tell_news_each_morning
from maillage.directory.models import Mandate
from maillage.opportunities.models import Opportunity, Party
from maillage.sharing.models import Listing, ListingReader, SavedSearch
from tests.digest.conftest import DAY, SITE, publish_a_while_ago, subscribe, tell
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.opportunities import make_opportunity
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db
TUESDAY = timezone.make_aware(timezone.datetime(2026, 11, 3, 6, 30))


@pytest.fixture(autouse=True)
def _on_a_tuesday():
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.fixture
def reader(revel):
    """Someone who acts for a structure of Revel, has kept « camionnette » and was told yesterday."""
    mandate = MandateFactory(structure__commune=revel, user__name="Alix")
    SavedSearch.objects.create(user=mandate.user, direction="offer", words="camionnette", place=revel, radius_km=25)
    subscribe(mandate.user)
    return mandate.user


@pytest.fixture
def van(revel):
    listing = ListingFactory(title="Fourgon du foyer", structure__commune=revel)
    publish_a_while_ago(listing)
    return listing


def letters():
    return [(letter.subject.replace("\u00a0", " "), letter.body.replace("\u00a0", " ")) for letter in mail.outbox]


def test_a_new_listing_that_an_alert_finds_is_told_once(reader, van):
    assert tell() == 1
    ((subject, body),) = letters()
    assert subject == "Nouveau : Fourgon du foyer, à Revel"
    assert "Camionnette, à moins de 25 km de Revel\n\n- Fourgon du foyer, à Revel\n" in body
    assert f"  {SITE.rstrip('/')}{van.get_absolute_url()}\n" in body
    (html, _) = mail.outbox[0].alternatives[0]
    assert f'href="{SITE.rstrip("/")}{van.get_absolute_url()}"' in html
    assert tell() == 0
    with time_machine.travel(TUESDAY + DAY, tick=False):
        assert tell() == 0
    assert len(mail.outbox) == 1


def test_nothing_new_is_no_letter_and_is_not_looked_at_again(reader):
    assert tell() == 0
    assert Subscription.objects.get(user=reader).told_on == TUESDAY.date()
    assert letters() == []


@pytest.mark.parametrize(
    "change",
    [
        {"is_paused": True},
        {"kept_at": TUESDAY},
        {"words": "piano"},
        {"place": None, "radius_km": None, "day": TUESDAY.date() - DAY},
    ],
)
def test_an_alert_that_has_nothing_to_tell_tells_nothing(reader, van, change):
    reader.saved_searches.update(**change)
    assert tell() == 0


@pytest.mark.parametrize(
    ("visibility", "is_told"), [("everyone", True), ("members", True), ("network", False), ("chosen", False)]
)
def test_a_listing_that_the_person_may_not_see_is_not_told(reader, van, visibility, is_told):
    Listing.objects.filter(pk=van.pk).update(visibility=visibility)
    assert tell() == int(is_told)


def test_a_listing_shown_to_a_structure_is_no_longer_told_once_the_mandate_has_ended(reader, van):
    Listing.objects.filter(pk=van.pk).update(visibility="chosen")
    ListingReader.objects.create(listing=van, structure=reader.mandates.get().structure)
    other = UserFactory()
    Mandate.objects.create(
        user=other,
        structure=reader.mandates.get().structure,
        role="contributor",
        starts_on=TUESDAY.date() - 9 * DAY,
        ends_on=TUESDAY.date() - DAY,
    )
    SavedSearch.objects.create(user=other, direction="offer", words="camionnette")
    subscribe(other)
    assert tell() == 1
    assert mail.outbox[0].to == [reader.email]


@pytest.mark.parametrize("hidden", [{"state": "paused"}, {"state": "closed"}])
def test_a_listing_withdrawn_meanwhile_is_not_told(reader, van, hidden):
    Listing.objects.filter(pk=van.pk).update(**hidden)
    assert tell() == 0


def test_one_s_own_listings_are_no_news(reader, van):
    Listing.objects.filter(pk=van.pk).update(structure=reader.mandates.get().structure)
    assert tell() == 0


def test_what_answers_the_listings_of_one_s_structures_is_told(reader, van):
    reader.saved_searches.all().delete()
    need = ListingFactory(structure=reader.mandates.get().structure, need=True, title="Un camion pour le festival")
    publish_a_while_ago(need, hours=200)
    assert tell() == 1
    ((subject, body),) = letters()
    assert subject == "Répond à votre annonce : Fourgon du foyer, à Revel"
    assert "- Fourgon du foyer, à Revel : répond à votre besoin « Un camion pour le festival »\n" in body


def test_unread_messages_and_opportunities_are_told_when_new_and_not_each_day(reader):
    structure, other = reader.mandates.get().structure, StructureFactory(name="Radio du canal")
    conversation = open_conversation(subject="Prêt de tables", structures=[structure, other])
    Message.objects.create(
        conversation=conversation, structure=other, text="Jeudi\u202f?", sent_at=TUESDAY - timedelta(hours=3)
    )
    offer = ListingFactory(structure=structure, category="technical.premises.hall")
    make_opportunity((offer, None), found_at=TUESDAY - timedelta(days=8))
    Listing.objects.update(modified_at=TUESDAY - timedelta(days=9))
    assert tell() == 1
    ((subject, body),) = letters()
    assert subject == "Messages à lire : Radio du canal"
    assert "- Radio du canal : 1 message, « Prêt de tables »\n" in body
    assert f"- Cercle d’échange pour {structure.name}\n" in body
    with time_machine.travel(TUESDAY + DAY, tick=False):
        assert tell() == 0


def test_a_new_opportunity_alone_is_worth_a_letter(reader):
    offer = ListingFactory(structure=reader.mandates.get().structure, category="technical.premises.hall")
    opportunity = make_opportunity((offer, None), found_at=TUESDAY - timedelta(hours=3))
    Listing.objects.update(modified_at=TUESDAY - DAY)
    assert tell() == 1
    assert letters()[0][0] == "1 occasion attend votre réponse"
    Opportunity.objects.filter(pk=opportunity.pk).update(found_at=TUESDAY, seen_at=TUESDAY)
    Party.objects.update(answer="interested", answered_at=TUESDAY)
    Subscription.objects.update(told_on=TUESDAY.date() - DAY, told_until=TUESDAY - DAY)
    assert tell() == 0


def test_a_long_section_says_how_many_are_left(reader, revel):
    vans = [ListingFactory(title=f"Fourgon {number}", structure__commune=revel) for number in range(8)]
    publish_a_while_ago(*vans)
    tell()
    ((subject, body),) = letters()
    assert subject == "8 nouvelles annonces pour vos alertes"
    assert (body.count("- Fourgon"), body.count("- Et 3 autres\n")) == (5, 1)


def test_a_subject_is_never_longer_than_a_telephone_shows(reader, van):
    Listing.objects.filter(pk=van.pk).update(title="F" * 120)
    tell()
    assert len(mail.outbox[0].subject) == 60


@pytest.mark.parametrize(
    ("rhythm", "weekday", "told_days_ago", "is_due"),
    [
        ("day", 0, 1, True),
        ("day", 0, 0, False),
        ("never", 1, 40, False),
        ("week", 1, 7, True),
        ("week", 1, 0, False),
        ("week", 0, 1, False),  # Monday: told yesterday
        ("week", 0, 2, True),  # Monday: the server was down yesterday
        ("week", 2, 6, False),  # Wednesday: tomorrow
    ],
)
def test_each_hears_at_their_rhythm(reader, van, rhythm, weekday, told_days_ago, is_due):
    Subscription.objects.update(
        rhythm=rhythm, weekday=weekday, told_on=TUESDAY.date() - told_days_ago * DAY, told_until=TUESDAY - DAY
    )
    assert tell() == int(is_due)


def test_those_who_never_chose_hear_each_tuesday_of_the_last_week(revel):
    person = UserFactory()
    type(person).objects.update(joined_at=TUESDAY - 90 * DAY)
    SavedSearch.objects.create(user=person, direction="offer")
    SavedSearch.objects.update(kept_at=TUESDAY - 60 * DAY)
    recent, old = ListingFactory(structure__commune=revel), ListingFactory(structure__commune=revel)
    publish_a_while_ago(recent, hours=150)
    publish_a_while_ago(old, hours=200)
    assert tell() == 1
    assert letters()[0][0] == f"Nouveau : {recent.title}, à Revel"


def test_a_closed_account_receives_nothing(reader, van):
    type(reader).objects.update(is_active=False)
    assert tell() == 0


def test_what_is_being_published_is_left_to_the_next_run(reader, van):
    Listing.objects.filter(pk=van.pk).update(published_at=TUESDAY - timedelta(seconds=30))
    assert tell() == 0
    with time_machine.travel(TUESDAY + DAY, tick=False):
        assert tell() == 1


def test_each_letter_carries_a_way_out_of_one_press(reader, van, client):
    tell()
    leave = re.search(r"<(\S+)>", mail.outbox[0].extra_headers["List-Unsubscribe"])[1]
    assert mail.outbox[0].extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert client.get(leave).status_code == 200
    assert Subscription.objects.get().rhythm == "day"
    client.post(leave, {"List-Unsubscribe": "One-Click"})
    assert Subscription.objects.get().rhythm == "never"


def test_a_letter_that_fails_is_tried_again_and_the_others_leave(reader, van, monkeypatch):
    other = UserFactory()
    SavedSearch.objects.create(user=other, direction="offer", words="camionnette")
    subscribe(other)
    backend = type(mail.get_connection())
    honest = backend.send_messages

    def refuse(self, messages):
        if messages[0].to == [reader.email]:
            raise SMTPException
        return honest(self, messages)

    with monkeypatch.context() as patch:
        patch.setattr(backend, "send_messages", refuse)
        assert tell() == 1
    assert tell() == 1
    assert [letter.to for letter in mail.outbox] == [[other.email], [reader.email]]


def test_a_letter_that_cannot_be_made_keeps_nobody_else_waiting(reader, van, revel):
    Listing.objects.update(title="Camionnette\ndu foyer")
    other = UserFactory()
    SavedSearch.objects.create(user=other, direction="need")
    subscribe(other)
    publish_a_while_ago(ListingFactory(need=True, visibility="everyone", structure__commune=revel))
    assert tell() == 1
    assert [letter.to for letter in mail.outbox] == [[other.email]]


@pytest.mark.parametrize("count", [1, 7])
def test_the_cost_of_a_chunk_does_not_grow_with_people(revel, van, count):
    for _ in range(count):
        mandate = MandateFactory(structure__commune=revel)
        SavedSearch.objects.create(user=mandate.user, direction="offer", words="camionnette")
        subscribe(mandate.user)
    bulletin = services.Bulletin(since=TUESDAY - DAY, until=TUESDAY, today=TUESDAY.date())
    chunk = list(Subscription.objects.select_related("user"))
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert len(bulletin.news_of(chunk)) == count
    assert len(captured) == QUERIES_OF_A_CHUNK


QUERIES_OF_A_CHUNK = 4


def test_the_job_says_why_it_does_not_write_without_an_address_of_the_site(reader, van, settings, caplog):
    settings.SITE_URL = ""
    tell_news_each_morning.func(0)
    assert "MAILLAGE_URL" in caplog.text
    settings.SITE_URL = SITE
    tell_news_each_morning.func(0)
    assert len(mail.outbox) == 1


def test_the_command_does_what_the_morning_does(reader, van, settings, capsys):
    settings.SITE_URL = ""
    with pytest.raises(CommandError, match="--site"):
        call_command("digest_send")
    call_command("digest_send", site=SITE)
    assert capsys.readouterr().out == "1 letters\n"


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [({"weekday": 7}, "subscription_weekday_exists"), ({"rhythm": "hour"}, "subscription_rhythm_exists")],
)
def test_the_database_refuses(facts, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        subscribe(UserFactory(), **facts)
