"""A structure ends: everything that it had open closes, in one place, whether it is declared here or by the register.

It is done here because only this layer, above all that names a structure, sees the whole.
"""

from collections import defaultdict
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.accounts.services import LETTERS
from maillage.agreements.merging import withdraw_unsigned
from maillage.agreements.models import Agreement
from maillage.conversations.models import Conversation
from maillage.directory.claims import close_claims
from maillage.directory.dissolving import (
    end_mandates,
    forget_invitations,
    give_mandates_back,
    join_networks_again,
    leave_networks,
    partners_of,
    people_of,
    representatives_of,
)
from maillage.directory.models import (
    Claim,
    Dissolution,
    HelpRequest,
    Invitation,
    Mandate,
    NetworkMembership,
    NetworkRequest,
    Structure,
)
from maillage.directory.queries import requests_of
from maillage.kernel import events
from maillage.kernel.audit import acting
from maillage.opportunities.models import Opportunity, Party
from maillage.sharing.bookings.services import withdraw_bookings
from maillage.sharing.models import Booking, Draft, Listing
from maillage.sharing.services import bring_back_listings, withdraw_listings
from maillage.volunteering.missions import cancel_missions_of
from maillage.volunteering.models import Mission

OLDEST = timedelta(days=3 * 366)
REASON = "dissolution"
REGISTER_REASON = "dissolution, d’après le registre"
BACK_REASON = "dissolution annulée"


class DissolutionRefused(Exception):
    """Its text is shown to the person."""


def what_ends(structure):
    """{what: how many} of what the dissolution of ``structure`` would close, for the page that asks."""
    return {
        "listings": Listing.objects.filter(structure=structure).exclude(state=Listing.State.CLOSED).count(),
        "drafts": Draft.objects.filter(structure=structure).count(),
        "mandates": structure.mandates.not_over().count(),
        "claims": structure.claims.waiting().count(),
        "invitations": structure.invitations.count(),
        "requests": requests_of(structure).count(),
        "memberships": structure.network_members.count() + structure.network_heads.count(),
        "opportunities": Opportunity.objects.living().filter(parties__structure=structure).count(),
        "agreements": Agreement.objects.open().filter(Q(lender=structure) | Q(borrower=structure)).count(),
        "conversations": Conversation.objects.filter(structures=structure).count(),
        "bookings": Booking.objects.between([structure.pk]).living().count(),
    }


def dissolve(*, structure_id, declared_by, day, site, becomes="", receiver=None):
    """Say that a structure has ended, and close what it had open; returns the Dissolution. Raises DissolutionRefused.

    becomes, receiver  what becomes of what it has: words, the structure that receives it, or both
    """
    with transaction.atomic(), acting(declared_by, reason=REASON):
        structure = _locked(structure_id)
        _check_day(structure, day)
        if receiver and not receiver.is_active:
            raise DissolutionRefused("Choisissez une structure encore active pour recevoir ce qu’elle avait.")
        dissolution = Dissolution(
            structure=structure,
            is_declared=True,
            day=day,
            becomes=becomes.strip(),
            receiver=receiver,
            declared_by=declared_by,
            kept={"dissolved_on": structure.dissolved_on and structure.dissolved_on.isoformat()},
        )
        try:
            dissolution.full_clean()
        except ValidationError as error:
            raise DissolutionRefused(" ".join(error.messages)) from error
        dissolution.save()
        structure.state, structure.dissolved_on = Structure.State.DISSOLVED, day
        structure.save(update_fields=["state", "dissolved_on", "modified_at"])
        _close([dissolution], declared_by, site)
    return dissolution


def follow_register(*, site=""):
    """Close what is still open of structures that the register says dissolved; open again those it no longer does.

    Returns how many of each.
    """
    with transaction.atomic(), acting(reason=REGISTER_REASON):
        ended = _ended_in_register().select_for_update(no_key=True, of=("self",)).order_by("pk")
        dissolutions = Dissolution.objects.bulk_create(
            Dissolution(
                structure=structure,
                is_declared=False,
                day=structure.dissolved_on or timezone.localdate(),
            )
            for structure in ended
        )
        _close(dissolutions, None, site)
    active = Dissolution.objects.standing().filter(structure__state=Structure.State.ACTIVE)
    living = list(active.values_list("structure", flat=True))
    for structure_id in living:
        take_back(structure_id=structure_id, agent=None, site=site)
    return len(dissolutions), len(living)


def take_back(*, structure_id, agent, site=""):
    """Undo a dissolution that was a mistake; returns {what came back: how many}. Raises DissolutionRefused.

    Claims, requests, invitations, mandates to come and opportunities do not come back. Those who act for it again are
    told; agent is None when the register took it back.
    """
    with transaction.atomic(), acting(agent, reason=BACK_REASON):
        structure = Structure.objects.select_for_update(no_key=True, of=("self",)).get(pk=structure_id)
        dissolution = structure.dissolutions.standing().select_for_update().first()
        if dissolution is None:
            raise DissolutionRefused("Cette dissolution est déjà annulée.")
        dissolution.taken_back_by, dissolution.taken_back_at = agent, timezone.now()
        dissolution.save(update_fields=["taken_back_by", "taken_back_at"])
        if structure.state == Structure.State.DISSOLVED:
            structure.state, structure.dissolved_on = Structure.State.ACTIVE, dissolution.kept.get("dissolved_on")
            structure.register_digest = None  # the next import reads its line again
            structure.save(update_fields=["state", "dissolved_on", "register_digest", "modified_at"])
        back = {
            "mandates": give_mandates_back(dissolution),
            "memberships": join_networks_again(dissolution),
            "listings": bring_back_listings(dissolution.kept.get("listings", {})),
        }
        events.publish_on_commit(f"structure:{structure.pk}", "structure.alive_again")
        if site:
            _write_back(dissolution, back, agent, site)
    return back


