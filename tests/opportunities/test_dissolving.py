"""A structure ends: all that it had open closes, those concerned are told once, and a mistake can be undone."""

import io
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from maillage.agreements.models import Agreement
from maillage.conversations.models import Conversation
from maillage.conversations.services import MessageRefused, post_message
from maillage.directory.models import (
    Assistance,
    Claim,
    Dissolution,
    HandOver,
    HelpRequest,
    Invitation,
    Mandate,
    NetworkMembership,
    NetworkRequest,
    Structure,
)
from maillage.directory.services import import_register
from maillage.opportunities.dissolving import DissolutionRefused, dissolve, follow_register, take_back, what_ends
from maillage.opportunities.models import Opportunity
from maillage.sharing.models import Booking, Draft, Listing
from maillage.sharing.services import ListingRefused, publish_listing, resume_listing
from maillage.volunteering.models import Mission
from tests.at_once import at_once
from tests.directory.registers import register, row
from tests.factories.accounts import UserFactory
from tests.factories.conversations import ConversationFactory
from tests.factories.directory import AssistanceFactory, MandateFactory, NetworkMembershipFactory, StructureFactory
from tests.factories.sharing import DraftFactory, ListingFactory
from tests.letters import deliver
from tests.opportunities.test_merging import make_busy, naming

pytestmark = pytest.mark.django_db
SITE = "https://maillage.example/"
# What each table that names a structure becomes when the structure ends; a new table must be added here, and handled.
CLOSED = {
    "agreements.Agreement.borrower": Agreement.objects.open(),
    "agreements.Agreement.lender": Agreement.objects.open(),
    "directory.Claim.structure": Claim.objects.waiting(),
    "directory.HelpRequest.head": HelpRequest.objects.all(),
    "directory.HelpRequest.member": HelpRequest.objects.all(),
    "directory.Invitation.structure": Invitation.objects.all(),
    "directory.Mandate.structure": Mandate.objects.filter(ends_on=None),
    "directory.NetworkMembership.head": NetworkMembership.objects.all(),
    "directory.NetworkMembership.member": NetworkMembership.objects.all(),
    "directory.NetworkRequest.head": NetworkRequest.objects.all(),
    "directory.NetworkRequest.member": NetworkRequest.objects.all(),
    "sharing.Booking.borrower": Booking.objects.exclude(state=Booking.State.CANCELLED),
    "sharing.Listing.structure": Listing.objects.exclude(state=Listing.State.CLOSED),
    "volunteering.Mission.structure": Mission.objects.exclude(state=Mission.State.CANCELLED),
}
STAYS = {
    "conversations.Block.blocked",
    "conversations.Block.structure",
    "conversations.Message.structure",
    "conversations.Participant.structure",  # read, no longer written in
    "conversations.Report.structure",
    "directory.Assistance.head",  # who wrote what
    "directory.Assistance.structure",
    "directory.Dissolution.receiver",
    "directory.Dissolution.structure",
    "directory.HandOver.structure",
    "directory.PageAddress.structure",
    "directory.Picture.structure",
    "directory.Structure.merged_into",
    "directory.Structure.replaced_by",
    "directory.VisitorLetter.structure",  # reaches nobody, and is erased within three days
    "opportunities.Party.structure",  # its opportunity expires
    "opportunities.Refusal.partner",
    "sharing.Contact.structure",
    "sharing.Inventory.structure",  # forgotten within thirty days
    "sharing.Draft.structure",  # its author may give it to another structure, for thirty days
    "sharing.ListingReader.structure",
    *(f"volunteering.{name}.structure" for name in ("InKindContribution", "MissionPartner", "Rate", "VolunteerHours")),
    *("volunteering.Engagement.invited_by", "volunteering.InKindContribution.giver"),
}


def end(structure, by=None, **said):
    said = {"day": timezone.localdate(), "becomes": "Tout va à la mairie.", "site": ""} | said
    return dissolve(structure_id=structure.pk, declared_by=by or UserFactory(agent=True), **said)


def read_register(**cells):
    import_register(file=io.BytesIO(register([row(id="W313000001", titre="LE CERCLE", **cells)])))
    return Structure.objects.get()


@pytest.fixture
def busy():
    """A structure that every table names, and that no dissolution has closed."""
    structure = StructureFactory()
    make_busy(structure)
    structure.dissolutions.all().delete()
    return structure


