"""Missions of volunteers, who accepted them, the hours that they gave, and what is received in kind."""

from maillage.volunteering.models.hours import LEAST_MINUTES, MOST_MINUTES, HoursCorrection, VolunteerHours
from maillage.volunteering.models.missions import MOST_PLACES, Engagement, Mission, MissionPartner
from maillage.volunteering.models.valuation import InKindContribution, Rate, cents_of

__all__ = [
    "LEAST_MINUTES",
    "MOST_MINUTES",
    "MOST_PLACES",
    "Engagement",
    "HoursCorrection",
    "InKindContribution",
    "Mission",
    "MissionPartner",
    "Rate",
    "VolunteerHours",
    "cents_of",
]
