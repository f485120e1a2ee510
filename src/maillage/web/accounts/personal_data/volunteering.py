"""What one gives as a volunteer, and the missions that one wrote."""

from django.db.models import Q

from maillage.engine.french import duration_fr
from maillage.volunteering.models import (
    Engagement,
    HoursCorrection,
    InKindContribution,
    Mission,
    Rate,
    VolunteerHours,
)
from maillage.web.accounts.personal_data.words import YES_OR_NO, at_moment, on_day


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


def hours(person):
    """Those that one gave, and those of others that one wrote or validated."""
    concerned = VolunteerHours.objects.filter(Q(volunteer=person) | Q(written_by=person) | Q(validated_by=person))
    return [
        {
            "Association": one.structure.name,
            "Données par vous": YES_OR_NO[one.volunteer_id == person.pk],
            "Jour": on_day(one.day),
            "Durée": duration_fr(one.minutes),
            "Ce qui a été fait": one.task if one.volunteer_id == person.pk else "",
            "Écrites par vous": YES_OR_NO[one.written_by_id == person.pk],
            "Validées par vous": YES_OR_NO[one.validated_by_id == person.pk],
            "Validées": at_moment(one.validated_at),
        }
        for one in concerned.select_related("structure")
    ]


def corrections(person):
    made = HoursCorrection.objects.filter(by=person).select_related("hours__structure")
    return [
        {"Association": one.hours.structure.name, "Corrigé": at_moment(one.at), "Raison": one.reason} for one in made
    ]


def accounts(person):
    """What one recorded for associations: contributions received, rates."""
    recorded = InKindContribution.objects.filter(recorded_by=person).select_related("structure")
    rates = Rate.objects.filter(author=person)
    told = [f"Contribution reçue par {one.structure.name}, le {on_day(one.day)}" for one in recorded]
    return told + [f"Taux {one.name}, depuis le {on_day(one.valid_from)}" for one in rates]
