"""The account itself, how one signs in, and what was changed in one's name."""

from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt

from maillage.web.accounts.personal_data.words import YES_OR_NO, at_moment
from maillage.web.site.journal import event_models

MEANS = {"totp": "application de codes", "recovery_codes": "codes de secours", "webauthn": "clé d’accès"}
CHANGES = {"insert": "ajout", "update": "changement", "delete": "suppression"}


def account(person):
    return {
        "Adresse e-mail": person.email,
        "Nom affiché": person.name,
        "Inscription": at_moment(person.joined_at),
        "Dernière connexion": at_moment(person.last_login),
        "Autres appareils déconnectés": at_moment(person.sessions_ended_at),
        "Reçoit un e-mail quand on lui écrit": YES_OR_NO[person.hears_of_messages],
        "Mot de passe": "gardé sous une forme qui ne permet pas de le lire"
        if person.has_usable_password()
        else "aucun",
        "Équipe du territoire": YES_OR_NO[person.is_agent],
        "Exploite le site": YES_OR_NO[person.is_superuser],
        "Personne inventée pour la démonstration": YES_OR_NO[person.is_demonstration],
    }


def means(person):
    """Never their secrets: who takes the file away could enter with them."""
    return [
        {
            "Moyen": MEANS[means.type],
            "Nom": means.data.get("name", ""),
            "Ajouté": at_moment(means.created_at),
            "Dernier usage": at_moment(means.last_used_at),
        }
        for means in Authenticator.objects.filter(user=person).order_by("created_at", "pk")
    ]


def identities(person):
    return [
        {"Fournisseur": one.issuer, "Identifiant": one.subject, "Relié": at_moment(one.linked_at)}
        for one in person.identities.order_by("linked_at", "pk")
    ]


def changes(person):
    """What the triggers of the history wrote while the person acted."""
    events = [
        (event.pgh_created_at, event)
        for model in event_models()
        for event in model.objects.filter(pgh_context__metadata__user=person.pk)
    ]
    return [
        {
            "Quand": at_moment(moment),
            "Quoi": f"{CHANGES[event.pgh_label]}, {_kind(event)} n°\u00a0{event.pgh_obj_id}",
        }
        for moment, event in sorted(events, key=lambda pair: (pair[0], pair[1].pgh_id))
    ]


def _kind(event):
    return event.pgh_tracked_model._meta.verbose_name


def wrong_passwords(person):
    attempts = AccessAttempt.objects.filter(username=person.email.lower()).order_by("attempt_time")
    return [
        {
            "Quand": at_moment(attempt.attempt_time),
            "Adresse du réseau": attempt.ip_address,
            "Navigateur": attempt.user_agent,
            "Essais": attempt.failures_since_start,
        }
        for attempt in attempts
    ]
