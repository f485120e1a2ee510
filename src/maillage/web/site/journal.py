"""The journal: who changed what, and when, read from the events that PostgreSQL's triggers wrote."""

from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice

import pghistory.models
from django.apps import apps
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from maillage.accounts.models import User
from maillage.kernel.pages import page

PAGE_SIZE = 50
VERBS = {"insert": "a ajouté", "update": "a changé", "delete": "a supprimé"}
NAMES = {"structure": "la structure", "mandate": "le mandat", "listing": "l’annonce"}


@dataclass(frozen=True)
class Entry:
    at: datetime
    who: str
    verb: str
    what: str
    which: str
    reason: str


@page(permission="accounts.read_journal")
def journal(request):
    before = _moment(request.GET.get("avant", ""))
    events = list(islice(_latest_events(before), PAGE_SIZE + 1))
    has_older = len(events) > PAGE_SIZE
    events = events[:PAGE_SIZE]
    return render(
        request,
        "site/journal.html",
        {
            "entries": _entries(events),
            "is_first_page": before is None,
            "older": events[-1].pgh_created_at.isoformat() if has_older else "",
        },
    )


def _moment(text):
    if not text:
        return None
    moment = parse_datetime(text.replace(" ", "+"))
    if moment is None or timezone.is_naive(moment):
        raise Http404
    return moment


def event_models():
    return [model for model in apps.get_models() if issubclass(model, pghistory.models.Event)]


def _latest_events(before):
    """Events of every tracked table, the latest first; each table gives a page at most (its key follows time)."""
    streams = []
    for model in event_models():
        events = model.objects.select_related(*_joined(model)).order_by("-pgh_id")
        if before:
            events = events.filter(pgh_created_at__lt=before)
        streams.append(sorted(events[: PAGE_SIZE + 1], key=lambda event: event.pgh_created_at, reverse=True))
    return merge(*streams, key=lambda event: event.pgh_created_at, reverse=True)


def _joined(model):
    return [field.name for field in model._meta.fields if field.name in ("pgh_context", "structure")]


def _entries(events):
    contexts = {event.pk: event.pgh_context.metadata if event.pgh_context else {} for event in events}
    people = User.objects.in_bulk({context["user"] for context in contexts.values() if context.get("user")})
    return [_entry(event, contexts[event.pk], people) for event in events]


def _entry(event, context, people):
    user = people.get(context.get("user"))
    return Entry(
        at=event.pgh_created_at,
        who=(user.name or f"Personne n° {user.pk}") if user else "Le système",
        verb=VERBS[event.pgh_label],
        what=NAMES.get(event.pgh_tracked_model._meta.model_name, event.pgh_tracked_model._meta.verbose_name),
        which=_name(event),
        reason=context.get("reason", ""),
    )


def _name(event):
    """As it was called at that moment; a mandate is named after its structure, never after its person."""
    for field in ("name", "title"):
        if getattr(event, field, ""):
            return getattr(event, field)
    structure = getattr(event, "structure", None)
    return f"pour {structure}" if structure else f"n°\u00a0{event.pgh_obj_id}"
