"""A service: what one association does for another, at a price or not; nobody is lent."""

from maillage.agreements.documents.common import (
    INSURANCE,
    disagreement,
    insurance_blockers,
    insurance_rows,
    this_document,
)
from maillage.agreements.documents.money import VAT_QUESTIONS, due, vat_blockers
from maillage.agreements.documents.parts import Group, Kind, Question, article, items, lines_of, rows
from maillage.engine.french import count_fr, date_fr

DIRECTION = (
    ("provider", "L’association qui rend le service organise son travail"),
    ("client", "L’association qui le reçoit dirige les personnes"),
)

GROUPS = (
    Group(
        "Le service",
        (
            Question(
                "service",
                "Ce qui est fait",
                "text",
                help="Une chose par ligne. Le résultat attendu, pas le nom d’une personne.",
                needed="Écrivez ce qui est fait, une chose par ligne.",
                longest=2000,
            ),
            Question("place", "Où", needed="Écrivez où le service est rendu."),
            Question(
                "direction",
                "Qui organise le travail\u202f?",
                "choice",
                help="Diriger les salariés d’une autre n’est plus une prestation\u00a0: c’est un prêt de personnel.",
                choices=DIRECTION,
                needed="Dites qui organise le travail.",
            ),
            Question("contact", "Qui suit le service, de chaque côté", needed="Écrivez qui suit le service."),
        ),
    ),
    Group(
        "Quand",
        (
            Question("starts_on", "Début", "day", needed="Écrivez le premier jour."),
            Question("ends_on", "Fin", "day", needed="Écrivez le dernier jour."),
            Question("notice", "Préavis pour arrêter, en jours", "whole", needed="Écrivez le préavis, par exemple 30."),
        ),
    ),
    Group(
        "Le prix",
        (
            Question(
                "price", "Prix en tout, hors TVA", "amount", needed="Écrivez le prix, ou le mot «\u00a0gratuit\u00a0»."
            ),
            *VAT_QUESTIONS,
            Question("payment", "Quand on paie", help="Par exemple\u00a0: à la fin, sur facture, à 30 jours."),
        ),
    ),
    Group(
        "Assurance",
        (
            Question(
                "insurer",
                "L’assureur de l’association qui rend le service",
                needed="Écrivez le nom de l’assureur de l’association qui rend le service.",
            ),
            *INSURANCE[1:],
        ),
    ),
)


def blockers(facts, now):
    first, last = facts.get("starts_on"), facts.get("ends_on")
    if first and last and last < first:
        yield "ends_on", "La fin est avant le début. Changez l’une des deux."
    elif last and last < now.date():
        yield "ends_on", "Cette fin est déjà passée. Choisissez un jour à venir."
    if facts.get("direction") == "client":
        yield (
            "direction",
            "Ce n’est plus un service\u00a0: c’est un prêt de personnel, avec ses trois documents. Choisissez cet "
            "accord-là.",
        )
    yield from insurance_blockers(facts, last)
    yield from vat_blockers(facts)


def articles(facts, parties):
    provider, client = parties.lender, parties.borrower
    return [
        article(
            "Le service",
            f"{provider} fait pour {client}\u00a0:",
            items(lines_of(facts["service"])),
            rows(("Lieu", facts["place"]), ("Suivi", facts["contact"])),
        ),
        article(
            "Qui dirige",
            f"{provider} organise son travail, choisit et dirige les personnes qui le font. Elle en est seule "
            f"responsable. "
            f"{client} dit ce qu’elle attend, et ne donne pas d’ordres à ces personnes.",
        ),
        article(
            "Quand",
            rows(
                ("Du", date_fr(facts["starts_on"])),
                ("Au", date_fr(facts["ends_on"])),
                ("Préavis", count_fr(facts["notice"], "jour")),
            ),
            "Chacune peut arrêter plus tôt, par écrit, en respectant le préavis. Ce qui est fait est payé.",
        ),
        _price(facts, client),
        article(
            "L’assurance",
            f"{provider} est assurée pour les dommages qu’elle causerait en rendant ce service.",
            insurance_rows(facts),
        ),
        article(
            "Discrétion et données",
            "Chacune garde pour elle ce qu’elle apprend de l’autre. Les données de personnes ne servent qu’à ce "
            "service, "
            "et sont rendues ou effacées à la fin.",
        ),
        disagreement(),
        this_document(),
    ]


def _price(facts, client):
    if not facts["price"]:
        return article("Le prix", "Le service est gratuit.")
    total, owed, vat = due(facts["price"], facts, client)
    return article("Le prix", total, owed, vat, rows(("Paiement", facts.get("payment"))))


def period(facts):
    return facts["starts_on"], facts["ends_on"]


KINDS = (
    Kind(
        nature="service",
        title="Accord de prestation de service",
        when="Une association fait quelque chose pour une autre. Elle dirige son travail\u00a0: aucun salarié n’est "
        "prêté.",
        groups=GROUPS,
        blockers=blockers,
        articles=articles,
        period=period,
        roles=("qui rend le service", "qui le reçoit"),
    ),
)
