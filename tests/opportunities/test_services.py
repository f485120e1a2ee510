"""Searching, answering, agreeing, and what a refusal teaches the next search."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.utils import timezone

from maillage.conversations.models import Conversation
from maillage.opportunities import services
from maillage.opportunities.models import PATIENCE, Opportunity, Party, Refusal
from maillage.sharing.models import Listing
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.directory import MandateFactory
from tests.factories.opportunities import circle_mandates, make_opportunity, pool_of_needs
from tests.factories.sharing import ListingFactory
from tests.factories.territory import CommuneFactory

pytestmark = pytest.mark.django_db
INTERESTED, DECLINED = Party.Answer.INTERESTED, Party.Answer.DECLINED


def answer(mandate, answer=INTERESTED, reason=""):
    party = Party.objects.get(structure=mandate.structure, opportunity__state="found")
    return services.answer_opportunity(party_id=party.pk, author=mandate.user, answer=answer, reason=reason)


def states():
    return list(Opportunity.objects.order_by("pk").values_list("state", flat=True))


@pytest.fixture
def circle():
    mandates = circle_mandates(3)
    services.run_search()
    return mandates


# Searching.


def test_a_search_keeps_what_it_finds_with_its_figures(circle):
    opportunity = Opportunity.objects.get()
    assert (opportunity.kind, opportunity.state, len(opportunity.figures["scores"])) == ("circle", "found", 3)
    assert {party.structure for party in opportunity.parties.all()} == {mandate.structure for mandate in circle}


def test_a_second_search_finds_the_same_and_keeps_the_answers(circle):
    before = Opportunity.objects.get()
    answer(circle[0])
    counts = {"circle": 1, "chain": 0, "job": 0, "purchase": 0, "equipment": 0}
    assert services.run_search() == counts | {"new": 0, "expired": 0}
    assert Opportunity.objects.get() == before
    assert Party.objects.filter(answer=INTERESTED).count() == 1


def test_what_is_found_again_is_seen_again_under_its_day():
    circle_mandates(2)
    services.run_search()
    before = Opportunity.objects.get()
    services.run_search()
    after = Opportunity.objects.get()
    assert after.pk == before.pk
    assert after.found_at == before.found_at
    assert after.seen_at > before.seen_at


def test_a_changed_listing_ends_the_answers_and_is_found_anew(circle):
    answer(circle[0])
    Listing.objects.needs().first().save()
    counts = services.run_search()
    assert (counts["new"], counts["expired"]) == (1, 1)
    assert states() == ["expired", "found"]
    assert not Party.objects.filter(opportunity__state="found").exclude(answer="pending").exists()


def test_what_is_no_longer_found_expires_unless_someone_is_interested():
    kept, lost = (make_opportunity((None, ListingFactory(need=True))) for _ in range(2))
    kept.parties.update(answer=INTERESTED, answered_at=timezone.now())
    services.run_search()
    assert states() == ["found", "expired"]
    with time_machine.travel(timezone.now() + PATIENCE + timedelta(days=1)):
        services.run_search()
    assert states() == ["expired", "expired"]
    assert lost.pk != kept.pk


def test_patience_counts_from_the_latest_answer():
    old = make_opportunity((None, ListingFactory(need=True)))
    with time_machine.travel(timezone.now() + PATIENCE + timedelta(days=1)):
        old.parties.update(answer=INTERESTED, answered_at=timezone.now())
        services.run_search()
    assert states() == ["found"]


def search_while(do):
    """Search, and do this between what is read and what is kept."""
    done = []
    services.run_search(on_progress=lambda share: done or done.append(do()))


def test_a_circle_that_is_agreed_during_the_search_is_not_proposed_again(circle):
    search_while(lambda: [answer(mandate) for mandate in circle])
    assert states() == ["agreed"]


def test_what_someone_takes_interest_in_during_the_search_is_brought_near_nobody_else():
    needs = pool_of_needs(4, category="purchasing.contracts.insurance")
    known = make_opportunity(*((None, need) for need in needs[:2]))
    search_while(lambda: known.parties.update(answer=INTERESTED, answered_at=timezone.now()))
    assert list(Opportunity.objects.all()) == [known]


def test_who_refuses_another_during_the_search_is_not_pooled_with_it():
    needs = pool_of_needs(4, category="purchasing.contracts.insurance")
    search_while(lambda: Refusal.objects.create(listing=needs[0], partner=needs[1].structure, reason="other"))
    assert not Opportunity.objects.exists()
    services.run_search()
    assert [one.parties.count() for one in Opportunity.objects.all()] == [3]


# Answering.


def test_the_last_yes_opens_a_conversation_with_all(circle):
    for mandate in circle[:2]:
        answer(mandate)
    assert states() == ["found"]
    assert not Conversation.objects.exists()
    answer(circle[2])
    opportunity = Opportunity.objects.get()
    assert opportunity.state == "agreed"
    assert set(opportunity.conversation.structures.all()) == {mandate.structure for mandate in circle}
    assert opportunity.conversation.subject.startswith("Cercle d’échange\u00a0: ")
    (said,) = opportunity.conversation.messages.all()
    assert said.structure is None
    assert "Prochaine étape\u00a0: " in said.text
    for mandate in circle:
        assert mandate.structure.name in said.text


def test_the_same_answer_again_changes_nothing(circle):
    first = answer(circle[0])
    again = answer(circle[0])
    assert (again.pk, again.answered_at) == (first.pk, first.answered_at)
    assert states() == ["found"]


def test_one_may_decline_after_a_yes_but_not_come_back_after_a_no(circle):
    party = answer(circle[0])
    answer(circle[0], DECLINED, "other")
    assert states() == ["declined"]
    with pytest.raises(services.AnswerRefused, match="plus ouverte"):
        services.answer_opportunity(party_id=party.pk, author=circle[0].user, answer=INTERESTED)


@pytest.mark.parametrize(
    ("said", "reason", "part"),
    [
        ("pending", "", "Choisissez"),
        ("bogus", "", "Choisissez"),
        (DECLINED, "", "pourquoi"),
        (DECLINED, "bogus", "pourquoi"),
        (INTERESTED, "other", "pourquoi"),
    ],
)
def test_an_answer_that_means_nothing_is_refused(circle, said, reason, part):
    with pytest.raises(services.AnswerRefused, match=part):
        answer(circle[0], said, reason)
    assert Party.objects.filter(answer="pending").count() == 3


def test_only_those_who_act_for_the_structure_answer(circle):
    party = Party.objects.get(structure=circle[0].structure)
    former = MandateFactory(structure=circle[0].structure, ended=True).user
    for author in (circle[1].user, former, UserFactory(agent=True)):
        with pytest.raises(services.AnswerRefused, match="au nom de cette structure"):
            services.answer_opportunity(party_id=party.pk, author=author, answer=INTERESTED)


def test_nobody_answers_what_a_change_made_untrue(circle):
    Listing.objects.offers().first().save()
    with pytest.raises(services.AnswerRefused, match="plus ouverte"):
        answer(circle[0])
    with pytest.raises(services.AnswerRefused, match="plus ouverte"):
        services.answer_opportunity(party_id=404_404, author=circle[0].user, answer=INTERESTED)


@pytest.mark.django_db(transaction=True)
def test_when_the_last_two_answer_at_once_one_conversation_opens(circle):
    answer(circle[0])
    outcomes = at_once(*(partial(answer, mandate) for mandate in circle[1:]))
    failures = [one for one in outcomes if isinstance(one, Exception)]
    assert failures == []
    assert states() == ["agreed"]
    assert Conversation.objects.count() == 1


# What a refusal teaches.


@pytest.mark.parametrize("reason", ["already_found", "too_far", "not_now", "not_them", "other"])
@pytest.mark.parametrize("count", [2, 3])
def test_what_was_declined_never_comes_back(reason, count):
    mandates = circle_mandates(count)
    services.run_search()
    answer(mandates[0], DECLINED, reason)
    assert services.run_search()["circle"] == 0
    Listing.objects.get(structure=mandates[0].structure, direction="need").save()
    assert services.run_search()["circle"] == 0
    assert states() == ["declined"]


def test_someone_else_may_stand_in_for_whom_was_declined():
    one, declined = circle_mandates(2)
    services.run_search()
    answer(one, DECLINED, "not_them")
    other = MandateFactory(structure__commune=CommuneFactory(revel=True))
    for listing in Listing.objects.filter(structure=declined.structure):
        is_need = listing.direction == "need"
        ListingFactory(structure=other.structure, category=listing.category, need=is_need)
    services.run_search()
    (found,) = Opportunity.objects.living()
    assert {party.structure for party in found.parties.all()} == {one.structure, other.structure}


@pytest.mark.parametrize(
    ("reason", "comes_back_after_change", "comes_back_in_time"),
    [("already_found", True, False), ("not_now", True, True), ("too_far", True, False), ("other", None, None)],
)
def test_a_reason_sets_a_need_aside_for_as_long_as_it_says(reason, comes_back_after_change, comes_back_in_time):
    needs = pool_of_needs(3, category="purchasing.contracts.insurance")
    mandate = MandateFactory(structure=needs[0].structure)
    services.run_search()
    answer(mandate, DECLINED, reason)
    Listing.objects.filter(pk__in=[need.pk for need in needs[1:]]).update(state="closed")
    pool_of_needs(2, category="purchasing.contracts.insurance")

    def is_found():
        services.run_search()
        return Party.objects.living().filter(takes=needs[0]).exists()

    if reason == "other":
        assert is_found()
        return
    assert not is_found()
    with time_machine.travel(timezone.now() + timedelta(days=61)):
        assert is_found() is comes_back_in_time
    needs[0].save()
    assert is_found() is comes_back_after_change


def test_the_latest_word_on_a_listing_counts():
    need = ListingFactory(need=True)
    mandate = MandateFactory(structure=need.structure)
    for reason in ("not_now", "already_found"):
        make_opportunity((None, need), (None, ListingFactory(need=True)))
        answer(mandate, DECLINED, reason)
    assert list(Refusal.objects.filter(listing=need, partner=None).values_list("reason", flat=True)) == [
        "already_found"
    ]