def test_every_table_that_names_a_structure_is_closed_or_stays_on_purpose(busy):
    before = naming(busy)
    assert set(before) == CLOSED.keys() | STAYS
    end(busy)
    left = {name: rows.filter(**{name.rpartition(".")[2]: busy}).count() for name, rows in CLOSED.items()}
    assert left == dict.fromkeys(CLOSED, 0)
    after = naming(busy)
    assert {name: after[name] for name in STAYS - {"directory.Dissolution.structure"}} == {
        name: before[name] for name in STAYS - {"directory.Dissolution.structure"}
    }
    assert Opportunity.objects.get().state == Opportunity.State.EXPIRED


def test_the_help_that_a_dissolved_head_gives_ends():
    given = AssistanceFactory(head=StructureFactory())
    other = AssistanceFactory(head=StructureFactory())
    Mandate.objects.update(starts_on=timezone.localdate() - timedelta(days=3))
    end(given.head)
    assert list(Assistance.objects.running()) == [other]


def test_the_page_tells_beforehand_what_ends(busy):
    assert what_ends(busy) == {
        "listings": 2,
        "drafts": 1,
        "mandates": 2,
        "claims": 1,
        "invitations": 1,
        "requests": 2,
        "memberships": 2,
        "opportunities": 1,
        "agreements": 2,
        "conversations": 1,
        "bookings": 1,
    }


def test_a_dissolved_structure_leaves_the_lists_and_its_page_says_when():
    structure, receiver = StructureFactory(), StructureFactory()
    day = timezone.localdate() - timedelta(days=3)
    made = end(structure, day=day, becomes="", receiver=receiver)
    structure.refresh_from_db()
    assert (structure.state, structure.dissolved_on, made.receiver) == ("dissolved", day, receiver)
    assert list(Structure.objects.active()) == [receiver]


def test_mandates_end_that_day_and_those_to_come_go():
    mandate = MandateFactory()
    today = timezone.localdate()
    late = MandateFactory(structure=mandate.structure, starts_on=today)
    MandateFactory(structure=mandate.structure, starts_on=today + timedelta(days=9))
    end(mandate.structure, day=today - timedelta(days=2))
    days = dict(mandate.structure.mandates.values_list("pk", "ends_on"))
    assert days == {mandate.pk: today - timedelta(days=2), late.pk: today}


def test_each_person_concerned_is_told_once(busy):
    partner = NetworkMembership.objects.get(head=busy).member
    people = {
        "team": busy.mandates.of_the_team().get().user,
        "helper": busy.mandates.helpers().get().user,
        "claim": Claim.objects.get().user,
        "partner": MandateFactory(structure=partner).user,
    }
    agent = UserFactory(agent=True)
    end(busy, by=agent, site=SITE)
    left = deliver()
    (about_booking,) = [letter for letter in left if letter.subject.startswith("Annulé pour")]
    assert about_booking.to == [people["partner"].email]
    letters = {letter.to[0]: letter.body for letter in left if letter is not about_booking}
    assert sorted(letters) == sorted(person.email for person in people.values())
    assert "Votre mandat prend fin" in letters[people["team"].email]
    assert "Votre demande d’agir pour elle est close." in letters[people["claim"].email]
    both = letters[people["partner"].email]
    assert "ne sont plus dans le même réseau" in both
    assert "Une occasion que vous aviez avec elle n’est plus possible." in both


def test_the_whole_team_is_told_but_who_declares():
    mandate = MandateFactory(may_commit=True)
    silent = MandateFactory(structure=mandate.structure, role="contributor", user__hears_of_messages=False)
    end(mandate.structure, by=mandate.user, site=SITE)
    (letter,) = deliver()
    assert letter.to == [silent.user.email]
    assert "vous agissiez pour cette structure" in letter.body


