"""Two pages of one structure: what named the one names the other, and nothing is lost."""

from datetime import timedelta

import pghistory.models
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from maillage.agreements.models import Agreement
from maillage.conversations.models import Block, Message, Participant, Report
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
    PageAddress,
    Picture,
    Structure,
    VisitorLetter,
)
from maillage.opportunities.merging import MergerRefused, merge_structures
from maillage.opportunities.models import Opportunity, Party, Question, Refusal
from maillage.sharing.models import Contact, Draft, Inventory, ListingReader
from tests.at_once import at_once
from tests.factories.accounts import UserFactory
from tests.factories.conversations import ConversationFactory
from tests.factories.directory import AssistanceFactory, MandateFactory, NetworkMembershipFactory, StructureFactory
from tests.factories.opportunities import make_opportunity
from tests.factories.sharing import BookingFactory, DraftFactory, ListingFactory
from tests.factories.volunteering import (
    ContributionFactory,
    EngagementFactory,
    HoursFactory,
    MissionFactory,
    RateFactory,
)

pytestmark = pytest.mark.django_db
PHOTO = {"file": "structures/grande.webp", "small_file": "structures/petite.webp"}
WHY = "deux fiches de la même association"


def merge(kept, absorbed):
    return merge_structures(kept_id=kept.pk, absorbed_id=absorbed.pk, agent=UserFactory(agent=True), reason=WHY)


def make_busy(structure):
    """A structure that every table names, with another that shares some of it; returns that other."""
    partner, third = StructureFactory(), StructureFactory()
    MandateFactory(structure=structure)
    NetworkMembershipFactory(head=structure, member=partner)
    NetworkMembershipFactory(head=third, member=structure)
    NetworkRequest.objects.create(head=structure, member=StructureFactory(), is_invitation=True)
    NetworkRequest.objects.create(head=StructureFactory(), member=structure, is_invitation=False)
    Claim.objects.create(structure=structure, user=UserFactory())
    Invitation.objects.create(structure=structure, email="odile@exemple.fr", role="contributor")
    HandOver.objects.create(structure=structure, day=timezone.localdate())
    Dissolution.objects.create(structure=structure, is_declared=False, day=timezone.localdate())
    Dissolution.objects.create(structure=third, is_declared=True, day=timezone.localdate(), receiver=structure)
    waits = {"until": timezone.localdate(), "author": UserFactory()}
    HelpRequest.objects.create(head=structure, member=StructureFactory(), is_offer=True, **waits)
    HelpRequest.objects.create(head=StructureFactory(), member=structure, is_offer=False, **waits)
    AssistanceFactory(structure=structure)
    AssistanceFactory(structure=third, head=structure)
    Picture.objects.create(structure=structure, place=1, description="La scène.", is_cover=True, **PHOTO)
    PageAddress.objects.create(structure=structure, slug="ancienne")
    VisitorLetter.objects.create(structure=structure, name="Odile", email="odile@exemple.fr", text="Bonjour.")
    typed = {"quoi": {"structure": [str(structure.pk)], "title": ["Sono"]}}
    DraftFactory(structure=structure, author=UserFactory(), typed=typed)
    Inventory.objects.create(structure=structure, file_name="matériel.csv")
    StructureFactory(merged_into=structure, merged_on=timezone.localdate())
    StructureFactory(replaced_by=structure, state=Structure.State.SUPPRESSED)
    offer, need = ListingFactory(structure=structure), ListingFactory(structure=structure, need=True)
    theirs = ListingFactory(structure=partner)
    ListingReader.objects.create(listing=theirs, structure=structure)
    BookingFactory(listing=theirs, borrower=structure, confirmed=True)
    conversation = ConversationFactory(structures=[structure, partner])
    Contact.objects.create(listing=theirs, structure=structure, conversation=conversation)
    Message.objects.create(conversation=conversation, structure=structure, text="Bonjour.")
    message = Message.objects.create(conversation=conversation, structure=partner, text="Publicité.")
    Report.objects.create(message=message, structure=structure, reason=Report.Reason.ADVERTISING)
    Block.objects.create(structure=structure, blocked=partner)
    Block.objects.create(structure=third, blocked=structure)
    opportunity = make_opportunity((offer, need), (theirs, ListingFactory(structure=partner, need=True)))
    Question.objects.create(party=opportunity.parties.get(structure=structure), text="Qui assure ?")
    Refusal.objects.create(listing=theirs, partner=structure, reason="not_them")
    mission = MissionFactory(structure=partner)
    mission.partnerships.create(structure=structure)
    EngagementFactory(mission=mission, invited=True, invited_by=structure)
    MissionFactory(structure=structure)
    HoursFactory(structure=structure)
    ContributionFactory(structure=structure)
    ContributionFactory(giver=structure)
    RateFactory(structure=structure)
    Agreement.objects.create(nature="free_loan", lender=structure, borrower=partner, written_for="lender")
    Agreement.objects.create(nature="free_loan", lender=third, borrower=structure, written_for="lender")
    return partner


