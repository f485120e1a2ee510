"""One structure takes the place of another: its missions and its volunteers are those of the one that stays."""

from maillage.directory.merging import hand_over
from maillage.volunteering.models import Engagement, Mission, MissionPartner, VolunteerHours


def hand_over_volunteering(old, new):
    MissionPartner.objects.filter(structure=old, mission__structure=new).delete()
    MissionPartner.objects.filter(structure=new, mission__structure=old).delete()
    hand_over(Mission.objects.filter(structure=old), "structure", new)
    hand_over(MissionPartner.objects.filter(structure=old), "structure", new, beside=("mission",))
    hand_over(VolunteerHours.objects.filter(structure=old), "structure", new)
    hand_over(Engagement.objects.filter(invited_by=old), "invited_by", new)
