"""Missions of volunteers, and who accepted them."""

from maillage.volunteering.models.missions import MOST_PLACES, Engagement, Mission, MissionPartner

__all__ = ["MOST_PLACES", "Engagement", "Mission", "MissionPartner"]
