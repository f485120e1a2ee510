"""The cards of the team's hub. A new page for agents is one line here; one that people wait on, a Queue as well."""

from dataclasses import dataclass, replace

from maillage.digest.awaiting import Awaiting, awaiting
from maillage.directory.queries import same_name_same_commune
from maillage.engine.french import count_fr
from maillage.places.models import Place


@dataclass(frozen=True)
class Card:
    """A page for agents: the name of its address, an icon, what one does there, and why."""

    address: str
    icon: str
    title: str
    sentence: str
    awaiting: Awaiting | None = None
    counted: str = ""


ANSWERS = (  # each has a Queue in digest/awaiting.py
    Card("claims", "hand-heart", "Répondre aux demandes d’associations", "Qui veut tenir la page de la sienne."),
    Card("questions", "circle-question-mark", "Répondre aux questions", "Sur les occasions que Maillage a trouvées."),
    Card("reports", "flag", "Examiner les messages signalés", "Ce que des associations vous montrent."),
    Card("place-reports", "map-pin", "Corriger les lieux signalés", "Les erreurs que des gens ont vues."),
)
UPKEEP = (
    Card("register-imports", "upload", "Importer le registre", "Le fichier du ministère, avec un essai avant."),
    Card("duplicates", "copy", "Réunir les fiches en double", "Des associations inscrites deux fois."),
    Card("manage-places", "map", "Tenir les lieux", "Où l’on se retrouve\u00a0: vérifier, corriger."),
    Card("territory-rates", "scale", "Tenir les taux du bénévolat", "Ce que vaut une heure, avec sa source."),
    Card("place-imports", "table-2", "Importer des lieux", "Un tableau de lieux, montré avant d’être écrit."),
)
TEAM = (
    Card("phone-entry", "phone", "Saisir pour une association qui a téléphoné", "Publier et répondre à sa demande."),
    Card("agents", "users", "Composer l’équipe", "Qui en fait partie, avec vous."),
    Card("opportunities-overview", "chart-column", "Voir les occasions du territoire", "En nombres et sur la carte."),
    Card("territory-settings", "sliders-horizontal", "Régler le territoire", "Qui gère ce site, comment vous joindre."),
    Card("journal", "history", "Lire le journal", "Qui a changé quoi, et quand."),
)
COUNTS = {  # what is to be done on a page where nobody waits: (rows, one, many)
    "duplicates": (same_name_same_commune, "groupe à regarder", "groupes à regarder"),
    "manage-places": (Place.objects.to_verify, "lieu à vérifier", "lieux à vérifier"),
}


def to_answer():
    """The cards of queues: those that hold something first, the one that waits for longest before the others."""
    held = {one.queue.address: one for one in awaiting()}
    cards = [replace(card, awaiting=held[card.address]) for card in ANSWERS]
    return sorted(cards, key=lambda card: card.awaiting.oldest.timestamp() if card.awaiting.count else float("inf"))


def to_keep():
    return [replace(card, counted=_count(*COUNTS[card.address])) if card.address in COUNTS else card for card in UPKEEP]


def _count(rows, one, many):
    count = rows().count()
    return count_fr(count, one, many) if count else "Tout est en ordre"
