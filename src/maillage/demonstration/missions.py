"""What invented associations ask of volunteers, under insurances as invented as they are."""

from datetime import timedelta

from django.utils import timezone

from maillage.accounts.models import User
from maillage.demonstration.parts import parts
from maillage.directory.models import Structure
from maillage.volunteering.models import Engagement, Mission


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
