"""A mission of volunteers between two associations: one organises and answers for it; nobody is « made available »."""

from maillage.agreements.documents.common import (
    INSURANCE,
    disagreement,
    insurance_blockers,
    insurance_rows,
    this_document,
)
from maillage.agreements.documents.parts import Group, Kind, Question, article, items, lines_of, moment, moment_fr, rows
from maillage.engine.french import count_fr

EXPENSES = (("none", "Aucun frais"), ("proof", "Les frais réels, sur justificatif"))

GROUPS = (
    Group(
        "La mission",
        (
            Question("mission", "La mission, en une phrase", needed="Écrivez la mission, en une phrase."),
            Question(
                "tasks",
                "Ce que font les bénévoles",
                "text",
                help="Une tâche par ligne.",
                needed="Écrivez les tâches, une par ligne.",
                longest=1000,
            ),
            Question("place", "Où", needed="Écrivez où se passe la mission."),
            Question("people", "Combien de bénévoles au plus", "whole", needed="Écrivez combien de bénévoles au plus."),
            Question(
                "youngest",
                "Âge minimal",
                "whole",
                help="Au-dessous de 16 ans, l’accord écrit des parents est nécessaire.",
                needed="Écrivez l’âge minimal des bénévoles.",
            ),
            Question("parents", "Comment est recueilli l’accord des parents", optional_word="obligatoire avant 16 ans"),
            Question("skill", "Ce qu’il faut savoir faire"),
        ),
    ),
    Group(
        "Quand",
        (
            Question("starts_on", "Premier jour", "day", needed="Écrivez le premier jour."),
            Question("starts_at", "Heure du début", "hour", needed="Écrivez l’heure du début, par exemple 9 h."),
            Question("ends_on", "Dernier jour", "day", needed="Écrivez le dernier jour."),
            Question("ends_at", "Heure de fin", "hour", needed="Écrivez l’heure de fin, par exemple 18 h."),
        ),
    ),
    Group(
        "Qui répond de la mission",
        (
            Question(
                "contact",
                "La personne à qui parler sur place",
                help="De l’association qui organise\u00a0: elle accueille, explique, et protège.",
                needed="Écrivez qui accueille les bénévoles.",
            ),
            Question(
                "expenses",
                "Les frais des bénévoles",
                "choice",
                choices=EXPENSES,
                needed="Choisissez ce qui est remboursé.",
            ),
            Question(
                "insurer",
                "L’assureur de l’association qui organise",
                help="Sans assurance, la mission ne se propose pas.",
                needed="Écrivez le nom de l’assureur de l’association qui organise.",
            ),
            *INSURANCE[1:],
        ),
    ),
)


def blockers(facts, now):
    start = moment(facts.get("starts_on"), facts.get("starts_at"))
    end = moment(facts.get("ends_on"), facts.get("ends_at"))
    if start and end and end <= start:
        yield "ends_on", "La fin est avant le début. Changez l’une des deux."
    elif end and end <= now:
        yield "ends_on", "Cette mission est déjà passée. Choisissez un jour à venir."
    if facts.get("people") == 0:
        yield "people", "Il faut au moins un bénévole."
    if facts.get("youngest") is not None and facts["youngest"] < 16 and not facts.get("parents"):
        yield "parents", "Avant 16 ans, dites comment est recueilli l’accord écrit des parents."
    yield from insurance_blockers(facts, facts.get("ends_on"))


def articles(facts, parties):
    inviting, organising = parties.lender, parties.borrower
    return [
        article(
            "La mission",
            f"{inviting} fait connaître à ses bénévoles cette mission, organisée par {organising}\u00a0: "
            f"{facts['mission']}",
            items(lines_of(facts["tasks"])),
            rows(
                ("Début", moment_fr(facts["starts_on"], facts["starts_at"])),
                ("Fin", moment_fr(facts["ends_on"], facts["ends_at"])),
                ("Lieu", facts["place"]),
                ("Bénévoles", f"{count_fr(facts['people'], 'personne')} au plus"),
                ("Âge minimal", f"{facts['youngest']}\u00a0ans"),
                ("Accord des parents", facts.get("parents")),
                ("Ce qu’il faut savoir faire", facts.get("skill")),
            ),
        ),
        article(
            "Chacun est libre",
            "Aucune association ne met un bénévole à disposition. Chaque bénévole lit la mission, puis l’accepte "
            "personnellement. Il peut dire non, ou arrêter, sans se justifier.",
            "La mission se fait hors du temps de travail. Elle n’est pas payée et ne remplace pas un emploi.",
        ),
        article(
            "Qui organise et répond",
            f"{organising} organise la mission, et elle seule. Pendant ce temps, les bénévoles agissent pour "
            f"elle\u00a0: elle "
            "répond de ce qu’ils font et de ce qui leur arrive.",
            rows(("Sur place", facts["contact"]), ("Frais", dict(EXPENSES)[facts["expenses"]])),
            "Elle accueille, explique les tâches et les consignes de sécurité, et vérifie l’âge.",
        ),
        article(
            "L’assurance",
            f"L’assurance de responsabilité civile de l’association qui organise couvre les bénévoles. {organising} le "
            "vérifie auprès de son assureur avant le premier jour.",
            insurance_rows(facts),
        ),
        article(
            "Les heures et les données",
            f"{organising} note les heures faites, et les remet aux bénévoles qui le demandent. Leurs coordonnées ne "
            f"servent "
            "qu’à cette mission, et sont effacées ensuite.",
        ),
        disagreement(),
        this_document(),
    ]


def period(facts):
    return facts["starts_on"], facts["ends_on"]


KINDS = (
    Kind(
        nature="volunteers",
        title="Accord pour une mission de bénévoles",
        when="Des bénévoles d’une association aident une autre, chacun par choix personnel.",
        groups=GROUPS,
        blockers=blockers,
        articles=articles,
        period=period,
        roles=("qui fait connaître la mission", "qui l’organise"),
    ),
)
