"""Premises: lent or hired out by whoever owns them, by a tenant with an authorisation, or by a commune."""

from functools import partial

from maillage.agreements.documents.common import (
    disagreement,
    insurance_blockers,
    insurance_rows,
    this_document,
)
from maillage.agreements.documents.money import VAT_QUESTIONS, due, vat_blockers
from maillage.agreements.documents.parts import (
    Group,
    Kind,
    article,
    day_of,
    items,
    lines_of,
    rows,
)
from maillage.agreements.documents.premises_questions import (
    MONEY,
    MOST_WITHOUT_DECLARATION,
    RECOURSE,
    ROOMS,
    SOURCES,
    TITLES,
    USE,
    WHEN,
    YES_NO,
)
from maillage.engine.french import NBSP, count_fr, date_fr, euros_fr


def blockers(nature, facts, today):
    first, last = facts.get("starts_on"), facts.get("ends_on")
    if first and last and last < first:
        yield "ends_on", "Le dernier jour est avant le premier. Changez l’un des deux."
    elif last and last < today.date():
        yield "ends_on", "Ce dernier jour est déjà passé. Choisissez un jour à venir."
    yield from _capacity_blockers(facts)
    yield from insurance_blockers(facts, last)
    if facts.get("insured_days") and not facts.get("used_days"):
        yield "used_days", "Le contrat a une limite\u00a0: écrivez combien de jours dure l’occupation."
    elif facts.get("insured_days") and facts["used_days"] > facts["insured_days"]:
        yield "used_days", "L’occupation dure plus de jours que l’assurance n’en couvre. Voyez d’abord l’assureur."
    if facts.get("paid") == "priced":
        if not facts.get("price"):
            yield "price", "Écrivez le montant, ou choisissez la gratuité."
        if not facts.get("vat"):
            yield "vat", VAT_QUESTIONS[0].needed
        yield from vat_blockers(facts)
    until = facts.get("authorised_until")
    if nature == "premises_rented" and until and last and until < last:
        yield (
            "authorised_until",
            "L’autorisation du bailleur finit avant l’accord. Choisissez un dernier jour plus proche.",
        )
    if nature == "premises_communal" and facts.get("economic") == "yes":
        yield (
            "economic",
            "Une activité économique demande à la commune une mise en concurrence. Voyez avec elle avant d’écrire "
            "l’accord.",
        )


def _capacity_blockers(facts):
    people, most = facts.get("attendance"), facts.get("capacity")
    if most:
        if not facts.get("capacity_from"):
            yield "capacity_from", "Dites d’où vient l’effectif maximal."
        if not facts.get("capacity_on"):
            yield "capacity_on", "Écrivez la date du document qui donne l’effectif maximal."
        if people and people > most:
            yield (
                "attendance",
                f"Le local accueille {count_fr(most, 'personne')} au plus. Réduisez, ou changez de local.",
            )
    elif people and (people > MOST_WITHOUT_DECLARATION or facts.get("is_public") == "yes"):
        yield (
            "capacity",
            "Sans effectif maximal déclaré, le local ne sert qu’à une réunion entre membres, "
            f"à {MOST_WITHOUT_DECLARATION} personnes au plus. Écrivez l’effectif déclaré.",
        )


def articles(nature, facts, parties):
    lender, borrower = parties.lender, parties.borrower
    return [
        _rooms(facts, lender, borrower),
        _right(nature, facts, lender, borrower),
        _use(facts, borrower),
        _when(facts, lender, borrower),
        _money(facts, lender, borrower),
        article(
            "Soin, ménage et clés",
            rows(("Ménage et rangement", facts["cleaning"]), ("Clés et accès", facts.get("access"))),
            f"{borrower} laisse le local comme elle l’a trouvé, et signale aussitôt ce qui est cassé.",
            "Elle ne transforme rien, ne prête pas les clés et ne laisse pas une autre association occuper le local.",
        ),
        _insurance(facts, lender, borrower),
        disagreement(),
        this_document(),
    ]


def _rooms(facts, lender, borrower):
    return article(
        "Le local",
        f"{lender} laisse {borrower} occuper{NBSP}: {facts['premises']}.",
        items(lines_of(facts["rooms"])),
        rows(
            ("État des lieux", facts["inventory"]),
            ("Accessible aux fauteuils roulants", dict(YES_NO).get(facts.get("adapted"))),
        ),
        "Un état des lieux est fait ensemble avant la remise des clés, puis après chaque occupation. Il est joint à "
        "l’accord.",
    )