@pytest.mark.parametrize("case", ["twice", "to come", "long ago", "before it began", "says nothing", "ended receiver"])
def test_a_dissolution_that_makes_no_sense_is_refused(case):
    today = timezone.localdate()
    structure = StructureFactory(created_on=today - timedelta(days=10))
    said = {
        "to come": {"day": today + timedelta(days=1)},
        "long ago": {"day": today - timedelta(days=5000)},
        "before it began": {"day": today - timedelta(days=11)},
        "says nothing": {"becomes": "  "},
        "ended receiver": {"receiver": StructureFactory(dissolved=True)},
    }
    if case == "twice":
        end(structure)
    with pytest.raises(DissolutionRefused):
        end(structure, **said.get(case, {}))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"is_declared": True}, "dissolution_says_what_becomes"),
        ({"is_declared": False, "to_itself": True}, "dissolution_not_to_oneself"),
        ({"is_declared": False, "again": True}, "dissolution_one_standing"),
    ],
)
def test_the_database_refuses_a_dissolution_that_cannot_be(fields, constraint):
    structure = StructureFactory()
    if fields.pop("to_itself", False):
        fields["receiver"] = structure
    if fields.pop("again", False):
        Dissolution.objects.create(structure=structure, day=timezone.localdate(), **fields)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Dissolution.objects.create(structure=structure, day=timezone.localdate(), **fields)


def test_nobody_writes_in_the_name_of_a_dissolved_structure_nor_to_it_alone():
    mandate, other = MandateFactory(), MandateFactory()
    alone = ConversationFactory(structures=[mandate.structure, other.structure])
    three = ConversationFactory(structures=[mandate.structure, other.structure, StructureFactory()])
    end(mandate.structure)
    said = {"structure": other.structure, "author": other.user, "text": "Bonjour"}
    with pytest.raises(MessageRefused, match="Personne ne lit plus"):
        post_message(conversation_id=alone.pk, **said)
    post_message(conversation_id=three.pk, **said)
    with pytest.raises(MessageRefused, match="plus active"):
        post_message(conversation_id=three.pk, structure=mandate.structure, author=mandate.user, text="Bonjour")


def test_a_dissolved_structure_publishes_no_more():
    paused = ListingFactory(paused=True)
    author = MandateFactory(structure=paused.structure).user
    end(paused.structure)
    with pytest.raises(ListingRefused):
        resume_listing(listing_id=paused.pk, author=author)
    with pytest.raises(ListingRefused, match="plus active"):
        publish(paused.structure, author)


def publish(structure, author):
    return publish_listing(
        structure=structure,
        author=author,
        direction="offer",
        category="technical.vehicles.van",
        title="Camionnette",
        commune=structure.commune,
    )


def test_what_can_come_back_does_after_a_mistake(busy):
    mandate = busy.mandates.of_the_team().get()
    last_day = timezone.localdate() + timedelta(days=40)
    Mandate.objects.filter(pk=mandate.pk).update(ends_on=last_day)
    ListingFactory(structure=busy, closed=True)
    ListingFactory(structure=busy, paused=True)
    gone = NetworkMembership.objects.get(member=busy).head
    states = dict(busy.listings.values_list("pk", "state"))
    end(busy)
    Structure.objects.filter(pk=gone.pk).update(state=Structure.State.SUPPRESSED)
    back = take_back(structure_id=busy.pk, agent=UserFactory(agent=True))
    busy.refresh_from_db()
    mandate.refresh_from_db()
    assert (busy.state, busy.dissolved_on, mandate.ends_on) == ("active", None, last_day)
    assert dict(busy.listings.values_list("pk", "state")) == states
    assert back == {"mandates": 2, "memberships": 1, "listings": 3}
    assert list(NetworkMembership.objects.values_list("head", flat=True)) == [busy.pk]
    assert not Claim.objects.waiting().exists()
    with pytest.raises(DissolutionRefused, match="déjà annulée"):
        take_back(structure_id=busy.pk, agent=UserFactory(agent=True))


def test_what_the_register_dissolves_closes_in_the_same_way_and_opens_again_with_it():
    structure = read_register()
    listing, mandate = ListingFactory(structure=structure), MandateFactory(structure=structure)
    read_register(position="D", date_disso="2020-06-30")
    assert follow_register(site=SITE) == (1, 0)
    listing.refresh_from_db()
    mandate.refresh_from_db()
    assert (listing.state, mandate.ends_on) == ("closed", mandate.starts_on)
    assert [letter.to for letter in deliver()] == [[mandate.user.email]]
    assert follow_register() == (0, 0)
    read_register()
    assert follow_register() == (0, 1)
    listing.refresh_from_db()
    mandate.refresh_from_db()
    assert (listing.state, mandate.ends_on) == ("published", None)