def naming(structure):
    """{table.field: how many of its rows name ``structure``}, the events of the audit aside."""
    links = [one for one in Structure._meta.get_fields(include_hidden=True) if one.one_to_many or one.one_to_one]
    return {
        f"{link.related_model._meta.label}.{link.field.name}": link.related_model.objects.filter(
            **{link.field.name: structure}
        ).count()
        for link in links
        if not issubclass(link.related_model, pghistory.models.Event)
    }


def test_all_that_named_the_one_names_the_other():
    kept, absorbed = StructureFactory(), StructureFactory()
    make_busy(absorbed)
    before = naming(absorbed)
    assert [name for name, count in before.items() if not count] == []  # a new table must be handed over too
    merge(kept, absorbed)
    assert [name for name, count in naming(absorbed).items() if count] == []
    before["directory.Structure.merged_into"] += 1  # the absorbed one itself
    assert naming(kept) == before


def test_who_helps_the_one_and_is_of_the_team_of_the_other_helps_no_more():
    kept, absorbed = StructureFactory(), StructureFactory()
    given = AssistanceFactory(structure=absorbed)
    MandateFactory(structure=kept, user=given.helper, role=Mandate.Role.CONTRIBUTOR)
    between = AssistanceFactory(structure=kept, head=absorbed)
    merge(kept, absorbed)
    mandates = kept.mandates.exclude(pk=between.mandate_id)
    assert list(mandates.values_list("role", flat=True)) == [Mandate.Role.CONTRIBUTOR]
    assert dict(Assistance.objects.values_list("pk", "head")) == {given.pk: None, between.pk: None}


def test_what_both_had_with_the_same_partners_stays_once():
    kept, absorbed = StructureFactory(), StructureFactory()
    partner = make_busy(absorbed)
    user = absorbed.mandates.of_the_team().get().user
    MandateFactory(structure=kept, user=user, role=Mandate.Role.CONTRIBUTOR)
    NetworkMembershipFactory(head=kept, member=partner)
    NetworkMembershipFactory(head=kept, member=absorbed)
    theirs = ListingReader.objects.get().listing
    ListingReader.objects.create(listing=theirs, structure=kept)
    thread = Contact.objects.get().conversation
    Participant.objects.create(conversation=thread, structure=kept)
    Contact.objects.create(listing=theirs, structure=kept, conversation=ConversationFactory(structures=[kept, partner]))
    Report.objects.create(message=Report.objects.get().message, structure=kept, reason=Report.Reason.SCAM)
    Block.objects.create(structure=kept, blocked=partner)
    Block.objects.create(structure=kept, blocked=absorbed)
    Refusal.objects.create(listing=theirs, partner=kept, reason="not_them")
    opportunity = Opportunity.objects.get()
    Party.objects.create(opportunity=opportunity, structure=kept, position=9, gives=theirs, distance=15)
    asking = Claim.objects.get().user
    Claim.objects.create(structure=kept, user=asking)
    Invitation.objects.create(structure=kept, email="Odile@exemple.fr", role="contributor")
    PageAddress.objects.create(structure=kept, slug="nouvelle")
    Picture.objects.create(structure=kept, place=1, description="Le public.", is_cover=True, **PHOTO)
    merge(kept, absorbed)
    assert sorted(kept.claims.values_list("state", flat=True)) == ["waiting", "withdrawn"]
    assert kept.invitations.count() == 1
    assert dict(kept.page_addresses.values_list("slug", "is_current")) == {"ancienne": False, "nouvelle": True}
    assert list(kept.pictures.values_list("place", "description", "is_cover")) == [
        (1, "Le public.", True),
        (2, "La scène.", False),
    ]
    assert list(kept.mandates.of_the_team().values_list("user", "role")) == [(user.pk, Mandate.Role.REPRESENTATIVE)]
    assert list(NetworkMembership.objects.filter(head=kept).values_list("member", flat=True)) == [partner.pk]
    once = (ListingReader, Contact, Report)
    assert [model.objects.filter(structure=kept).count() for model in once] == [1, 1, 1]
    assert thread.participants.filter(structure=kept).count() == 1
    assert Block.objects.filter(structure=kept).count() == 1
    assert Question.objects.get().party == opportunity.parties.get(structure=kept)
    assert Refusal.objects.filter(partner=kept).count() == 1


