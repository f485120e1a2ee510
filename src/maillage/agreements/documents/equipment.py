"""Equipment: the free loan (prêt à usage, Code civil 1875 to 1891), against a share of the costs, or rented."""

from functools import partial

from maillage.agreements.documents.common import (
    INSURANCE,
    disagreement,
    insurance_blockers,
    insurance_rows,
    this_document,
)
from maillage.agreements.documents.money import VAT_QUESTIONS, due, shares_of, table, vat_blockers
from maillage.agreements.documents.parts import (
    Group,
    Kind,
    Question,
    article,
    day_of,
    items,
    lines_of,
    moment,
    moment_fr,
    rows,
)
from maillage.engine.french import NBSP, euros_fr, of_fr

ACCIDENT = (
    ("borrower", "L’association qui emprunte"),
    ("lender", "L’association qui prête"),
    ("insurance", "L’assurance, et l’association qui emprunte paie la franchise"),
)
STATES = (("new", "Neuf"), ("good", "Bon"), ("worn", "Usé, en ordre de marche"))
DEFECTS = (("none", "Aucun défaut connu"), ("some", "Il y en a"))
CONSUMED = (("no", "Non"), ("yes", "Oui"))
TRANSPORT = (("borrower", "L’association qui emprunte"), ("lender", "L’association qui prête"))

THINGS = Group(
    "Ce qui est prêté",
    (
        Question(
            "things",
            "Le matériel",
            "text",
            help="Une chose par ligne, avec son numéro d’inventaire si elle en a un.",
            needed="Écrivez ce qui est prêté, une chose par ligne\u00a0: par exemple «\u00a02 barnums blancs\u00a0».",
            longest=2000,
        ),
        Question(
            "consumed",
            "Disparaît\u2011il quand on s’en sert\u202f?",
            "choice",
            help="Par exemple\u00a0: nourriture, peinture, piles.",
            choices=CONSUMED,
            needed="Dites si ce matériel disparaît quand on s’en sert.",
        ),
        Question("state", "Son état", "choice", choices=STATES, needed="Choisissez l’état du matériel."),
        Question(
            "defects",
            "Des défauts connus\u202f?",
            "choice",
            help="Qui prête en connaissant un défaut dangereux et se tait en répond (Code civil, article 1891).",
            choices=DEFECTS,
            needed="Dites si vous connaissez un défaut de ce matériel.",
        ),
        Question(
            "defects_said",
            "Lesquels\u202f?",
            "text",
            help="Tout ce qui pourrait blesser, gêner ou surprendre.",
            optional_word="obligatoire s’il y en a",
            longest=1000,
        ),
        Question("checked_on", "Dernière vérification de sécurité", "day"),
        Question(
            "skill",
            "Ce qu’il faut savoir faire",
            help="Par exemple\u00a0: permis B, savoir monter un barnum.",
        ),
    ),
)
USE = Group(
    "Pour quoi et où",
    (
        Question(
            "use",
            "À quoi il servira",
            "text",
            help="L’association qui emprunte ne s’en sert que pour cela.",
            needed="Écrivez à quoi le matériel servira\u00a0: par exemple «\u00a0la fête de l’école\u00a0».",
            longest=600,
        ),
        Question(
            "place",
            "Le lieu d’utilisation",
            help="Une assurance ne couvre souvent que les lieux qu’elle nomme.",
            needed="Écrivez où le matériel servira\u00a0: l’assureur le demande.",
        ),
    ),
)
WHEN = Group(
    "Du départ au retour",
    (
        Question(
            "starts_on",
            "Jour du départ",
            "day",
            help="Par exemple\u00a0: 28 novembre, ou samedi.",
            needed="Écrivez le jour où le matériel part.",
        ),
        Question("starts_at", "Heure du départ", "hour", needed="Écrivez l’heure du départ, par exemple 9 h."),
        Question("start_place", "Lieu du départ", needed="Écrivez où l’on vient chercher le matériel."),
        Question("due_on", "Jour du retour", "day", needed="Écrivez le jour exact du retour."),
        Question("due_at", "Heure du retour", "hour", needed="Écrivez l’heure exacte du retour, par exemple 18 h."),
        Question("return_place", "Lieu du retour", needed="Écrivez où l’on rapporte le matériel."),
        Question(
            "transport", "Qui transporte\u202f?", "choice", choices=TRANSPORT, needed="Choisissez qui transporte."
        ),
    ),
)
VALUE = Group(
    "Valeur, accident, assurance",
    (
        Question(
            "value",
            "Valeur estimée du matériel",
            "amount",
            help="Écrire une valeur a un effet\u00a0: sans autre choix, qui emprunte paie la perte par accident "
            "(Code civil, article 1883).",
        ),
        Question(
            "accident",
            "Qui supporte la perte par accident\u202f?",
            "choice",
            choices=ACCIDENT,
            optional_word="obligatoire avec une valeur",
        ),
        *INSURANCE,
    ),
)
COSTS_OF = {
    "free_loan": (
        Question("deposit", "Caution", "amount", help="Rendue au retour. Vide s’il n’y en a pas."),
        Question("cleaning", "Nettoyage", help="Qui nettoie, et comment."),
    ),
    "cost_share": (
        Question(
            "costs",
            "Les frais à partager",
            "amounts",
            help="Un par ligne, avec son montant. Par exemple\u00a0: Assurance\u00a0: 40,50\u00a0€.",
            needed="Écrivez les frais réels, un par ligne, par exemple\u00a0: Assurance\u00a0: 40,50\u00a0€.",
        ),
        Question(
            "share",
            "Part de l’association qui emprunte, en\u00a0%",
            "whole",
            needed="Écrivez la part de l’association qui emprunte, de 1 à 100.",
        ),
        *VAT_QUESTIONS,
        Question("deposit", "Caution", "amount", help="Rendue au retour. Vide s’il n’y en a pas."),
        Question("cleaning", "Nettoyage", help="Qui nettoie, et comment."),
    ),
    "rental": (
        Question("price", "Prix de la location, hors TVA", "amount", needed="Écrivez le prix de la location."),
        *VAT_QUESTIONS,
        Question("deposit", "Caution", "amount", help="Rendue au retour. Vide s’il n’y en a pas."),
        Question("cleaning", "Nettoyage", help="Qui nettoie, et comment."),
    ),
}