def test_an_agent_may_be_surer_than_the_register_which_says_it_again():
    structure = read_register()
    ListingFactory(structure=structure)
    ended = {"position": "D", "date_disso": "2020-06-30"}
    read_register(**ended)
    follow_register()
    take_back(structure_id=structure.pk, agent=UserFactory(agent=True))
    structure.refresh_from_db()
    assert (structure.state, structure.dissolved_on) == ("active", None)
    assert read_register(**ended).state == "dissolved"
    assert follow_register() == (1, 0)


def test_a_structure_that_had_nothing_open_leaves_no_trace():
    StructureFactory(dissolved=True)
    assert follow_register() == (0, 0)
    assert not Dissolution.objects.exists()


def test_closing_what_the_register_dissolved_costs_the_same_for_many(django_assert_max_num_queries):
    for _ in range(8):
        ListingFactory(structure=StructureFactory(dissolved=True))
    with django_assert_max_num_queries(32):
        assert follow_register() == (8, 0)
    assert not Listing.objects.exclude(state=Listing.State.CLOSED).exists()


def test_the_register_does_not_bring_back_what_was_declared_here():
    structure = read_register()
    end(structure)
    structure = read_register(objet="Lire ensemble, encore")
    assert (structure.state, structure.dissolved_on) == ("dissolved", timezone.localdate())
    take_back(structure_id=structure.pk, agent=UserFactory(agent=True))
    assert read_register(objet="Lire ensemble, encore").state == "active"


def test_a_draft_stays_with_its_author_and_a_hand_over_with_the_structure(busy):
    end(busy)
    assert (Draft.objects.count(), HandOver.objects.count(), Conversation.objects.count()) == (1, 1, 1)


def test_a_dissolved_page_may_still_be_merged_into_the_one_that_received():
    from maillage.opportunities.merging import merge_structures

    old, new = StructureFactory(), StructureFactory()
    end(old, receiver=new)
    DraftFactory(structure=old)
    merge_structures(kept_id=new.pk, absorbed_id=old.pk, agent=UserFactory(agent=True), reason="fusion")
    assert not Dissolution.objects.exists()
    assert follow_register() == (0, 0)


def test_network_memberships_of_others_stay():
    other = NetworkMembershipFactory()
    end(StructureFactory())
    assert NetworkMembership.objects.get() == other


@pytest.mark.django_db(transaction=True)
def test_nothing_stays_published_when_people_publish_while_the_structure_ends():
    mandate = MandateFactory()
    structure, agent = mandate.structure, UserFactory(agent=True)
    paused = [ListingFactory(structure=structure, paused=True) for _ in range(2)]
    done = at_once(
        lambda: publish(structure, mandate.user),
        lambda: resume_listing(listing_id=paused[0].pk, author=mandate.user),
        lambda: end(structure, by=agent),
        lambda: publish(structure, mandate.user),
        lambda: resume_listing(listing_id=paused[1].pk, author=mandate.user),
        lambda: end(structure, by=agent),
    )
    assert {type(one).__name__ for one in done} <= {"Listing", "ListingRefused", "Dissolution", "DissolutionRefused"}
    assert sorted(type(done[place]).__name__ for place in (2, 5)) == ["Dissolution", "DissolutionRefused"]
    assert set(structure.listings.values_list("state", flat=True)) == {"closed"}


def test_those_who_act_again_are_told_that_it_was_a_mistake():
    agent = UserFactory(agent=True)
    mandate = MandateFactory(may_commit=True)
    MandateFactory(structure=mandate.structure, user=agent, role="contributor")
    ListingFactory(structure=mandate.structure)
    end(mandate.structure, by=agent, site=SITE)
    deliver()
    take_back(structure_id=mandate.structure.pk, agent=agent, site=SITE)
    (letter,) = deliver()
    assert letter.to == [mandate.user.email]
    assert letter.subject == f"{mandate.structure.name} n’est plus dissoute"
    assert "était une erreur\u00a0: elle est annulée." in letter.body
    assert "De retour aussi\u00a0: 1\u00a0annonce." in letter.body


def test_the_register_that_opens_again_tells_it_too():
    structure = read_register()
    mandate = MandateFactory(structure=structure)
    read_register(position="D", date_disso="2020-06-30")
    follow_register()
    read_register()
    assert follow_register(site=SITE) == (0, 1)
    (letter,) = deliver()
    assert letter.to == [mandate.user.email]
    assert "n’est plus dissoute, d’après le registre national" in letter.body
