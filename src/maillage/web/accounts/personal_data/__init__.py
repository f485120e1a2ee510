"""Everything that the site keeps about a person, in French words: what the law lets them take away."""

from django.utils import timezone

from maillage.opportunities.models import Run
from maillage.web.accounts.personal_data import account, agreements, exchanges, loans, structures, volunteering
from maillage.web.accounts.personal_data.words import at_moment


def all_about(person):
    """Plain data for JSON; each part is there even when it is empty, so that one sees that nothing is kept."""
    return {
        "Données de": person.email,
        "Faites le": at_moment(timezone.now()),
        "Compte": account.account(person),
        "Moyens de connexion ajoutés": account.means(person),
        "Comptes reliés": account.identities(person),
        "Mandats": structures.mandates(person),
        "Aides données à la demande d’une association": structures.helps(person),
        "Demandes d’aide entre un réseau et un membre": structures.help_requests(person),
        "Demandes d’agir pour une association": structures.claims(person),
        "Demandes d’autres que vous avez examinées": structures.judged_claims(person),
        "Invitations à agir pour une association": structures.invitations(person),
        "Relais passés": structures.hand_overs(person),
        "Dissolutions déclarées ou annulées": structures.dissolutions(person),
        "Demandes d’adhésion à un réseau": structures.network_requests(person),
        "Missions écrites": volunteering.missions(person),
        "Engagements bénévoles": volunteering.engagements(person),
        "Heures bénévoles": volunteering.hours(person),
        "Heures bénévoles corrigées": volunteering.corrections(person),
        "Contributions et taux enregistrés": volunteering.accounts(person),
        "Alertes": exchanges.kept_searches(person),
        "Nouvelles par e-mail": exchanges.news(person),
        "Rappels de fin d’annonce reçus": exchanges.reminders(person),
        "Messages": exchanges.messages(person),
        "Conversations lues": exchanges.reading(person),
        "Messages signalés ou examinés": exchanges.reports(person),
        "Réponses à des occasions": exchanges.answers(person),
        "Questions sur des occasions": exchanges.questions(person),
        "Recherches d’occasions demandées": [at_moment(run.asked_at) for run in Run.objects.filter(asked_by=person)],
        "Réservations demandées, acceptées ou annulées": exchanges.bookings(person),
        "Accords écrits ou proposés": agreements.written(person),
        "Accords signés": agreements.signed(person),
        "Prêts notés à la remise ou au retour, ou réponses à ce qui était noté": loans.reports(person),
        "Problèmes de prêts signalés ou commentés": loans.incidents(person),
        "Prolongations de prêts demandées ou répondues": loans.extensions(person),
        "Rappels de prêts reçus": loans.reminders(person),
        "Brouillons d’annonces": exchanges.drafts(person),
        "Inventaires importés": exchanges.inventories(person),
        "Imports du registre demandés": exchanges.imports(person),
        "Lieux importés, importations annulées, erreurs signalées ou traitées": exchanges.places(person),
        "Changements faits à votre nom": account.changes(person),
        "Mots de passe faux récents": account.wrong_passwords(person),
    }
