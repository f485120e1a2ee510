"""The short decision tree that finds the document: questions and answers as plain data, to a nature or to advice."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """``leads_to`` is the code of the next question, a nature, or None when ``advice`` says what to do instead."""

    code: str
    label: str
    leads_to: str | None = None
    advice: str = ""


@dataclass(frozen=True)
class Step:
    code: str
    question: str
    help: str
    answers: tuple[Answer, ...]

    def answer(self, code):
        return next((one for one in self.answers if one.code == code), None)


FIRST = "quoi"
STEPS = {
    step.code: step
    for step in (
        Step(
            "quoi",
            "Que voulez\u2011vous partager\u202f?",
            "Nous en déduisons le bon document.",
            (
                Answer("materiel", "Du matériel ou un véhicule", "materiel"),
                Answer("local", "Un local, une salle", "local"),
                Answer("personnes", "Le temps ou le savoir-faire de personnes", "personnes"),
            ),
        ),
        Step(
            "personnes",
            "Qui fait le travail ?",
            "Ce sont trois objets différents en droit, jamais un seul formulaire.",
            (
                Answer("service", "L’association qui aide dirige le travail elle-même", "service"),
                Answer("salarie", "Une personne salariée, dirigée par l’association qui l’accueille", "staff_loan"),
                Answer("benevoles", "Des bénévoles", "volunteers"),
                Answer(
                    "groupement",
                    "Un poste partagé, dans la durée, entre plusieurs associations",
                    advice="C’est le rôle d’un groupement d’employeurs : une structure embauche pour ses membres, qui "
                    "répondent ensemble de ses dettes. Parlez-en à l’équipe du territoire ou à votre réseau.",
                ),
            ),
        ),
        Step(
            "local",
            "À qui est ce local ?",
            "Celle qui le prête doit en avoir le droit.",
            (
                Answer("proprietaire", "À l’association qui le prête", "premises_owned"),
                Answer("locataire", "À un bailleur, ou à quelqu’un qui le laisse gratuitement", "premises_rented"),
                Answer("commune", "À une commune ou une autre collectivité", "premises_communal"),
            ),
        ),
        Step(
            "materiel",
            "Contre de l’argent\u202f?",
            "Un prêt est gratuit par définition. Avec un prix, c’est une location, et la TVA peut s’appliquer.",
            (
                Answer("gratuit", "Non, c’est gratuit", "free_loan"),
                Answer("frais", "Oui, une part des frais réels", "cost_share"),
                Answer("prix", "Oui, un prix", "rental"),
                Answer(
                    "consomme",
                    "Ce sont des choses qui se consomment",
                    advice="Ce qui disparaît à l’usage (nourriture, peinture, piles) ne se prête pas. "
                    "Convenez d’un don ou d’une vente, avec un reçu ou une facture.",
                ),
            ),
        ),
    )
}


def walk(given):
    """Follow ``given`` ({code of a question: code of the answer}) as far as it goes.

    Returns (pairs (Step, Answer) gone through, the Step to ask next or None, the nature found or None, advice or "").
    """
    path, step = [], STEPS[FIRST]
    while step:
        answer = step.answer(given.get(step.code, ""))
        if answer is None:
            return path, step, None, ""
        path.append((step, answer))
        if answer.leads_to not in STEPS:
            return path, None, answer.leads_to, answer.advice
        step = STEPS[answer.leads_to]
    return path, None, None, ""
