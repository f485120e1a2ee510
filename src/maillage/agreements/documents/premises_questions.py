"""What the documents of premises ask."""

from maillage.agreements.documents.common import INSURANCE
from maillage.agreements.documents.money import VAT_QUESTIONS
from maillage.agreements.documents.parts import Group, Question

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