def blockers(nature, facts, now):
    if facts.get("consumed") == "yes":
        yield (
            "consumed",
            "Ce qui disparaît à l’usage ne se prête pas (Code civil, article 1878). Faites-en un don ou une vente.",
        )
    if facts.get("defects") == "some" and not facts.get("defects_said"):
        yield "defects_said", "Décrivez les défauts connus\u00a0: l’autre association doit les lire avant de signer."
    start = moment(facts.get("starts_on"), facts.get("starts_at"))
    due_back = moment(facts.get("due_on"), facts.get("due_at"))
    if start and due_back and due_back <= start:
        yield "due_on", "Le retour est avant le départ. Changez l’un des deux."
    elif due_back and due_back <= now:
        yield "due_on", "Ce retour est déjà passé. Choisissez un jour à venir."
    if facts.get("value") and not facts.get("accident"):
        yield "accident", "Vous donnez une valeur\u00a0: dites qui supporte la perte par accident."
    yield from insurance_blockers(facts, facts.get("due_on"))
    yield from _money_blockers(nature, facts)


def _money_blockers(nature, facts):
    if nature == "free_loan":
        return
    yield from vat_blockers(facts)
    share = facts.get("share")
    if nature == "cost_share" and share is not None and not 1 <= share <= 100:
        yield "share", "La part va de 1 à 100\u00a0%. Pour une part de 0, faites un prêt gratuit."
    if nature == "rental" and facts.get("price") == 0:
        yield "price", "Une location a un prix. Sans prix, faites un prêt gratuit."


def articles(nature, facts, parties):
    lender, borrower = parties.lender, parties.borrower
    return [
        _things(facts, lender, borrower),
        _use(facts, lender, borrower),
        _when(facts, lender, borrower),
        _money(nature, facts, lender, borrower),
        _care(facts, lender, borrower),
        _value(facts, lender, borrower),
        article(
            "L’assurance",
            f"{borrower} a une assurance de responsabilité civile, et prévient son assureur de ce prêt.",
            insurance_rows(facts),
            f"Elle vérifie que son contrat couvre le lieu d’utilisation{NBSP}: {facts['place']}.",
        ),
        article(
            "Annuler ou reprendre plus tôt",
            "Chacune peut annuler avant le départ, en prévenant l’autre dès que possible. Personne ne doit rien.",
            f"Une fois le matériel parti, {lender} le laisse jusqu’au retour prévu. Un besoin urgent et imprévu se "
            f"discute\u00a0: {borrower} peut dire non, et seul un juge peut l’y obliger "
            "(Code civil, articles 1888 et 1889).",
        ),
        disagreement(),
        this_document(),
    ]


def _things(facts, lender, borrower):
    known = "Aucun défaut connu au jour de l’accord." if facts["defects"] == "none" else facts["defects_said"]
    return article(
        "Ce qui est prêté",
        f"{lender} met à la disposition {of_fr(borrower)}{NBSP}:",
        items(lines_of(facts["things"])),
        rows(
            ("État", dict(STATES)[facts["state"]]),
            ("Défauts connus", known),
            ("Dernière vérification", day_of(facts.get("checked_on"))),
            ("Ce qu’il faut savoir faire", facts.get("skill")),
        ),
        f"{lender} en reste propriétaire. {borrower} rend les mêmes choses, et ne les prête ni ne les loue à d’autres.",
        f"{borrower} a lu les défauts connus, et les dit à celles et ceux qui se servent du matériel.",
    )


