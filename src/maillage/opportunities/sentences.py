"""What Maillage writes when all have agreed: the subject of the conversation, and the next step."""

from maillage.engine.french import NBSP, join_fr
from maillage.opportunities.models import Opportunity

KIND = Opportunity.Kind
LONGEST_SUBJECT = 160

NEXT_STEPS = {
    KIND.CIRCLE: "fixez un premier moment pour vous rencontrer, puis une date d’essai pour chaque partage",
    KIND.CHAIN: "fixez un premier moment pour vous rencontrer, puis une date d’essai pour chaque partage",
    KIND.JOB: "choisissez une date pour comparer vos fiches de poste, vos jours et vos budgets",
    KIND.PURCHASE: "faites la liste commune de ce qu’il vous faut, et dites qui demande les devis",
    KIND.EQUIPMENT: "décidez ensemble du modèle, du lieu de garde et de qui tient le calendrier",
}


def subject(opportunity, parties):
    """« Cercle d’échange : minibus, salle de réunion »."""
    things = dict.fromkeys(
        (party.gives if opportunity.is_exchange else party.takes).kind.label.lower()
        for party in parties
        if party.gives or not opportunity.is_exchange
    )
    return f"{opportunity.get_kind_display().capitalize()}{NBSP}: {', '.join(things)}"[:LONGEST_SUBJECT]


def next_step(opportunity, parties):
    """The first message: who is there, what each brings, and one thing to do next."""
    lines = [
        f"Bonjour{NBSP}! ".replace(f"{NBSP}!", "\u202f!")
        + f"{join_fr(party.structure.name for party in parties)} ont toutes dit oui. Voici ce qui a été trouvé."
    ]
    lines += [
        f"– {_part(opportunity, party, parties)}" for party in parties if party.gives or not opportunity.is_exchange
    ]
    lines.append(
        f"Prochaine étape{NBSP}: {NEXT_STEPS[opportunity.kind]}. Rien n’est encore signé, chacune reste libre."
    )
    return "\n".join(lines)


def _part(opportunity, party, parties):
    if not opportunity.is_exchange:
        return f"{party.structure.name} cherche «{NBSP}{party.takes.title}{NBSP}»."
    taker = parties[(party.position + 1) % len(parties)]
    return f"{party.structure.name} partage «{NBSP}{party.gives.title}{NBSP}» avec {taker.structure.name}."
