"""Loading the demonstration into the database, all or nothing, and taking all of it away."""

from dataclasses import asdict, dataclass
from functools import partial

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillage.accounts.models import User
from maillage.agreements.models import Agreement, Signature, SignedCopy
from maillage.conversations.models import Attachment, Conversation
from maillage.demonstration.bookings import write_bookings
from maillage.demonstration.drawing import draw_demonstration
from maillage.demonstration.helps import write_helps
from maillage.demonstration.missions import write_hours, write_missions
from maillage.demonstration.places import invented_places
from maillage.demonstration.structures import Place
from maillage.directory.models import Claim, Dissolution, HandOver, Invitation, Mandate, NetworkMembership, Structure
from maillage.directory.models import Picture as PagePicture
from maillage.engine.text import fold
from maillage.opportunities.models import Opportunity
from maillage.opportunities.services import run_search
from maillage.places.models import Place as MeetingPlace
from maillage.sharing import indexing
from maillage.sharing.models import Booking, Draft, LendingRules, Listing, ListingReader, Picture
from maillage.territory.models import Commune
from maillage.volunteering.models import Mission

PASSWORD = "tricot-et-pastel"  # noqa: S105 shown to every visitor of a demonstration
SEED = 31
STRUCTURES = 300


class DemonstrationRefused(Exception):
    """The text says why, to the operator."""


@dataclass(frozen=True)
class Loaded:
    """How many rows there are; ``is_new`` is False when they were there already."""

    structures: int
    people: int
    listings: int
    is_new: bool


def load_demonstration(*, seed=SEED, structures=STRUCTURES, force=False):
    """Load the invented structures, people and listings, and search their opportunities, unless they are there already.

    force  load them even beside real structures
    Raises DemonstrationRefused.
    """
    with transaction.atomic():
        if Structure.objects.filter(is_demonstration=True).exists():
            return _count(is_new=False)
        if not force and Structure.objects.exists():
            raise DemonstrationRefused(
                "Cette base contient de vraies structures : la démonstration y mêlerait des structures inventées. "
                "Ajoutez --force si c’est bien ce que vous voulez."
            )
        communes = {commune.code: commune for commune in _communes()}
        if not communes:
            raise DemonstrationRefused(
                "Aucun département n’est chargé : commencez par « ./maillage territory load 31 »."
            )
        places = [Place(commune.code, commune.name, commune.population) for commune in communes.values()]
        drawn = draw_demonstration(seed=seed, today=timezone.localdate(), places=places, count=structures)
        rows = _write_structures(drawn.structures, communes)
        _write_networks(drawn.structures, rows)
        _write_people(drawn.people, rows)
        _write_listings(drawn.listings, rows)
        write_helps(timezone.localdate())
        write_bookings(seed=seed, today=timezone.localdate())
        write_missions(timezone.localdate())
        write_hours(timezone.localdate())
        MeetingPlace.objects.bulk_create(invented_places(list(communes.values()), timezone.localdate()))
        run_search()
    return _count(is_new=True)


def remove_demonstration():
    """Take away the invented structures, people, listings, opportunities, their history and what was sent to them.

    Returns what was there. Files leave on commit: a removal that fails keeps them.
    """
    with transaction.atomic():
        removed = _count(is_new=False)
        structures = Structure.objects.filter(is_demonstration=True)
        people = User.objects.filter(is_demonstration=True)
        mandates = Mandate.objects.filter(Q(structure__in=structures) | Q(user__in=people))
        memberships = NetworkMembership.objects.filter(Q(head__in=structures) | Q(member__in=structures))
        claims = Claim.objects.filter(Q(structure__in=structures) | Q(user__in=people))
        invitations = Invitation.objects.filter(structure__in=structures)
        hand_overs = HandOver.objects.filter(structure__in=structures)
        listings = Listing.objects.filter(structure__in=structures)
        bookings = Booking.objects.between(structures.values("pk"))
        rules = LendingRules.objects.filter(listing__in=listings)
        places = MeetingPlace.objects.filter(is_demonstration=True)
        histories = {
            "directory.StructureEvent": _keys(structures),
            "directory.MandateEvent": _keys(mandates),
            "directory.NetworkMembershipEvent": _keys(memberships),
            "accounts.UserIsAgentEvent": _keys(people),
            "directory.ClaimEvent": _keys(claims),
            "directory.InvitationEvent": _keys(invitations),
            "directory.HandOverEvent": _keys(hand_overs),
            "sharing.ListingEvent": _keys(listings),
            "sharing.BookingEvent": _keys(bookings),
            "sharing.LendingRulesEvent": _keys(rules),
            "places.PlaceEvent": _keys(places),
            "volunteering.MissionEvent": _keys(Mission.objects.filter(structure__in=structures)),
        }
        for file in _files_of(structures, people):
            transaction.on_commit(partial(file.storage.delete, file.name))
        _receive_no_more(structures)
        Opportunity.objects.filter(parties__structure__in=structures).delete()
        Conversation.objects.filter(participants__structure__in=structures).delete()
        bookings.delete()
        _forget_agreements(structures)
        structures.delete()
        people.delete()
        places.delete()
        for history, keys in histories.items():
            apps.get_model(history).objects.filter(pgh_obj_id__in=keys).delete()
        if removed.listings:
            indexing.reindex()
    return removed