def _locked(structure_id):
    """Without its key: a row that only names the structure waits for nothing, and no two of them for each other."""
    structure = Structure.objects.select_for_update(no_key=True, of=("self",)).get(pk=structure_id)
    if not structure.is_active:
        raise DissolutionRefused("Cette structure n’est plus active\u00a0: elle ne se dissout pas une seconde fois.")
    return structure


def _check_day(structure, day):
    today = timezone.localdate()
    if day > today:
        raise DissolutionRefused("Ce jour est à venir. Revenez le jour de la dissolution, ou après.")
    if day < today - OLDEST or (structure.created_on and day < structure.created_on):
        raise DissolutionRefused("Ce jour est trop ancien. Vérifiez l’année.")


def _ended_in_register():
    """Structures that are dissolved and still have something open, which no Dissolution has closed yet."""
    open_rows = (
        Mandate.objects.not_over().filter(structure=OuterRef("pk")),
        Claim.objects.waiting().filter(structure=OuterRef("pk")),
        Invitation.objects.filter(structure=OuterRef("pk")),
        NetworkRequest.objects.filter(Q(head=OuterRef("pk")) | Q(member=OuterRef("pk"))),
        HelpRequest.objects.filter(Q(head=OuterRef("pk")) | Q(member=OuterRef("pk"))),
        NetworkMembership.objects.filter(head=OuterRef("pk")),
        NetworkMembership.objects.filter(member=OuterRef("pk")),
        Listing.objects.filter(structure=OuterRef("pk")).exclude(state=Listing.State.CLOSED),
        Mission.objects.open().filter(structure=OuterRef("pk")),
        Agreement.objects.open().filter(Q(lender=OuterRef("pk")) | Q(borrower=OuterRef("pk"))),
    )
    has_open = Exists(open_rows[0])
    for rows in open_rows[1:]:
        has_open |= Exists(rows)
    ended = Structure.objects.filter(state=Structure.State.DISSOLVED, merged_into=None)
    return ended.filter(has_open).exclude(Exists(Dissolution.objects.standing().filter(structure=OuterRef("pk"))))


def _close(dissolutions, author, site):
    """Withdraw, end and forget all that these structures had open; tell each person concerned once about each."""
    ended = {one.structure_id for one in dissolutions}
    found = Opportunity.objects.filter(state=Opportunity.State.FOUND)
    concerned = found.filter(pk__in=Party.objects.filter(structure__in=ended).values("opportunity"))
    told = _those_to_tell(ended, concerned)
    concerned.update(state=Opportunity.State.EXPIRED)
    withdraw_bookings(ended, site)
    listings = withdraw_listings(ended)
    cancel_missions_of(ended, site)
    withdraw_unsigned(ended)
    close_claims(structures=ended, decided_by=author)
    forget_invitations(ended)
    memberships = leave_networks(ended)
    mandates = end_mandates(ended)
    for one in dissolutions:
        pk = one.structure_id
        one.kept |= {
            "mandates": mandates.get(pk, {}),
            "listings": listings.get(pk, {}),
            "memberships": memberships.get(pk, []),
        }
        events.publish_on_commit(f"structure:{pk}", "structure.dissolved")
    Dissolution.objects.bulk_update(dissolutions, ["kept"])
    if site:
        _write(dissolutions, told, author, site)


def _those_to_tell(ended, opportunities):
    """{structure that ends: {person: why}}: its team, who asked to act for it, its partners."""
    triples = list(partners_of(ended))
    parties = Party.objects.filter(opportunity__in=opportunities).exclude(answer=Party.Answer.DECLINED)
    together = defaultdict(set)
    for opportunity, structure in parties.values_list("opportunity", "structure"):
        together[opportunity].add(structure)
    for structures in together.values():
        triples += [(one, other, "opportunity") for one in structures & ended for other in structures - ended]
    people = representatives_of({other for _, other, _ in triples})
    told = defaultdict(lambda: defaultdict(set))
    for structure, person, reason in people_of(ended):
        told[structure][person].add(reason)
    for structure, other, reason in triples:
        for person in people.get(other, ()):
            told[structure][person].add(reason)
    return told


def _write(dissolutions, told, author, site):
    job = app.configure_task("opportunities.write_dissolution", queue=LETTERS)
    for one in dissolutions:
        for person, reasons in told[one.structure_id].items():
            if author is None or person != author.pk:
                job.defer(dissolution_id=one.pk, person_id=person, reasons=sorted(reasons), site=site)


def _write_back(dissolution, back, agent, site):
    job = app.configure_task("opportunities.write_taken_back", queue=LETTERS)
    acting_again = Mandate.objects.current().filter(structure=dissolution.structure_id)
    for person in acting_again.order_by("user").values_list("user", flat=True).distinct():
        if agent is None or person != agent.pk:
            job.defer(dissolution_id=dissolution.pk, person_id=person, back=back, site=site)
