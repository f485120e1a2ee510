"""What one wrote of things that changed hands."""

from django.db.models import Q

from maillage.handovers.models import ConditionReport, Extension, Incident, IncidentWord
from maillage.web.accounts.personal_data.words import YES_OR_NO, at_moment


def reports(person):
    mine = ConditionReport.objects.filter(Q(author=person) | Q(answered_by=person)).select_related("booking__listing")
    return [
        {
            "Annonce": report.booking.listing.title,
            "Quoi": report.get_kind_display(),
            "Quand": at_moment(report.at),
            "Écrit par vous": YES_OR_NO[report.author_id == person.pk],
            "État": report.get_condition_display(),
            "Précisions": report.words if report.author_id == person.pk else "",
            "Votre réponse": f"{report.get_answer_display()} {report.answer_words}".strip()
            if report.answered_by_id == person.pk
            else "",
        }
        for report in mine
    ]


def reminders(person):
    return [
        {
            "Annonce": reminder.booking.listing.title,
            "Moment": reminder.get_moment_display(),
            "Pour le prêt qui finit ou commence": at_moment(reminder.about),
            "Envoyé": at_moment(reminder.sent_at),
        }
        for reminder in person.loan_reminders.select_related("booking__listing").order_by("sent_at", "pk")
    ]


def incidents(person):
    opened = Incident.objects.filter(author=person).select_related("booking__listing")
    said = IncidentWord.objects.filter(author=person).select_related("incident__booking__listing")
    return [
        {"Annonce": one.booking.listing.title, "Quand": at_moment(one.opened_at), "Texte": one.what} for one in opened
    ] + [{"Annonce": one.booking.listing.title, "Quand": at_moment(one.at), "Texte": one.text} for one in said]


def extensions(person):
    mine = Extension.objects.filter(Q(author=person) | Q(answered_by=person)).select_related("booking__listing")
    return [
        {
            "Annonce": one.booking.listing.title,
            "Jusqu’au": at_moment(one.until),
            "Demandée par vous": YES_OR_NO[one.author_id == person.pk],
            "Pourquoi": one.words if one.author_id == person.pk else "",
            "État": one.get_state_display(),
        }
        for one in mine
    ]
