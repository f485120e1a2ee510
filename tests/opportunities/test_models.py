"""What the database refuses of an opportunity, and which ones still live."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.directory.models import Structure
from maillage.opportunities.distances import rounded_up
from maillage.opportunities.models import Opportunity, Party, Refusal, Run
from maillage.sharing.models import Listing
from tests.factories.accounts import UserFactory
from tests.factories.conversations import ConversationFactory
from tests.factories.directory import MandateFactory, StructureFactory
from tests.factories.opportunities import OpportunityFactory, PartyFactory, RunFactory, make_opportunity
from tests.factories.sharing import ListingFactory

pytestmark = pytest.mark.django_db


def refused(constraint):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"takes": None}, "party_gives_or_takes"),
        ({"answer": "declined", "answered_at": timezone.now()}, "party_reason_when_declined"),
        ({"reason": "other"}, "party_reason_when_declined"),
        ({"answer": "interested"}, "party_answer_has_its_day"),
        ({"answered_at": timezone.now()}, "party_answer_has_its_day"),
    ],
)
def test_party_fields_are_checked(fields, constraint):
    party = PartyFactory()
    with refused(constraint):
        Party.objects.filter(pk=party.pk).update(**fields)


def test_a_structure_and_a_position_are_once_in_an_opportunity():
    party = PartyFactory(position=0)
    with transaction.atomic(), refused("party_structure_once"):
        PartyFactory(opportunity=party.opportunity, structure=party.structure, position=1)
    with refused("party_position_once"):
        PartyFactory(opportunity=party.opportunity, position=0)


def test_a_fingerprint_is_found_once_at_a_time():
    found = OpportunityFactory()
    OpportunityFactory(fingerprint=found.fingerprint, state="declined")
    OpportunityFactory(fingerprint=found.fingerprint, state="agreed")
    with refused("opportunity_unique_while_alive"):
        OpportunityFactory(fingerprint=found.fingerprint)


def test_an_opportunity_is_seen_after_it_is_found_and_talks_once_agreed():
    with transaction.atomic(), refused("opportunity_seen_after_found"):
        OpportunityFactory(seen_at=timezone.now() - timedelta(days=1))
    with refused("opportunity_conversation_once_agreed"):
        OpportunityFactory(conversation=ConversationFactory())


def test_a_refusal_is_kept_once_and_has_a_distance_for_distance_alone():
    listing, partner = ListingFactory(), StructureFactory()
    for other in (partner, None):
        Refusal.objects.create(listing=listing, partner=other, reason="other")
        with transaction.atomic(), refused("refusal_pair_once"):
            Refusal.objects.create(listing=listing, partner=other, reason="not_now")
    with refused("refusal_distance_when_too_far"):
        Refusal.objects.create(listing=ListingFactory(), reason="other", distance_km=3)


def test_one_run_goes_on_at_a_time():
    RunFactory(done=True)
    RunFactory(state="running")
    with transaction.atomic(), refused("run_one_at_a_time"):
        RunFactory()
    with refused("run_percent_at_most_100"):
        Run.objects.update(percent=101)


def yesterday():
    return timezone.localdate() - timedelta(days=1)


@pytest.mark.parametrize(
    "change",
    [
        lambda listing: listing.save(),
        lambda listing: Listing.objects.filter(pk=listing.pk).update(state="paused"),
        lambda listing: Listing.objects.filter(pk=listing.pk).update(state="closed"),
        lambda listing: Listing.objects.filter(pk=listing.pk).update(last_day=yesterday(), valid_until=yesterday()),
        lambda listing: Listing.objects.filter(pk=listing.pk).update(valid_until=yesterday()),
        lambda listing: Structure.objects.filter(pk=listing.structure_id).update(state="dissolved"),
    ],
    ids=["saved", "paused", "closed", "over", "expired", "dissolved"],
)
@pytest.mark.parametrize("side", ["gives", "takes"])
def test_an_opportunity_ends_at_once_when_a_listing_changes(change, side):
    listing = ListingFactory(need=side == "takes")
    pair = (listing, None) if side == "gives" else (None, listing)
    opportunity = make_opportunity(pair, (None, ListingFactory(need=True)))
    other = make_opportunity((None, ListingFactory(need=True)))
    assert set(Opportunity.objects.living()) == {opportunity, other}
    change(listing)
    assert list(Opportunity.objects.living()) == [other]
    assert list(Opportunity.objects.outdated()) == [opportunity]


@pytest.mark.parametrize(
    ("kilometres", "step"), [(0, 5), (5, 5), (5.001, 15), (15, 15), (29, 30), (50, 50), (50.1, 100), (400, 100)]
)
def test_a_distance_is_rounded_up_to_a_step(kilometres, step):
    assert rounded_up(kilometres) == step


@pytest.mark.parametrize(
    ("role", "expected"),
    [("visitor", False), ("account", False), ("agent", False), ("superuser", True), ("other", False), ("own", True)],
)
def test_predicate_and_queryset_agree_on_who_sees_a_party(role, expected):
    party = PartyFactory()
    PartyFactory(opportunity=party.opportunity)
    other = party.opportunity.parties.exclude(pk=party.pk).get()
    user = {
        "visitor": lambda: AnonymousUser(),
        "account": lambda: UserFactory(),
        "agent": lambda: UserFactory(agent=True),
        "superuser": lambda: UserFactory(is_superuser=True),
        "other": lambda: MandateFactory(structure=other.structure).user,
        "own": lambda: MandateFactory(structure=party.structure).user,
    }[role]()
    assert user.has_perm("opportunities.see_party", party) is expected
    assert Party.objects.seen_by(user).filter(pk=party.pk).exists() is expected
