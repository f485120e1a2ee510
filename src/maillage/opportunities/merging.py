"""Two pages of one association, or two associations that became one: nothing that they did is lost.

It is done here because only this layer, above all that names a structure, sees the whole.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from maillage.agreements.merging import hand_over_agreements
from maillage.conversations.models import Block, Message, Participant, Report
from maillage.directory.merging import (
    hand_over,
    hand_over_address,
    hand_over_dissolutions,
    hand_over_mandates,
    hand_over_networks,
    hand_over_page,
    hand_over_team,
)
from maillage.directory.models import Structure
from maillage.kernel import events
from maillage.kernel.audit import acting
from maillage.opportunities.models import Opportunity, Party, Question, Refusal
from maillage.sharing.indexing import reindex_structure
from maillage.sharing.models import Booking, Contact, Draft, Inventory, Listing, ListingReader
from maillage.volunteering.merging import hand_over_volunteering

OWN_WORDS = ("summary", "presentation", "whereabouts", "phone", "website", "siret")


class MergerRefused(Exception):
    """Its text is shown to the person."""


def merge_structures(*, kept_id, absorbed_id, agent, reason, day=None):
    """Give to one structure all that another has: people, listings, conversations, networks. Its page leads there.

    What the kept one says of itself stays; where it says nothing, it takes the words of the other. The official facts
    of each stay with each, for the register to bring up to date. reason: shown in the journal. Raises MergerRefused.
    """
    with transaction.atomic(), acting(agent, reason=reason):
        kept, absorbed = _locked(kept_id, absorbed_id)
        hand_over_team(absorbed, kept)
        hand_over_mandates(absorbed, kept)
        hand_over_page(absorbed, kept)
        hand_over_networks(absorbed, kept)
        hand_over_address(absorbed, kept)
        hand_over_dissolutions(absorbed, kept)
        _hand_over_opportunities(absorbed, kept)
        _hand_over_conversations(absorbed, kept)
        _hand_over_listings(absorbed, kept)
        hand_over_volunteering(absorbed, kept)
        hand_over_agreements(absorbed, kept)
        words = {name: getattr(absorbed, name) for name in OWN_WORDS if not getattr(kept, name)}
        leaves = {"siret": None} if "siret" in words else {}
        Structure.objects.filter(pk=absorbed.pk).update(
            merged_into=kept, merged_on=day or timezone.localdate(), **leaves
        )
        Structure.objects.filter(pk=kept.pk).update(**words)
        reindex_structure(kept.pk)
        events.publish_on_commit(f"structure:{kept.pk}", "structure.merged", {"absorbed": absorbed.pk})
    return kept


def _locked(kept_id, absorbed_id):
    pair = Structure.objects.select_for_update().order_by("pk").in_bulk([kept_id, absorbed_id])
    kept, absorbed = pair.get(kept_id), pair.get(absorbed_id)
    if kept is None or absorbed is None or kept == absorbed:
        raise MergerRefused("Choisissez deux fiches différentes.")
    if kept.merged_into_id or absorbed.merged_into_id:
        raise MergerRefused("L’une de ces fiches est déjà réunie à une autre. Recommencez depuis la liste.")
    if kept.state != Structure.State.ACTIVE:
        raise MergerRefused("Gardez la fiche d’une association active.")
    return kept, absorbed


def _hand_over_listings(old, new):
    hand_over(Listing.objects.filter(structure=old), "structure", new)
    for draft in Draft.objects.filter(structure=old):
        first = draft.typed.get("quoi", {})
        if first.get("structure"):
            first["structure"] = [str(new.pk)]
        draft.structure = new
        draft.save(update_fields=["structure", "typed"])
    hand_over(Inventory.objects.filter(structure=old), "structure", new)
    hand_over(ListingReader.objects.filter(structure=old), "structure", new, beside=("listing",))
    hand_over(Contact.objects.filter(structure=old), "structure", new, beside=("listing",))
    hand_over(Booking.objects.filter(borrower=old), "borrower", new)


def _hand_over_conversations(old, new):
    hand_over(Participant.objects.filter(structure=old), "structure", new, beside=("conversation",))
    hand_over(Message.objects.filter(structure=old), "structure", new)
    hand_over(Report.objects.filter(structure=old), "structure", new, beside=("message",))
    Block.objects.filter(Q(structure=old, blocked=new) | Q(structure=new, blocked=old)).delete()
    hand_over(Block.objects.filter(structure=old), "structure", new, beside=("blocked",))
    hand_over(Block.objects.filter(blocked=old), "blocked", new, beside=("structure",))


def _hand_over_opportunities(old, new):
    """What was found for the old one is found again for the new one, if it still is: its place may have changed."""
    found = Opportunity.objects.filter(state=Opportunity.State.FOUND, parties__structure=old)
    Opportunity.objects.filter(pk__in=found.values("pk")).update(state=Opportunity.State.EXPIRED)
    for party in Party.objects.filter(structure=old, opportunity__parties__structure=new):
        own = Party.objects.get(structure=new, opportunity=party.opportunity_id)
        Question.objects.filter(party=party).update(party=own)
    hand_over(Party.objects.filter(structure=old), "structure", new, beside=("opportunity",))
    hand_over(Refusal.objects.filter(partner=old), "partner", new, beside=("listing",))
