"""Premises: lent or hired out by whoever owns them, by a tenant with an authorisation, or by a commune."""

from functools import partial

from maillage.agreements.documents.common import (
    INSURANCE,
    disagreement,
    insurance_blockers,
    insurance_rows,
    this_document,
)
from maillage.agreements.documents.money import VAT_QUESTIONS, due, vat_blockers
from maillage.agreements.documents.parts import (
    Group,
    Kind,
    Question,
    article,
    day_of,
    items,
    lines_of,
    rows,
)
from maillage.engine.french import NBSP, count_fr, date_fr, euros_fr

MOST_WITHOUT_DECLARATION = 19  # people, for a meeting among members, when nobody declared how many a room holds
YES_NO = (("no", "Non"), ("yes", "Oui"))
PRICE = (("free", "Non, c’est gratuit"), ("priced", "Oui"))
SOURCES = (
    ("order", "Arrêté du maire"),
    ("visit", "Procès-verbal de la commission de sécurité"),
    ("declared", "Déclaration de l’exploitant"),
)
RECOURSE = (
    ("liability", "L’assurance couvre la responsabilité locative"),
    ("waived", "Renonciation à recours, écrite dans les deux contrats"),
)

ROOMS = Group(
    "Le local",
    (
        Question(
            "premises",
            "Quel local, et où",
            help="Le nom et l’adresse. Par exemple\u00a0: grande salle du foyer, 2 rue de la Gare, Revel.",
            needed="Écrivez quel local, avec son adresse.",
        ),
        Question(
            "rooms",
            "Les pièces et le matériel compris",
            "text",
            help="Une chose par ligne\u00a0: pièces, tables, cuisine, sono.",
            needed="Écrivez les pièces et ce qui est compris, une chose par ligne.",
            longest=2000,
        ),
        Question(
            "inventory",
            "L’état des lieux",
            help="Où il est noté, et quand. Par exemple\u00a0: fait ensemble à la remise des clés, et après chaque "
            "usage.",
            needed="Écrivez quand et comment se fait l’état des lieux.",
        ),
        Question("access", "Clés et accès", help="Qui les remet, où, et quand on les rend."),
        Question("adapted", "Accessible aux fauteuils roulants\u202f?", "choice", choices=YES_NO),
    ),
)
TITLES = {
    "premises_owned": (),
    "premises_rented": (
        Question(
            "authorisation",
            "L’autorisation écrite du bailleur",
            help="Sa date et qui l’a signée. Qui est logé gratuitement montre l’accord du propriétaire.",
            needed="Sans l’autorisation écrite du bailleur, ce local ne se prête pas. Demandez-la, puis écrivez ses "
            "références.",
        ),
        Question(
            "authorised_until",
            "Elle vaut jusqu’au",
            "day",
            help="Vide si elle ne dit pas de fin.",
        ),
    ),
    "premises_communal": (
        Question(
            "decision",
            "La décision de la commune",
            help="Délibération ou décision du maire\u00a0: son numéro et sa date.",
            needed="Sans décision de la commune, personne n’occupe ce local. Écrivez le numéro et la date de la "
            "décision.",
        ),
        Question(
            "economic",
            "Y aura\u2011t\u2011il une activité économique\u202f?",
            "choice",
            help="Vendre régulièrement, donner des cours payants à des clients…",
            choices=YES_NO,
            needed="Dites s’il y aura une activité économique.",
        ),
    ),
}
USE = (
    Question(
        "activity",
        "L’activité prévue",
        "text",
        help="Le local ne sert qu’à cela.",
        needed="Écrivez l’activité prévue dans le local.",
        longest=600,
    ),
    Question(
        "is_public", "Ouverte au public\u202f?", "choice", choices=YES_NO, needed="Dites si le public peut entrer."
    ),
    Question(
        "attendance",
        "Combien de personnes au plus",
        "whole",
        needed="Écrivez combien de personnes viendront au plus.",
    ),
    Question(
        "capacity",
        "Effectif maximal déclaré du local",
        "whole",
        help=f"Il ne se calcule pas d’après la surface. Sans lui\u00a0: entre membres, {MOST_WITHOUT_DECLARATION} "
        f"personnes au plus.",
    ),
    Question(
        "capacity_from",
        "D’où vient cet effectif",
        "choice",
        choices=SOURCES,
        optional_word="obligatoire avec un effectif",
    ),
    Question("capacity_on", "Sa date", "day", optional_word="obligatoire avec un effectif"),
    Question(
        "erp", "Type et catégorie (établissement recevant du public)", help="Par exemple\u00a0: type L, 5e catégorie."
    ),
    Question("safety", "Où est le registre de sécurité"),
)
WHEN = Group(
    "Quand",
    (
        Question("starts_on", "Premier jour", "day", needed="Écrivez le premier jour."),
        Question("ends_on", "Dernier jour", "day", needed="Écrivez le dernier jour."),
        Question(
            "slots",
            "Jours et heures d’occupation",
            "text",
            help="Par exemple\u00a0: tous les mardis de 18 h à 20 h, sauf vacances scolaires.",
            needed="Écrivez les jours et les heures d’occupation.",
            longest=600,
        ),
        Question(
            "notice", "Préavis pour arrêter, en jours", "whole", needed="Écrivez le préavis en jours, par exemple 30."
        ),
    ),
)
MONEY = Group(
    "Argent, assurance",
    (
        Question(
            "paid", "Contre un prix\u202f?", "choice", choices=PRICE, needed="Dites si l’occupation est gratuite."
        ),
        Question("price", "Montant en tout, hors TVA", "amount", optional_word="obligatoire avec un prix"),
        Question(
            "vat",
            VAT_QUESTIONS[0].label,
            "choice",
            help=VAT_QUESTIONS[0].help,
            choices=VAT_QUESTIONS[0].choices,
            optional_word="obligatoire avec un prix",
        ),
        VAT_QUESTIONS[1],
        Question(
            "value",
            "Valeur de cette occupation, si elle est gratuite",
            "amount",
            help="Pour les comptes\u00a0: une aide en nature.",
        ),
        Question("cleaning", "Ménage et rangement", needed="Écrivez qui fait le ménage et range."),
        *INSURANCE,
        Question(
            "recourse",
            "Pour les dégâts au local",
            "choice",
            choices=RECOURSE,
            needed="Choisissez ce que prévoit l’assurance.",
        ),
        Question(
            "insured_days",
            "Nombre de jours que couvre le contrat",
            "whole",
            help="Certains contrats couvrent peu de jours par an. Vide s’il n’y a pas de limite.",
        ),
        Question("used_days", "Nombre de jours d’occupation", "whole", optional_word="obligatoire avec une limite"),
    ),
)


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
