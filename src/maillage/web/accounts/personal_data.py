"""Everything that the site keeps about a person, in French words: what the law lets them take away."""

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt
from django.db.models import Q
from django.utils import timezone

from maillage.conversations.models import Message, ReadingMark, Report
from maillage.digest.models import Subscription
from maillage.digest.services import rhythm_of
from maillage.directory.models import Claim, HandOver, Invitation, Mandate, NetworkRequest, RegisterImport
from maillage.engine.french import WEEKDAYS, date_fr, time_fr
from maillage.opportunities.models import Party, Question, Run
from maillage.places.models import PlaceImport, PlaceReport
from maillage.sharing import alerts
from maillage.sharing.models import Draft
from maillage.web.site.journal import event_models

MEANS = {"totp": "application de codes", "recovery_codes": "codes de secours", "webauthn": "clé d’accès"}
YES_OR_NO = {True: "oui", False: "non"}
CHANGES = {"insert": "ajout", "update": "changement", "delete": "suppression"}


def all_about(person):
    """Plain data for JSON; each part is there even when it is empty, so that one sees that nothing is kept."""
    return {
        "Données de": person.email,
        "Faites le": _moment(timezone.now()),
        "Compte": _account(person),
        "Moyens de connexion ajoutés": _means(person),
        "Comptes reliés": _identities(person),
        "Mandats": _mandates(person),
        "Demandes d’agir pour une association": _claims(person),
        "Demandes d’autres que vous avez examinées": _judged_claims(person),
        "Invitations à agir pour une association": _invitations(person),
        "Relais passés": _hand_overs(person),
        "Demandes d’adhésion à un réseau": _network_requests(person),
        "Alertes": _alerts(person),
        "Nouvelles par e-mail": _news(person),
        "Rappels de fin d’annonce reçus": _reminders(person),
        "Messages": _messages(person),
        "Conversations lues": _reading(person),
        "Messages signalés ou examinés": _reports(person),
        "Réponses à des occasions": _answers(person),
        "Questions sur des occasions": _questions(person),
        "Recherches d’occasions demandées": [_moment(run.asked_at) for run in Run.objects.filter(asked_by=person)],
        "Brouillons d’annonces": _drafts(person),
        "Imports du registre demandés": _imports(person),
        "Lieux importés, importations annulées, erreurs traitées": _places(person),
        "Changements faits à votre nom": _changes(person),
        "Mots de passe faux récents": _wrong_passwords(person),
    }


def _account(person):
    return {
        "Adresse e-mail": person.email,
        "Nom affiché": person.name,
        "Inscription": _moment(person.joined_at),
        "Dernière connexion": _moment(person.last_login),
        "Autres appareils déconnectés": _moment(person.sessions_ended_at),
        "Reçoit un e-mail quand on lui écrit": YES_OR_NO[person.hears_of_messages],
        "Mot de passe": "gardé sous une forme qui ne permet pas de le lire"
        if person.has_usable_password()
        else "aucun",
        "Équipe du territoire": YES_OR_NO[person.is_agent],
        "Exploite le site": YES_OR_NO[person.is_superuser],
        "Personne inventée pour la démonstration": YES_OR_NO[person.is_demonstration],
    }


def _means(person):
    """Never their secrets: who takes the file away could enter with them."""
    return [
        {
            "Moyen": MEANS[means.type],
            "Nom": means.data.get("name", ""),
            "Ajouté": _moment(means.created_at),
            "Dernier usage": _moment(means.last_used_at),
        }
        for means in Authenticator.objects.filter(user=person).order_by("created_at", "pk")
    ]


def _identities(person):
    return [
        {"Fournisseur": one.issuer, "Identifiant": one.subject, "Relié": _moment(one.linked_at)}
        for one in person.identities.order_by("linked_at", "pk")
    ]


def _mandates(person):
    mandates = Mandate.objects.filter(user=person).select_related("structure").order_by("starts_on", "pk")
    return [
        {
            "Structure": mandate.structure.name,
            "Rôle": mandate.get_role_display(),
            "Début": _day(mandate.starts_on),
            "Fin": _day(mandate.ends_on),
            "Peut engager l’association": YES_OR_NO[mandate.may_commit],
        }
        for mandate in mandates
    ]


def _claims(person):
    return [
        {
            "Structure": claim.structure.name,
            "Fonction": claim.position,
            "Message": claim.text,
            "Dit pouvoir engager l’association": YES_OR_NO[claim.may_commit],
            "Adresse du site": claim.site_email,
            "Justificatif": YES_OR_NO[bool(claim.document)],
            "Justificatif lu": _moment(claim.read_at),
            "Faite": _moment(claim.made_at),
            "État": claim.get_state_display(),
            "Raison du refus": claim.refusal,
            "Décidée": _moment(claim.decided_at),
        }
        for claim in person.claims.select_related("structure")
    ]


def _judged_claims(person):
    claims = Claim.objects.filter(Q(read_by=person) | Q(decided_by=person)).exclude(user=person)
    return [
        {
            "Structure": claim.structure.name,
            "Justificatif lu par vous": YES_OR_NO[claim.read_by_id == person.pk],
            "Décidée par vous": YES_OR_NO[claim.decided_by_id == person.pk],
        }
        for claim in claims.select_related("structure")
    ]


def _invitations(person):
    """Those that the person wrote, with the address typed, and those that were sent to the person's own."""
    invitations = Invitation.objects.filter(Q(invited_by=person) | Q(email__iexact=person.email))
    return [
        {
            "Structure": invitation.structure.name,
            "Adresse invitée": invitation.email,
            "Rôle": invitation.get_role_display(),
            "Écrite par vous": YES_OR_NO[invitation.invited_by_id == person.pk],
            "Faite": _moment(invitation.made_at),
        }
        for invitation in invitations.select_related("structure")
    ]


