"""What several documents ask or say in the same words: insurance, disagreements, the document itself."""

from maillage.agreements.documents.parts import Question, article, day_of, rows
from maillage.engine.french import NBSP

MODEL = (
    "Ce texte est un modèle, pas un conseil juridique. Avant de signer, faites-le relire par votre assureur, "
    "votre réseau ou une personne de loi si la valeur est grande ou si vous doutez."
)
INSURANCE = (
    Question(
        "insurer",
        "L’assureur de l’association qui emprunte",
        help="Le nom de la compagnie qui couvre sa responsabilité civile.",
        needed="Écrivez le nom de l’assureur de l’association qui emprunte.",
    ),
    Question(
        "policy",
        "Numéro du contrat d’assurance",
        needed="Écrivez le numéro du contrat\u00a0: il est sur l’attestation d’assurance.",
    ),
    Question(
        "insured_until",
        "L’attestation vaut jusqu’au",
        "day",
        help="Le dernier jour écrit sur l’attestation. Par exemple\u00a0: 31 décembre 2027.",
        needed="Écrivez jusqu’à quel jour vaut l’attestation d’assurance.",
    ),
)


def insurance_blockers(facts, last_day):
    until = facts.get("insured_until")
    if until and last_day and until < last_day:
        yield (
            "insured_until",
            "L’attestation d’assurance finit avant l’accord. Demandez-en une qui va jusqu’au dernier jour.",
        )


def insurance_rows(facts):
    return rows(
        ("Assureur", facts["insurer"]),
        ("Contrat", facts["policy"]),
        ("Attestation valable jusqu’au", day_of(facts["insured_until"])),
    )


def disagreement():
    return article(
        "Si quelque chose ne va pas",
        "Les deux associations se parlent d’abord. Elles peuvent demander l’aide d’un tiers, par exemple leur réseau "
        "ou l’équipe du territoire.",
        "Un désaccord sur l’argent ne permet à personne de garder ce qui est à l’autre (Code civil, article 1885).",
        "À défaut d’entente, le tribunal compétent tranche.",
    )


def this_document():
    return article(
        "Ce document",
        "Chaque association signe par une personne qui a le droit de l’engager. Maillage garde son nom, sa qualité, "
        "le jour et l’heure, et l’empreinte du texte lu. Un code envoyé par e\u2011mail confirme chaque signature.",
        "L’accord vaut quand les deux ont signé. Chacune reçoit alors le même exemplaire. "
        "Un changement se fait par une nouvelle version, que les deux signent à nouveau.",
        f"À savoir{NBSP}: {MODEL[0].lower()}{MODEL[1:]}",
    )
