"""Missions of volunteers, who accepted them, and the hours that they gave."""

from maillage.volunteering.models.hours import LEAST_MINUTES, MOST_MINUTES, HoursCorrection, VolunteerHours
from maillage.volunteering.models.missions import MOST_PLACES, Engagement, Mission, MissionPartner

__all__ = [
    "LEAST_MINUTES",
    "MOST_MINUTES",
    "MOST_PLACES",
    "Engagement",
    "HoursCorrection",
    "Mission",
    "MissionPartner",
    "VolunteerHours",
]