def _network_requests(person):
    requests = NetworkRequest.objects.filter(author=person).select_related("head", "member")
    return [{"Réseau": one.head.name, "Membre": one.member.name, "Faite": _moment(one.asked_at)} for one in requests]


def _hand_overs(person):
    handed = HandOver.objects.filter(made_by=person).select_related("structure")
    return [
        {"Structure": one.structure.name, "Jour": _day(one.day), "Mot": one.word, "Fait": _moment(one.made_at)}
        for one in handed
    ]


def _alerts(person):
    return [
        {
            "Recherche": alerts.sentence(saved),
            "Gardée": _moment(saved.kept_at),
            "En pause": YES_OR_NO[saved.is_paused],
        }
        for saved in person.saved_searches.select_related("place")
    ]


def _news(person):
    chosen = rhythm_of(person)
    day = f", le {WEEKDAYS[chosen.weekday]}" if chosen.rhythm == Subscription.Rhythm.WEEK else ""
    return {
        "Rythme": f"{chosen.get_rhythm_display()}{day}",
        "Dernier jour de nouvelles": _day(chosen.told_on),
        "Nouvelles données jusqu’à": _moment(chosen.told_until),
        "Dernier jour d’un rappel": _day(chosen.reminded_on),
    }


def _reminders(person):
    return [
        {
            "Annonce": reminder.listing.title,
            "Échéance": _day(reminder.valid_until),
            "Moment": reminder.get_moment_display(),
            "Envoyé le": _day(reminder.sent_on),
        }
        for reminder in person.reminders.select_related("listing").order_by("sent_on", "pk")
    ]


def _messages(person):
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
            "Envoyé": _moment(message.sent_at),
            "Texte": message.text,
            "Fichiers": [file.name for file in message.attachments.all()],
        }
        for message in written
    ]


def _reading(person):
    marks = ReadingMark.objects.filter(user=person).select_related("conversation", "message").order_by("pk")
    return [
        {"Conversation": mark.conversation.subject, "Lue jusqu’au message": _moment(mark.message.sent_at)}
        for mark in marks
    ]


def _reports(person):
    reports = Report.objects.filter(Q(reported_by=person) | Q(decided_by=person)).order_by("reported_at", "pk")
    return [
        {
            "Raison": report.get_reason_display(),
            "Signalé par vous": YES_OR_NO[report.reported_by_id == person.pk],
            "Signalé": _moment(report.reported_at),
            "Examiné par vous": YES_OR_NO[report.decided_by_id == person.pk],
            "Examiné": _moment(report.decided_at),
        }
        for report in reports
    ]


def _questions(person):
    questions = Question.objects.filter(Q(author=person) | Q(answered_by=person)).order_by("asked_at", "pk")
    return [
        {
            "Question": question.text if question.author_id == person.pk else "posée par une autre personne",
            "Posée": _moment(question.asked_at),
            "Réponse": question.answer,
            "Répondu par vous": YES_OR_NO[question.answered_by_id == person.pk],
            "Répondu": _moment(question.answered_at),
        }
        for question in questions
    ]


def _answers(person):
    parties = Party.objects.filter(answered_by=person).select_related("structure").order_by("answered_at", "pk")
    return [
        {
            "Au nom de": party.structure.name,
            "Réponse": party.get_answer_display(),
            "Raison": party.get_reason_display(),
            "Répondu": _moment(party.answered_at),
        }
        for party in parties
    ]


def _drafts(person):
    return [
        {
            "Au nom de": draft.structure.name,
            "Commencé": _moment(draft.created_at),
            "Effacé si personne n’y touche": _day(draft.kept_until),
            "Écrit": draft.typed,
        }
        for draft in Draft.objects.filter(author=person).select_related("structure").order_by("created_at", "pk")
    ]


def _imports(person):
    imports = RegisterImport.objects.filter(asked_by=person).order_by("asked_at", "pk")
    return [{"Fichier": one.file_name, "Demandé": _moment(one.asked_at)} for one in imports]


def _places(person):
    imports = PlaceImport.objects.filter(Q(asked_by=person) | Q(undone_by=person))
    reports = PlaceReport.objects.filter(handled_by=person).select_related("place")
    return [f"Importation {one.file_name}" for one in imports] + [f"Erreur sur {one.place.name}" for one in reports]


def _changes(person):
    """What the triggers of the history wrote while the person acted."""
    events = [
        (event.pgh_created_at, event)
        for model in event_models()
        for event in model.objects.filter(pgh_context__metadata__user=person.pk)
    ]
    return [
        {
            "Quand": _moment(moment),
            "Quoi": f"{CHANGES[event.pgh_label]}, {_kind(event)} n°\u00a0{event.pgh_obj_id}",
        }
        for moment, event in sorted(events, key=lambda pair: (pair[0], pair[1].pgh_id))
    ]


def _kind(event):
    return event.pgh_tracked_model._meta.verbose_name


def _wrong_passwords(person):
    attempts = AccessAttempt.objects.filter(username=person.email.lower()).order_by("attempt_time")
    return [
        {
            "Quand": _moment(attempt.attempt_time),
            "Adresse du réseau": attempt.ip_address,
            "Navigateur": attempt.user_agent,
            "Essais": attempt.failures_since_start,
        }
        for attempt in attempts
    ]


def _moment(moment):
    if moment is None:
        return None
    local = timezone.localtime(moment)
    return f"{date_fr(local)} à {time_fr(local)}"


def _day(day):
    return date_fr(day) if day else None
