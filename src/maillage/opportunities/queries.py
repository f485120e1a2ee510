"""Reads of opportunities that join several tables."""

from django.db.models import Count, Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce

from maillage.conversations.models import Participant
from maillage.opportunities.models import Opportunity, Party, Run
from maillage.opportunities.searching import search_is_alive

WITH_ITS_OWN = ("structure__commune", "gives__commune", "takes__commune")


def parties_whole():
    """Parties with all that a Perspective reads, in two queries; ``is_in_conversation`` until one leaves it."""
    others = Party.objects.select_related("structure", "gives", "takes")
    opportunities = Opportunity.objects.select_related("conversation").prefetch_related(Prefetch("parties", others))
    taking_part = Participant.objects.filter(
        conversation=OuterRef("opportunity__conversation"), structure=OuterRef("structure")
    )
    parties = Party.objects.annotate(is_in_conversation=Exists(taking_part))
    return parties.select_related(*WITH_ITS_OWN).prefetch_related(Prefetch("opportunity", opportunities))


def latest_run():
    """The latest Run, None when there is none; one whose process died is told as failed, before anyone marks it so."""
    run = Run.objects.first()
    if run and run.state == Run.State.RUNNING and not search_is_alive():
        run.state = Run.State.FAILED
    return run


def count_by_kind():
    """{kind: how many are living or agreed}, every kind."""
    counts = dict.fromkeys(Opportunity.Kind.values, 0)
    counts |= dict(_current().values_list("kind").annotate(count=Count("pk")).order_by())
    return counts


def count_by_epci():
    """{code of an EPCI: how many opportunities, living or agreed, have a party there}."""
    epci = Coalesce("takes__commune__epci", "gives__commune__epci")
    parties = Party.objects.filter(opportunity__in=_current().values("pk")).annotate(epci=epci)
    rows = parties.filter(epci__isnull=False).values_list("epci").annotate(Count("opportunity", distinct=True))
    return dict(rows.order_by())


def _current():
    living = Opportunity.objects.living().values("pk")
    return Opportunity.objects.filter(Q(pk__in=living) | Q(state=Opportunity.State.AGREED))