def test_a_person_who_left_one_before_joining_the_other_keeps_both_mandates():
    kept, absorbed = StructureFactory(), StructureFactory()
    user = UserFactory()
    today = timezone.localdate()
    MandateFactory(user=user, structure=kept, role=Mandate.Role.CONTRIBUTOR)
    old = {"starts_on": today - timedelta(days=900), "ends_on": today - timedelta(days=800)}
    MandateFactory(user=user, structure=absorbed, **old)
    merge(kept, absorbed)
    assert kept.mandates.count() == 2


REPRESENTS, SIGNS, CONTRIBUTES = ("representative", False), ("representative", True), ("contributor", False)


@pytest.mark.parametrize(
    ("of_kept", "of_absorbed", "joined"),  # mandates: (role and right, first day, last day), in days from today
    [
        ((REPRESENTS, -900, -300), (REPRESENTS, -600, None), [(REPRESENTS, -900, None)]),
        ((REPRESENTS, -900, 2), (REPRESENTS, -600, None), [(REPRESENTS, -900, None)]),
        (
            (CONTRIBUTES, -900, None),
            (SIGNS, -600, -300),
            [(CONTRIBUTES, -900, -601), (SIGNS, -600, -300), (CONTRIBUTES, -299, None)],
        ),
        (
            (CONTRIBUTES, -900, None),
            (SIGNS, 30, 60),
            [(CONTRIBUTES, -900, 29), (SIGNS, 30, 60), (CONTRIBUTES, 61, None)],
        ),
        ((REPRESENTS, -9, 9), (CONTRIBUTES, -5, 5), [(REPRESENTS, -9, 9)]),
        ((SIGNS, -9, 9), (SIGNS, -9, 9), [(SIGNS, -9, 9)]),
    ],
)
def test_a_person_of_both_has_each_day_the_greater_of_what_they_had(of_kept, of_absorbed, joined):
    kept, absorbed, person, today = StructureFactory(), StructureFactory(), UserFactory(), timezone.localdate()

    def days(number):
        return number and today + timedelta(days=number)

    for structure, ((role, may_commit), first, last) in ((kept, of_kept), (absorbed, of_absorbed)):
        given = {"role": role, "may_commit": may_commit, "starts_on": days(first), "ends_on": days(last)}
        MandateFactory(user=person, structure=structure, **given)
    merge(kept, absorbed)
    facts = kept.mandates.order_by("starts_on").values_list("role", "may_commit", "starts_on", "ends_on")
    assert list(facts) == [(*given, days(first), days(last)) for given, first, last in joined]


def test_who_was_to_leave_still_leaves_when_someone_follows():
    kept, absorbed, person = StructureFactory(), StructureFactory(), UserFactory()
    leaving = MandateFactory(user=person, structure=kept)
    MandateFactory(user=person, structure=absorbed, role="contributor", starts_on=leaving.starts_on - timedelta(days=9))
    relay = HandOver.objects.create(structure=kept, day=timezone.localdate())
    relay.leaving.add(leaving)
    merge(kept, absorbed)
    assert list(relay.leaving.values_list("user", "role", "starts_on")) == [
        (person.pk, "representative", leaving.starts_on)
    ]


