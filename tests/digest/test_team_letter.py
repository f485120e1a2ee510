"""The letter of agents: once a day, only when something came, for those who want it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from maillage.digest.models import Subscription
from maillage.digest.team import hear_of_team, tell_team
from maillage.directory.models import Claim
from tests.at_once import at_once
from tests.digest.conftest import DAY, SITE
from tests.factories.accounts import UserFactory
from tests.factories.directory import StructureFactory
from tests.factories.places import PlaceReportFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def claim_came(hours=1, at=None):
    made_at = at or timezone.now() - hours * HOUR
    return Claim.objects.create(structure=StructureFactory(), user=UserFactory(), position="trésorier", made_at=made_at)


def test_nothing_that_waits_is_no_letter():
    UserFactory(agent=True)
    assert tell_team(site=SITE) == 0
    assert mail.outbox == []


def test_agents_alone_are_told_all_that_waits_in_one_letter():
    agent, _ = UserFactory(agent=True), UserFactory()
    UserFactory(agent=True, is_active=False)
    claim_came(), claim_came(hours=50)
    assert tell_team(site=SITE) == 1
    (letter,) = mail.outbox
    assert letter.to == [agent.email]
    assert letter.subject == "2\u00a0choses attendent l’équipe du territoire"
    assert "2\u00a0demandes d’associations\u00a0: la plus ancienne attend depuis" in letter.body
    assert f"{SITE}administration/" in letter.body


def test_several_that_come_the_same_day_make_one_letter():
    UserFactory(agent=True)
    noon = timezone.localtime().replace(hour=12)
    claim_came(at=noon)
    assert tell_team(site=SITE, now=noon + 1 * HOUR) == 1
    claim_came(at=noon + 2 * HOUR)
    assert tell_team(site=SITE, now=noon + 3 * HOUR) == 0
    assert tell_team(site=SITE, now=noon + DAY) == 1
    assert tell_team(site=SITE, now=noon + 2 * DAY) == 0


def test_what_was_told_is_not_told_again_alone():
    UserFactory(agent=True)
    claim_came()
    assert [tell_team(site=SITE, now=timezone.now() + days * DAY) for days in range(3)] == [1, 0, 0]


def test_an_agent_who_wants_no_letter_gets_none_and_the_others_do():
    quiet, other = UserFactory(agent=True), UserFactory(agent=True)
    hear_of_team(person=quiet, hears=False)
    claim_came()
    assert tell_team(site=SITE) == 1
    assert mail.outbox[0].to == [other.email]


def test_a_letter_names_no_person_and_no_structure():
    UserFactory(agent=True)
    claim = claim_came()
    tell_team(site=SITE)
    assert claim.user.email not in mail.outbox[0].body
    assert claim.structure.name not in mail.outbox[0].body


def test_what_is_being_written_belongs_to_the_next_letter():
    UserFactory(agent=True)
    PlaceReportFactory()
    assert tell_team(site=SITE) == 0
    assert tell_team(site=SITE, now=timezone.now() + timedelta(minutes=5)) == 1


def test_a_server_of_mail_that_fails_is_tried_again(settings):
    UserFactory(agent=True)
    claim_came()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    with pytest.raises(ConnectionRefusedError):
        tell_team(site=SITE)
    assert Subscription.objects.get(user__is_agent=True).team_told_until is None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert tell_team(site=SITE) == 1


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_write_to_each_agent_once():
    UserFactory.create_batch(5, agent=True)
    claim_came()
    assert sum(at_once(lambda: tell_team(site=SITE), lambda: tell_team(site=SITE))) == 5
    assert len({letter.to[0] for letter in mail.outbox}) == len(mail.outbox) == 5