def _right(nature, facts, lender, borrower):
    if nature == "premises_owned":
        return article(
            "Le droit de le prêter",
            f"{lender} est propriétaire du local, ou a tous les droits pour le prêter.",
        )
    if nature == "premises_rented":
        return article(
            "L’autorisation du bailleur",
            f"{lender} n’est pas propriétaire du local. Le bailleur ou le propriétaire a donné son accord par écrit.",
            rows(("Autorisation", facts["authorisation"]), ("Valable jusqu’au", day_of(facts.get("authorised_until")))),
            f"Si cette autorisation prend fin, l’accord prend fin le même jour. {lender} prévient {borrower} aussitôt.",
        )
    return article(
        "La décision de la commune",
        f"Le local appartient à une collectivité. La décision de la commune permet son occupation par {borrower}.",
        rows(("Décision", facts["decision"]), ("Activité économique", dict(YES_NO)[facts["economic"]])),
        "Cette occupation est précaire\u00a0: la commune peut y mettre fin, notamment pour l’ordre public, l’entretien "
        "ou "
        "le fonctionnement de ses services (code général des collectivités territoriales, article L2144-3).",
    )


def _use(facts, borrower):
    most = facts.get("capacity")
    said = dict(SOURCES).get(facts.get("capacity_from"), "")
    source = f"{said}, le {date_fr(facts['capacity_on'])}" if most else ""
    return article(
        "L’activité et la sécurité",
        rows(
            ("Activité", facts["activity"]),
            ("Ouverte au public", dict(YES_NO)[facts["is_public"]]),
            ("Personnes attendues, au plus", count_fr(facts["attendance"], "personne")),
            ("Effectif maximal déclaré", count_fr(most, "personne") if most else "non renseigné"),
            ("Source de l’effectif", source),
            ("Type et catégorie", facts.get("erp")),
            ("Registre de sécurité", facts.get("safety")),
        ),
        f"{borrower} ne fait jamais entrer plus de monde. Pendant l’occupation, elle répond de la sécurité\u00a0: "
        f"issues "
        "dégagées, consignes connues, une personne responsable sur place.",
    )


def _when(facts, lender, borrower):
    return article(
        "Les jours et les heures",
        rows(
            ("Du", date_fr(facts["starts_on"])),
            ("Au", date_fr(facts["ends_on"])),
            ("Occupation", facts["slots"]),
            ("Préavis", count_fr(facts["notice"], "jour")),
        ),
        "Chacune peut arrêter avant la fin, par écrit, en respectant le préavis. En cas de faute grave, sans préavis.",
    )


def _money(facts, lender, borrower):
    if facts["paid"] == "free":
        value = facts.get("value")
        valued = (
            f"Elle vaut {euros_fr(value)}, que {borrower} peut inscrire dans ses comptes comme aide en nature."
            if value
            else ""
        )
        return article("Ce que cela coûte", "L’occupation est gratuite.", valued)
    total, owed, vat = due(facts["price"], facts, borrower)
    return article("Le prix", total, owed, vat)


def _insurance(facts, lender, borrower):
    return article(
        "L’assurance",
        f"{borrower} est assurée pour son activité et pour les dégâts qu’elle causerait dans ce local.",
        insurance_rows(facts),
        rows(
            ("Dégâts au local", dict(RECOURSE)[facts["recourse"]]),
            ("Jours couverts", count_fr(facts["insured_days"], "jour") if facts.get("insured_days") else ""),
        ),
        f"Elle remet son attestation à {lender} avant la remise des clés.",
    )


def period(facts):
    return facts["starts_on"], facts["ends_on"]


def _kind(nature, title, when):
    groups = (
        ROOMS,
        *([Group("Le droit de le prêter", TITLES[nature])] if TITLES[nature] else []),
        Group("L’activité et la sécurité", USE),
        WHEN,
        MONEY,
    )
    return Kind(
        nature=nature,
        title=title,
        when=when,
        groups=groups,
        blockers=partial(blockers, nature),
        articles=partial(articles, nature),
        period=period,
        roles=("qui prête le local", "qui l’occupe"),
    )


KINDS = (
    _kind(
        "premises_owned",
        "Accord d’occupation d’un local",
        "L’association qui prête est propriétaire.",
    ),
    _kind(
        "premises_rented",
        "Accord d’occupation d’un local loué",
        "L’association qui prête est locataire, ou logée gratuitement\u00a0: il faut l’accord écrit du bailleur.",
    ),
    _kind(
        "premises_communal",
        "Convention d’occupation d’un local communal",
        "Le local est à une commune ou à une autre collectivité\u00a0: elle décide, et fixe les conditions.",
    ),
)
