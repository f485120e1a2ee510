"""Staff loan without profit (Code du travail, L8241-1 and L8241-2): three documents, exact costs and nothing more."""

from maillage.agreements.documents.common import disagreement, this_document
from maillage.agreements.documents.money import VAT_QUESTIONS, due, table, vat_blockers
from maillage.agreements.documents.parts import Group, Kind, Question, article, items, lines_of, rows
from maillage.engine.french import count_fr, date_fr, of_fr

YES_NO = (("no", "Non"), ("yes", "Oui"))
COUNCIL = (("none", "Il n’y en a pas"), ("done", "Il est informé et consulté"), ("waiting", "Pas encore"))

GROUPS = (
    Group(
        "La personne et son travail",
        (
            Question("employee", "Nom de la personne salariée", needed="Écrivez le nom de la personne salariée."),
            Question("qualification", "Sa qualification", needed="Écrivez sa qualification."),
            Question(
                "work",
                "Le travail confié",
                "text",
                help="Une tâche par ligne.",
                needed="Écrivez le travail confié.",
                longest=1500,
            ),
            Question("hours", "Ses horaires", needed="Écrivez les horaires chez l’association qui accueille."),
            Question("place", "Le lieu de travail", needed="Écrivez le lieu de travail."),
            Question("features", "Ce que le poste a de particulier", help="Risques, déplacements, équipement."),
        ),
    ),
    Group(
        "Les trois accords",
        (
            Question(
                "consented_on",
                "La personne a donné son accord écrit le",
                "day",
                help="Un refus ne se sanctionne pas.",
                needed="Sans l’accord écrit de la personne salariée, le prêt ne se propose pas. Écrivez sa date.",
            ),
            Question(
                "amended_on",
                "L’avenant à son contrat est signé le",
                "day",
                help="Le modèle d’avenant est en annexe de cet accord.",
                needed="Sans avenant signé au contrat de travail, le prêt ne se propose pas. Écrivez sa date.",
            ),
            Question(
                "essential",
                "Un élément essentiel du contrat change\u2011t\u2011il\u202f?",
                "choice",
                help="Salaire, durée, lieu éloigné, nature du travail.",
                choices=YES_NO,
                needed="Dites si un élément essentiel du contrat change.",
            ),
            Question(
                "trial",
                "Période d’essai, en jours",
                "whole",
                optional_word="obligatoire si un élément essentiel change",
            ),
            Question(
                "council",
                "Le comité social et économique, de chaque côté",
                "choice",
                choices=COUNCIL,
                needed="Dites où en est le comité social et économique.",
            ),
        ),
    ),
    Group(
        "Quand",
        (
            Question("starts_on", "Premier jour", "day", needed="Écrivez le premier jour."),
            Question("ends_on", "Dernier jour", "day", needed="Écrivez le dernier jour\u00a0: un prêt a une durée."),
        ),
    ),
    Group(
        "Ce qui est remboursé",
        (
            Question("wages", "Salaires", "amount", needed="Écrivez le montant des salaires remboursés."),
            Question("charges", "Charges sociales", "amount", needed="Écrivez le montant des charges sociales."),
            Question("expenses", "Frais professionnels remboursés à la personne", "amount"),
            Question(
                "extra",
                "Autre chose est\u2011il facturé\u202f?",
                "choice",
                help="Frais de gestion, marge, forfait.",
                choices=YES_NO,
                needed="Dites si autre chose est facturé.",
            ),
            Question(
                "method", "Comment ces montants sont calculés", needed="Écrivez comment ces montants sont calculés."
            ),
            *VAT_QUESTIONS,
        ),
    ),
)


def blockers(facts, now):
    first, last = facts.get("starts_on"), facts.get("ends_on")
    if first and last and last < first:
        yield "ends_on", "Le dernier jour est avant le premier. Changez l’un des deux."
    elif last and last < now.date():
        yield "ends_on", "Ce dernier jour est déjà passé. Choisissez un jour à venir."
    for name in ("consented_on", "amended_on"):
        signed_on = facts.get(name)
        if signed_on and signed_on > now.date():
            yield name, "Ce jour est à venir\u00a0: attendez que ce document soit signé."
    if facts.get("essential") == "yes" and not facts.get("trial"):
        yield "trial", "Un élément essentiel change\u00a0: une période d’essai est obligatoire."
    if facts.get("council") == "waiting":
        yield "council", "Le comité social et économique est d’abord informé et consulté, des deux côtés."
    if facts.get("extra") == "yes":
        yield (
            "extra",
            "Seuls les salaires, les charges et les frais de la personne se remboursent. Ni marge, ni frais de "
            "gestion, ni forfait.",
        )
    yield from vat_blockers(facts)