def test_the_kept_page_says_what_it_said_and_else_what_the_other_did():
    kept = StructureFactory(presentation="Lire ensemble.", siret=None)
    absorbed = StructureFactory(presentation="Lire.", website="https://lire.fr", siret="78467169500103")
    merge(kept, absorbed)
    kept.refresh_from_db()
    assert (kept.presentation, kept.website, kept.siret) == ("Lire ensemble.", "https://lire.fr", "78467169500103")


def test_pictures_beyond_twelve_are_left_out():
    kept, absorbed = StructureFactory(), StructureFactory()
    for place in range(1, 8):
        Picture.objects.create(structure=kept, place=place, **PHOTO)
        Picture.objects.create(structure=absorbed, place=place, **PHOTO)
    merge(kept, absorbed)
    assert list(kept.pictures.values_list("place", flat=True)) == list(range(1, 13))


def test_a_draft_goes_on_in_the_name_of_the_kept_one():
    kept, absorbed = StructureFactory(), StructureFactory()
    make_busy(absorbed)
    merge(kept, absorbed)
    assert Draft.objects.get().typed["quoi"]["structure"] == [str(kept.pk)]


def test_what_was_found_for_the_absorbed_one_expires():
    kept, absorbed = StructureFactory(), StructureFactory()
    make_busy(absorbed)
    merge(kept, absorbed)
    assert Opportunity.objects.get().state == Opportunity.State.EXPIRED


def test_the_absorbed_page_leads_to_the_kept_one_and_leaves_the_lists(client):
    kept, absorbed = StructureFactory(name="Le Cercle"), StructureFactory(name="Cercle (Le)")
    listing = ListingFactory(structure=absorbed, title="Barnum")
    last = StructureFactory(name="Cercle lecture")
    merge(kept, absorbed)
    merge(last, kept)
    for gone in (kept, absorbed):
        assert client.get(reverse("structure", args=[gone.pk])).url == reverse("structure", args=[last.pk])
    assert [one.name for one in client.get(reverse("structures")).context["page"]] == ["Cercle lecture"]
    assert "Cercle lecture" in client.get(reverse("listing", args=[listing.pk])).content.decode()
    found = client.get(reverse("search"), {"quoi": "barnum cercle lecture"}).content.decode()
    assert "Barnum" in found


@pytest.mark.parametrize("case", ["oneself", "nobody", "already absorbed", "dissolved"])
def test_a_merger_that_makes_no_sense_is_refused(case):
    kept, absorbed = StructureFactory(), StructureFactory()
    keys = {"kept_id": kept.pk, "absorbed_id": absorbed.pk}
    if case == "oneself":
        keys["absorbed_id"] = kept.pk
    if case == "nobody":
        keys["absorbed_id"] = 0
    if case == "already absorbed":
        merge(StructureFactory(), absorbed)
    if case == "dissolved":
        Structure.objects.filter(pk=kept.pk).update(state=Structure.State.DISSOLVED)
    with pytest.raises(MergerRefused):
        merge_structures(**keys, agent=UserFactory(agent=True), reason=WHY)


@pytest.mark.parametrize("case", ["itself", "no day"])
def test_the_database_refuses_a_merger_that_cannot_be(case):
    structure, other = StructureFactory(), StructureFactory()
    structure.merged_into = structure if case == "itself" else other
    structure.merged_on = timezone.localdate() if case == "itself" else None
    constraint = "structure_not_merged_into_itself" if case == "itself" else "structure_merger_is_dated"
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        structure.save()


@pytest.mark.django_db(transaction=True)
def test_two_agents_who_merge_the_same_pages_the_other_way_round_merge_them_once():
    first, second = StructureFactory(), StructureFactory()
    agent = UserFactory(agent=True)
    pairs = [(first, second), (second, first)] * 3
    done = at_once(
        *[
            lambda kept=kept, absorbed=absorbed: merge_structures(
                kept_id=kept.pk, absorbed_id=absorbed.pk, agent=agent, reason=WHY
            )
            for kept, absorbed in pairs
        ]
    )
    assert sorted(type(one).__name__ for one in done) == ["MergerRefused"] * 5 + ["Structure"]
    assert Structure.objects.active().count() == 1
