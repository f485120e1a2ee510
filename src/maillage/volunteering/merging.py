"""One structure takes the place of another: its missions, volunteers and accounts are those of the one that stays."""

from django.utils import timezone

from maillage.directory.merging import hand_over
from maillage.volunteering.models import (
    Engagement,
    InKindContribution,
    Mission,
    MissionPartner,
    Rate,
    VolunteerHours,
)


def hand_over_volunteering(old, new):
    MissionPartner.objects.filter(structure=old, mission__structure=new).delete()
    MissionPartner.objects.filter(structure=new, mission__structure=old).delete()
    Mission.objects.open().filter(structure=old).update(terms_at=timezone.now())  # another answers for it now
    hand_over(Mission.objects.filter(structure=old), "structure", new)
    hand_over(MissionPartner.objects.filter(structure=old), "structure", new, beside=("mission",))
    hand_over(VolunteerHours.objects.filter(structure=old), "structure", new)
    hand_over(Engagement.objects.filter(invited_by=old), "invited_by", new)
    _hand_over_accounts(old, new)


def _hand_over_accounts(old, new):
    """What one gave the other keeps its name; a rate that both had at the same dates stays that of ``new``."""
    for giver, receiver in ((old, new), (new, old)):
        between = InKindContribution.objects.filter(giver=giver, structure=receiver)
        between.update(giver=None, giver_name=giver.name)
    hand_over(InKindContribution.objects.filter(structure=old), "structure", new)
    hand_over(InKindContribution.objects.filter(giver=old), "giver", new)
    kept = list(Rate.objects.filter(structure=new))
    for rate in Rate.objects.filter(structure=old):
        if any(one.name == rate.name and one.meets(rate) for one in kept):
            rate.delete()
    hand_over(Rate.objects.filter(structure=old), "structure", new)
