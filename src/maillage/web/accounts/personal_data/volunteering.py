"""What one gives as a volunteer, and the missions that one wrote."""

from maillage.volunteering.models import Engagement, Mission
from maillage.web.accounts.personal_data.words import at_moment, on_day


def missions(person):
    written = Mission.objects.filter(author=person).select_related("structure")
    return [
        {"Mission": one.title, "Au nom de": one.structure.name, "Premier jour": on_day(one.first_day)}
        for one in written
    ]


def engagements(person):
    """Those that one answered, and the invitations that wait at one’s address."""
    return [
        {
            "Mission": one.mission.title,
            "Organisée par": one.mission.structure.name,
            "Réponse": one.get_state_display(),
            "Adresse invitée": one.email,
            "Proposée": at_moment(one.made_at),
            "Répondu": at_moment(one.answered_at),
        }
        for one in Engagement.objects.of(person).select_related("mission__structure")
    ]