def _use(facts, lender, borrower):
    return article(
        "L’usage et le lieu",
        rows(("Usage", facts["use"]), ("Lieu", facts["place"])),
        f"Un autre usage demande d’abord l’accord écrit {of_fr(lender)}. Sans lui, {borrower} répond de la perte, "
        "même par accident (Code civil, article 1881).",
    )


def _when(facts, lender, borrower):
    return article(
        "Du départ au retour",
        rows(
            ("Départ", moment_fr(facts["starts_on"], facts["starts_at"])),
            ("Lieu du départ", facts["start_place"]),
            ("Retour", moment_fr(facts["due_on"], facts["due_at"])),
            ("Lieu du retour", facts["return_place"]),
            ("Transport", lender if facts["transport"] == "lender" else borrower),
        ),
        f"Pour garder le matériel plus longtemps, {borrower} demande avant l’heure du retour, et {lender} accepte par "
        f"écrit. Sans cela, {borrower} répond de la perte, même par accident (Code civil, article 1881).",
    )


def _money(nature, facts, lender, borrower):
    deposit = facts.get("deposit")
    kept = f"Une caution de {euros_fr(deposit)} est remise au départ et rendue au retour." if deposit else ""
    cleaning = rows(("Nettoyage", facts.get("cleaning")))
    if nature == "free_loan":
        return article(
            "Ce que cela coûte", "Le prêt est gratuit. L’usage ne donne lieu à aucun paiement.", kept, cleaning
        )
    if nature == "rental":
        total, owed, vat = due(facts["price"], facts, borrower)
        return article("Le prix", total, owed, vat, kept, cleaning)
    paid, left = shares_of(facts["costs"], facts["share"])
    total, owed, vat = due(paid, facts, borrower)
    return article(
        "Les frais partagés",
        "Les frais réels sont partagés, sans bénéfice pour personne.",
        table([*facts["costs"], ("Total des frais", paid + left)]),
        table(
            [
                (f"Part {of_fr(borrower)} ({facts['share']}{NBSP}%)", paid),
                (f"Part {of_fr(lender)} ({100 - facts['share']}{NBSP}%)", left),
            ]
        ),
        "Les deux parts font exactement le total. Un centime qui ne se partage pas va à la part la plus proche du "
        "centime suivant.",
        total,
        owed,
        vat,
        kept,
        cleaning,
    )


def _care(facts, lender, borrower):
    return article(
        "Soin, usure et réparations",
        f"{borrower} prend soin du matériel comme du sien, et mieux s’il le faut. Les deux associations notent son "
        "état au départ et au retour, avec des photos si possible.",
        "L’usure normale ne se paie pas (Code civil, article 1884). Une casse par faute ou par oubli se répare ou se "
        "remplace à l’identique.",
        f"L’entretien courant est pour {borrower}. Une dépense extraordinaire, nécessaire et si urgente qu’on n’a pas "
        f"pu prévenir {lender} lui est remboursée sur facture (Code civil, articles 1886 et 1890).",
    )


def _value(facts, lender, borrower):
    carries = {
        "borrower": f"la perte par accident est pour {borrower}",
        "lender": f"la perte par accident est pour {lender}",
        "insurance": f"l’assurance paie la perte par accident, et {borrower} paie la franchise",
    }.get(facts.get("accident"), f"la perte par accident est pour {lender}, qui reste propriétaire")
    value = facts.get("value")
    given = f"Le matériel est estimé à {euros_fr(value)}. " if value else "Le matériel n’est pas estimé. "
    return article(
        "Perte et accident",
        f"{given}Les associations conviennent que {carries}.",
        f"{borrower} répond cependant d’un accident qu’elle pouvait éviter avec son propre matériel "
        "(Code civil, article 1882).",
    )


def period(facts):
    return facts["starts_on"], facts["due_on"]


def _kind(nature, title, when, money):
    return Kind(
        nature=nature,
        title=title,
        when=when,
        groups=(THINGS, USE, WHEN, Group(money, COSTS_OF[nature]), VALUE),
        blockers=partial(blockers, nature),
        articles=partial(articles, nature),
        period=period,
    )


KINDS = (
    _kind(
        "free_loan",
        "Accord de prêt gratuit de matériel",
        "On prête, on rend, personne ne paie l’usage.",
        "Caution et nettoyage",
    ),
    _kind(
        "cost_share",
        "Accord de mise à disposition de matériel",
        "On partage les frais réels, sans bénéfice.",
        "Les frais partagés",
    ),
    _kind("rental", "Accord de location de matériel", "On paie un prix pour s’en servir.", "Le prix"),
)
