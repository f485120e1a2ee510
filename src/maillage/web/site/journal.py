"""The journal: who changed what, and when, read from the events that PostgreSQL's triggers wrote."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

import pghistory.models
from django.apps import apps
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from maillage.accounts.models import User
from maillage.directory.models import Assistance, Claim, HandOver, Invitation, Mandate, NetworkMembership, Structure
from maillage.engine.french import of_fr
from maillage.kernel.models import TerritorySettings
from maillage.kernel.pages import page
from maillage.places.models import Place
from maillage.sharing.models import Listing
from maillage.volunteering.models import Mission

PAGE_SIZE = 50
VERBS = {"insert": "a ajouté", "update": "a changé", "delete": "a supprimé"}
NAMES = {
    "user": "la place dans l’équipe de",
    "structure": "la structure",
    "mandate": "le mandat",
    "claim": "la demande d’agir",
    "invitation": "l’invitation",
    "handover": "le relais",
    "networkmembership": "l’adhésion",
    "listing": "l’annonce",
    "mission": "la mission",
    "place": "le lieu",
    "territorysettings": "les réglages",
}
ABOUT_A_STRUCTURE = (Mandate, Claim, Invitation, HandOver, Mission)
_PLACE = re.compile(r"([a-z]+)-(0|[1-9][0-9]{0,17})")


@dataclass(frozen=True)
class Entry:
    at: datetime
    who: str
    verb: str
    what: str
    which: str
    reason: str

    @property
    def day(self):
        return timezone.localdate(self.at)


@page(permission="accounts.read_journal")
def journal(request):
    start = _start(request.GET.get("avant", ""))
    streams = _latest_events(start)
    latest_first = merge(*streams.values(), key=lambda event: event.pgh_created_at, reverse=True)
    events = list(islice(latest_first, PAGE_SIZE))
    context = {"entries": _entries(events, request.user), "is_first_page": not start, "older": _rest(streams, events)}
    return render(request, "site/journal.html", context)


def event_models():
    return [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]


def _table(event_model):
    return event_model.pgh_tracked_model._meta.model_name


def _start(text):
    """{table: key of its first event to show} of an address « listing-45.structure-120 »; without one, the latest.

    Not a moment: all the events of one transaction have the same.
    """
    if not text:
        return {}
    places = [_PLACE.fullmatch(part) for part in text.split(".")]
    start = {place[1]: int(place[2]) for place in places if place}
    if not all(places) or not start.keys() <= {_table(model) for model in event_models()}:
        raise Http404
    return start


def _latest_events(start):
    """{table: its events from ``start`` on, in the order of their keys, the latest first; a page at most and one}."""
    streams = {}
    for model in event_models():
        table, events = _table(model), model.objects.select_related("pgh_context").order_by("-pgh_id")
        if table in start:
            events = events.filter(pgh_id__lte=start[table])
        streams[table] = list(events[: PAGE_SIZE + 1])
    return streams


def _rest(streams, shown):
    """The address of what comes after the events shown, "" when nothing does."""
    counts = Counter(_table(type(event)) for event in shown)
    left = {table: events[counts[table] :] for table, events in streams.items()}
    if not any(left.values()):
        return ""
    return ".".join(f"{table}-{events[0].pgh_id if events else 0}" for table, events in left.items())


def _entries(events, reader):
    authors = {_context(event)["user"] for event in events if _context(event).get("user")}
    agents = {event.pgh_obj_id for event in events if event.pgh_tracked_model is User}
    people = User.objects.in_bulk(authors | agents)
    told = [event.pgh_obj_id for event in events if event.pgh_tracked_model is Listing]
    titles = dict(Listing.objects.visible_to(reader).filter(pk__in=told).values_list("pk", "title"))
    structures = Structure.objects.in_bulk({pk for event in events for pk in _structures_of(event)})
    helped = {_context(event)["assistance"] for event in events if _context(event).get("assistance")}
    helps = Assistance.objects.select_related("head", "helper").in_bulk(helped)
    return [
        Entry(
            at=event.pgh_created_at,
            who=_who(_context(event).get("user"), people),
            verb=VERBS[event.pgh_label],
            what=NAMES.get(_table(type(event)), event.pgh_tracked_model._meta.verbose_name),
            which=_name(event, titles, structures, people) or f"n°\u00a0{event.pgh_obj_id}",
            reason=_reason(_context(event), helps),
        )
        for event in events
    ]


def _reason(context, helps):
    """What was said, or at whose demand it was done."""
    given = helps.get(context.get("assistance"))
    return context.get("reason") or (given.sentence if given else "")


def _structures_of(event):
    if event.pgh_tracked_model is NetworkMembership:
        return event.head_id, event.member_id
    return (event.structure_id,) if event.pgh_tracked_model in ABOUT_A_STRUCTURE else ()


def _context(event):
    return event.pgh_context.metadata if event.pgh_context else {}


def _who(pk, people):
    if not pk:
        return "Le système"
    return (people[pk].name or f"Personne n°\u00a0{pk}") if pk in people else "Une personne qui a quitté Maillage"


def _name(event, titles, structures, people):
    """How to call what changed; "" when it is no longer there or when the reader may not see it.

    A structure or a place is called as it was at that moment; a listing as the reader sees it today, for its earlier
    titles may have been for others; a mandate and the like after their structure, never after a person; an agent by
    name.
    """
    if event.pgh_tracked_model is Listing:
        return titles.get(event.pgh_obj_id, "")
    if event.pgh_tracked_model is TerritorySettings:
        return "du territoire"
    if event.pgh_tracked_model is User:
        return _who(event.pgh_obj_id, people)
    if event.pgh_tracked_model is NetworkMembership:
        head, member = (structures.get(pk) for pk in _structures_of(event))
        return f"{of_fr(str(member))} au réseau {of_fr(str(head))}" if head and member else ""
    if event.pgh_tracked_model in ABOUT_A_STRUCTURE:
        structure = structures.get(event.structure_id)
        return f"pour {structure}" if structure else ""
    return event.name if event.pgh_tracked_model in (Structure, Place) else ""