def _files_of(structures, people):
    """Pictures of pages, listings and drafts, files of conversations, documents of claims."""
    for picture in PagePicture.objects.filter(structure__in=structures):
        yield from (picture.file, picture.small_file)
    drafts = Draft.objects.filter(structure__in=structures)
    for shown in Picture.objects.filter(Q(listing__structure__in=structures) | Q(draft__in=drafts)):
        yield shown.image
    conversations = Conversation.objects.filter(participants__structure__in=structures)
    for attachment in Attachment.objects.filter(message__conversation__in=conversations):
        yield attachment.file
    for claim in Claim.objects.filter(Q(structure__in=structures) | Q(user__in=people)).exclude(document=""):
        yield claim.document


def _receive_no_more(structures):
    """A real structure may have been dissolved, for a try, in favour of an invented one."""
    left = Dissolution.objects.filter(receiver__in=structures)
    left.filter(becomes="").update(becomes="Une structure inventée pour la démonstration.")
    left.update(receiver=None)


def _forget_agreements(structures):
    """Signed ones too: an invented structure engages nobody."""
    agreements = Agreement.objects.filter(Q(lender__in=structures) | Q(borrower__in=structures))
    SignedCopy.objects.filter(version__agreement__in=agreements).delete()
    Signature.objects.filter(version__agreement__in=agreements).delete()
    agreements.delete()


def _keys(rows):
    return list(rows.values_list("pk", flat=True))


def _count(*, is_new):
    return Loaded(
        structures=Structure.objects.filter(is_demonstration=True).count(),
        people=User.objects.filter(is_demonstration=True).count(),
        listings=Listing.objects.filter(structure__is_demonstration=True).count(),
        is_new=is_new,
    )


def _communes():
    return Commune.objects.of_territory().filter(population__gt=0).order_by("code")


def _write_structures(drawn, communes):
    return Structure.objects.bulk_create(
        Structure(
            name=structure.name,
            kind=structure.kind,
            presentation=structure.presentation,
            commune=communes[structure.commune],
            search_name=fold(structure.name),
            leads_network=structure.is_head,
            is_demonstration=True,
        )
        for structure in drawn
    )


def _write_networks(drawn, rows):
    heads = {structure.network: row for structure, row in zip(drawn, rows, strict=True) if structure.is_head}
    NetworkMembership.objects.bulk_create(
        NetworkMembership(head=heads[structure.network], member=row)
        for structure, row in zip(drawn, rows, strict=True)
        if structure.network in heads and not structure.is_head
    )


def _write_people(drawn, rows):
    """One hash of the shared password serves all: making one takes a third of a second on purpose."""
    password = make_password(PASSWORD)
    people = User.objects.bulk_create(
        User(email=person.email, name=person.name, is_agent=person.is_agent, is_demonstration=True, password=password)
        for person in drawn
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in people
    )
    Mandate.objects.bulk_create(
        Mandate(
            user=user,
            structure=rows[mandate.structure],
            role=mandate.role,
            starts_on=mandate.starts_on,
            may_commit=mandate.role == Mandate.Role.REPRESENTATIVE,
        )
        for user, person in zip(people, drawn, strict=True)
        for mandate in person.mandates
    )


def _write_listings(drawn, rows):
    listings = [_listing(listing, rows[listing.structure]) for listing in drawn]
    for listing in listings:
        listing.search_vector = indexing.search_vector(listing)
    Listing.objects.bulk_create(listings)
    for row, listing in zip(listings, drawn, strict=True):
        row.published_at = listing.published_at
    Listing.objects.bulk_update(listings, ["published_at"])
    ListingReader.objects.bulk_create(
        ListingReader(listing=row, structure=rows[reader])
        for row, listing in zip(listings, drawn, strict=True)
        for reader in listing.readers
    )
    indexing.learn_words(listings)


def _listing(drawn, structure):
    fields = asdict(drawn)
    moment = fields.pop("moment")
    del fields["structure"], fields["readers"], fields["published_at"]
    return Listing(
        structure=structure,
        commune=structure.commune,
        latitude=structure.commune.latitude,
        longitude=structure.commune.longitude,
        **fields,
        **{**moment, "weekdays": list(moment["weekdays"])},
    )