def articles(facts, parties):
    lender, borrower = parties.lender, parties.borrower
    return [
        article(
            "Le prêt",
            f"{lender} prête à {borrower} le travail d’une personne salariée, sans but lucratif "
            "(Code du travail, articles L8241-1 et L8241-2).",
            rows(
                ("Personne", facts["employee"]),
                ("Qualification", facts["qualification"]),
                ("Du", date_fr(facts["starts_on"])),
                ("Au", date_fr(facts["ends_on"])),
            ),
        ),
        _work(facts, borrower),
        article(
            "L’accord de la personne et l’avenant",
            rows(
                ("Accord écrit de la personne", date_fr(facts["consented_on"])),
                ("Avenant au contrat de travail", date_fr(facts["amended_on"])),
                ("Période d’essai", count_fr(facts["trial"], "jour") if facts.get("trial") else ""),
                ("Comité social et économique", dict(COUNCIL)[facts["council"]]),
            ),
            "Un refus de la personne ne se sanctionne pas, ni l’arrêt pendant la période d’essai.",
            "Le prêt ne commence pas tant que ces documents ne sont pas signés.",
        ),
        article(
            "Le contrat continue",
            f"Pendant le prêt, {lender} reste l’employeur. Le contrat n’est ni rompu ni suspendu. Après le prêt, "
            "la personne retrouve son poste, ou un poste équivalent, sans perte de carrière.",
        ),
        _costs(facts, lender, borrower),
        disagreement(),
        this_document(),
    ]


def _work(facts, borrower):
    return article(
        "Le travail",
        items(lines_of(facts["work"])),
        rows(("Horaires", facts["hours"]), ("Lieu", facts["place"]), ("Particularités", facts.get("features"))),
        f"{borrower} répond des conditions de travail\u00a0: durée, repos, santé et sécurité.",
    )


def _costs(facts, lender, borrower):
    lines = [("Salaires", facts["wages"]), ("Charges sociales", facts["charges"])]
    if facts.get("expenses"):
        lines.append(("Frais professionnels", facts["expenses"]))
    whole = sum(cents for _, cents in lines)
    total, owed, vat = due(whole, facts, borrower)
    return article(
        "Ce qui est remboursé",
        f"{borrower} rembourse à {lender} le coût exact, ligne par ligne. Aucune marge, aucun frais de gestion.",
        table([*lines, ("Total", whole)]),
        rows(("Calcul", facts["method"])),
        total,
        owed,
        vat,
    )


def annexes(facts, parties):
    """The two documents of the person: their consent and the amendment, which are signed by hand."""
    lender, borrower = parties.lender, parties.borrower
    named = rows(("Personne salariée", facts["employee"]), ("Qualification", facts["qualification"]))
    days = rows(("Du", date_fr(facts["starts_on"])), ("Au", date_fr(facts["ends_on"])))
    signed = "Fait en deux exemplaires. Date et signatures\u00a0:"
    return [
        (
            "Annexe 1\u00a0: accord de la personne salariée",
            [
                article(
                    "Mon accord",
                    named,
                    f"J’accepte d’être prêtée ou prêté par {lender} à {borrower}, aux conditions de l’avenant.",
                    days,
                    "Je sais que je peux refuser sans sanction, et que je retrouve mon poste à la fin.",
                    signed,
                )
            ],
        ),
        (
            "Annexe 2\u00a0: avenant au contrat de travail",
            [
                article(
                    "Objet",
                    f"Pendant le prêt, le contrat {of_fr(lender)} continue. Cet avenant le complète.",
                    named,
                    days,
                ),
                _work(facts, borrower),
                article(
                    "Rémunération et retour",
                    f"{lender} continue de verser le salaire. À la fin du prêt, la personne retrouve son poste ou un "
                    f"poste "
                    "équivalent.",
                    signed,
                ),
            ],
        ),
    ]


def period(facts):
    return facts["starts_on"], facts["ends_on"]


KINDS = (
    Kind(
        nature="staff_loan",
        title="Convention de prêt de personnel",
        when="Une personne salariée travaille un temps pour une autre association. Trois documents sont obligatoires.",
        groups=GROUPS,
        blockers=blockers,
        articles=articles,
        annexes=annexes,
        period=period,
    ),
)
