"""What one looks for, drafts, writes, answers, and had imported."""

from django.db.models import Q

from maillage.conversations.models import Message, ReadingMark, Report
from maillage.digest.models import Subscription
from maillage.digest.services import rhythm_of
from maillage.directory.models import (
    RegisterImport,
)
from maillage.engine.french import WEEKDAYS
from maillage.opportunities.models import Party, Question
from maillage.places.models import PlaceImport, PlaceReport
from maillage.sharing import alerts
from maillage.sharing.models import Booking, Draft
from maillage.sharing.periods import period_said
from maillage.web.accounts.personal_data.words import YES_OR_NO, at_moment, on_day


def kept_searches(person):
    return [
        {
            "Recherche": alerts.sentence(saved),
            "Gardée": at_moment(saved.kept_at),
            "En pause": YES_OR_NO[saved.is_paused],
        }
        for saved in person.saved_searches.select_related("place")
    ]


def news(person):
    chosen = rhythm_of(person)
    day = f", le {WEEKDAYS[chosen.weekday]}" if chosen.rhythm == Subscription.Rhythm.WEEK else ""
    return {
        "Rythme": f"{chosen.get_rhythm_display()}{day}",
        "Dernier jour de nouvelles": on_day(chosen.told_on),
        "Nouvelles données jusqu’à": at_moment(chosen.told_until),
        "Reçoit ce qui attend l’équipe": YES_OR_NO[chosen.hears_of_team] if person.is_agent else "",
        "Ce qui attend l’équipe, dit jusqu’à": at_moment(chosen.team_told_until),
        "Dernier jour d’un rappel": on_day(chosen.reminded_on),
    }


def reminders(person):
    return [
        {
            "Annonce": reminder.listing.title,
            "Échéance": on_day(reminder.valid_until),
            "Moment": reminder.get_moment_display(),
            "Envoyé le": on_day(reminder.sent_on),
        }
        for reminder in person.reminders.select_related("listing").order_by("sent_on", "pk")
    ]


def messages(person):
    written = (
        Message.objects.filter(author=person)
        .select_related("conversation", "structure")
        .prefetch_related("attachments")
        .order_by("sent_at", "pk")
    )
    return [
        {
            "Conversation": message.conversation.subject,
            "Au nom de": str(message.structure),
            "Envoyé": at_moment(message.sent_at),
            "Texte": message.text,
            "Fichiers": [file.name for file in message.attachments.all()],
        }
        for message in written
    ]


def reading(person):
    marks = ReadingMark.objects.filter(user=person).select_related("conversation", "message").order_by("pk")
    return [
        {"Conversation": mark.conversation.subject, "Lue jusqu’au message": at_moment(mark.message.sent_at)}
        for mark in marks
    ]


def reports(person):
    reports = Report.objects.filter(Q(reported_by=person) | Q(decided_by=person)).order_by("reported_at", "pk")
    return [
        {
            "Raison": report.get_reason_display(),
            "Signalé par vous": YES_OR_NO[report.reported_by_id == person.pk],
            "Signalé": at_moment(report.reported_at),
            "Examiné par vous": YES_OR_NO[report.decided_by_id == person.pk],
            "Examiné": at_moment(report.decided_at),
        }
        for report in reports
    ]


def questions(person):
    questions = Question.objects.filter(Q(author=person) | Q(answered_by=person)).order_by("asked_at", "pk")
    return [
        {
            "Question": question.text if question.author_id == person.pk else "posée par une autre personne",
            "Posée": at_moment(question.asked_at),
            "Réponse": question.answer,
            "Répondu par vous": YES_OR_NO[question.answered_by_id == person.pk],
            "Répondu": at_moment(question.answered_at),
        }
        for question in questions
    ]


def answers(person):
    parties = Party.objects.filter(answered_by=person).select_related("structure").order_by("answered_at", "pk")
    return [
        {
            "Au nom de": party.structure.name,
            "Réponse": party.get_answer_display(),
            "Raison": party.get_reason_display(),
            "Répondu": at_moment(party.answered_at),
        }
        for party in parties
    ]


def bookings(person):
    by_me = Q(author=person) | Q(ended_by=person) | Q(given_approvals__person=person)
    related = Booking.objects.filter(by_me).select_related("listing", "borrower").distinct()
    return [
        {
            "Annonce": booking.listing.title,
            "Quand": period_said(booking.period),
            "Pour": booking.borrower.name,
            "Demandée par vous": YES_OR_NO[booking.author_id == person.pk],
            "Pour quoi faire": booking.purpose if booking.author_id == person.pk else "",
            "Acceptée par vous": YES_OR_NO[booking.given_approvals.filter(person=person).exists()],
            "Refusée ou annulée par vous": YES_OR_NO[booking.ended_by_id == person.pk],
            "État": booking.get_state_display(),
        }
        for booking in related.order_by("asked_at", "pk")
    ]


def drafts(person):
    return [
        {
            "Au nom de": draft.structure.name,
            "Commencé": at_moment(draft.created_at),
            "Effacé si personne n’y touche": on_day(draft.kept_until),
            "Écrit": draft.typed,
        }
        for draft in Draft.objects.filter(author=person).select_related("structure").order_by("created_at", "pk")
    ]


def inventories(person):
    return [
        {
            "Au nom de": one.structure.name,
            "Fichier": one.file_name,
            "Demandé": at_moment(one.asked_at),
            "État": one.get_state_display(),
        }
        for one in person.inventories.select_related("structure").order_by("asked_at", "pk")
    ]


def imports(person):
    imports = RegisterImport.objects.filter(Q(asked_by=person) | Q(undone_by=person)).order_by("asked_at", "pk")
    return [
        {
            "Fichier": one.file_name,
            "Demandé": at_moment(one.asked_at) if one.asked_by_id == person.pk else "",
            "Défait": at_moment(one.undone_at) if one.undone_by_id == person.pk else "",
        }
        for one in imports
    ]


def places(person):
    imports = PlaceImport.objects.filter(Q(asked_by=person) | Q(undone_by=person))
    reports = PlaceReport.objects.filter(Q(handled_by=person) | Q(reported_by=person)).select_related("place")
    return [f"Importation {one.file_name}" for one in imports] + [f"Erreur sur {one.place.name}" for one in reports]
