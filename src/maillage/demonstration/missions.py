"""What invented associations ask of volunteers and receive, at values as invented as they are."""

from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from maillage.accounts.models import User
from maillage.demonstration.parts import parts
from maillage.directory.models import Structure
from maillage.volunteering.models import Engagement, InKindContribution, Mission, VolunteerHours, cents_of


def write_missions(today):
    """Each is in some days and has a volunteer or none; those whose structure is not drawn are left out."""
    for said in parts("missions")["mission"]:
        one = dict(said)
        structure = Structure.objects.filter(is_demonstration=True, name=one.pop("structure")).first()
        if structure is None or structure.commune is None:
            continue
        day = today + timedelta(days=one.pop("in_days"))
        volunteer = one.pop("volunteer", None)
        mission = Mission.objects.create(
            structure=structure,
            commune=structure.commune,
            first_day=day,
            last_day=day,
            insurer="Assureur inventé pour la démonstration",
            policy="0000",
            state=Mission.State.PUBLISHED,
            published_at=timezone.now(),
            **one,
        )
        if volunteer:
            Engagement.objects.create(
                mission=mission,
                user=User.objects.get(email=volunteer),
                state=Engagement.State.ACCEPTED,
                answered_at=timezone.now(),
                terms_at=mission.terms_at,
            )


def write_hours(today):
    """Hours of a volunteer of one association, the last of which wait, and a room that another lent it."""
    said = parts("missions")["given"]
    people = {one.email: one for one in User.objects.filter(email__in=(said["volunteer"], said["validates"]))}
    structure = Structure.objects.filter(is_demonstration=True, name=said["structure"]).first()
    giver = Structure.objects.filter(is_demonstration=True, name=said["giver"]).first()
    if structure is None or giver is None:
        return
    for one in said["hours"]:
        is_validated = one["days_ago"] > said["waits_for_days"]
        VolunteerHours.objects.create(
            structure=structure,
            volunteer=people[said["volunteer"]],
            written_by=people[said["volunteer"]],
            day=today - timedelta(days=one["days_ago"]),
            minutes=one["minutes"],
            task=one["task"],
            validated_by=people[said["validates"]] if is_validated else None,
            validated_at=timezone.now() if is_validated else None,
        )
    quantity, value = Decimal(1), Decimal(said["value"])
    InKindContribution.objects.create(
        structure=structure,
        giver=giver,
        giver_name=giver.name,
        kind=InKindContribution.Kind.LOAN,
        label=said["label"],
        day=today - timedelta(days=20),
        quantity=quantity,
        unit="jour",
        unit_value=value,
        amount_cents=cents_of(quantity, value),
        method=InKindContribution.Method.RENTAL,
        source="valeur inventée pour la démonstration",
    )
