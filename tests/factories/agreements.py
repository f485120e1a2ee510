"""An agreement as people write it: a structure lends two marquees to another, each with someone who may sign."""

from datetime import timedelta

from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from maillage.accounts import links
from maillage.agreements import services
from maillage.agreements.documents import KINDS
from maillage.agreements.models import Agreement
from maillage.agreements.signing import ask_code, sign
from maillage.web.agreements.forms import AnswersForm
from tests.factories.directory import MandateFactory

SITE = "http://testserver/"


def day(days):
    return f"{timezone.localdate() + timedelta(days=days):%d/%m/%Y}"


def loan(**changes):
    """What one types for a free loan; a change of None leaves the answer out."""
    answers = {
        "things": "2 barnums blancs 3 × 3 m, B12 et B13\n1 remorque",
        "consumed": "no",
        "state": "good",
        "defects": "some",
        "defects_said": "Une toile est recousue.",
        "use": "La fête de l’école",
        "place": "Cour de l’école, Revel",
        "starts_on": day(10),
        "starts_at": "9 h",
        "start_place": "Foyer rural",
        "due_on": day(12),
        "due_at": "18 h 30",
        "return_place": "Foyer rural",
        "transport": "borrower",
        "value": "1 200 €",
        "accident": "insurance",
        "insurer": "MAIF",
        "policy": "1234567 A",
        "insured_until": day(300),
        "deposit": "150 €",
    } | changes
    return {name: answer for name, answer in answers.items() if answer is not None}


def cost_share(**changes):
    return loan(costs="Assurance : 40,50 €\nGraissage : 19,51 €", share="50", vat="check", deposit=None) | changes


def rental(**changes):
    return loan(price="99,99 €", vat="taxable") | changes


def premises(**changes):
    answers = {
        "premises": "Grande salle, 2 rue de la Gare, Revel",
        "rooms": "La salle\n12 tables",
        "inventory": "Fait ensemble à la remise des clés",
        "activity": "Répétitions de l’orchestre",
        "is_public": "no",
        "attendance": "40",
        "capacity": "60",
        "capacity_from": "visit",
        "capacity_on": "1/3/2024",
        "starts_on": day(5),
        "ends_on": day(200),
        "slots": "Tous les mardis de 18 h à 20 h",
        "notice": "30",
        "paid": "free",
        "value": "800 €",
        "cleaning": "Qui occupe balaie et range",
        "insurer": "MAIF",
        "policy": "1234567 A",
        "insured_until": day(300),
        "recourse": "liability",
    } | changes
    return {name: answer for name, answer in answers.items() if answer is not None}


def rented(**changes):
    return premises(authorisation="Lettre de M. Roux, 3 mars 2026", paid="priced", price="120 €", vat="check") | changes


def communal(**changes):
    return premises(decision="Délibération 2026-14 du 2 mars 2026", economic="no") | changes


def service(**changes):
    answers = {
        "service": "Tenir la comptabilité\nPréparer le bilan",
        "place": "Revel",
        "direction": "provider",
        "contact": "Les deux trésorières",
        "starts_on": day(5),
        "ends_on": day(200),
        "notice": "30",
        "price": "1 200,50 €",
        "vat": "check",
        "insurer": "MAIF",
        "policy": "1234567 A",
        "insured_until": day(300),
    } | changes
    return {name: answer for name, answer in answers.items() if answer is not None}


def staff_loan(**changes):
    answers = {
        "employee": "Odile Delmas",
        "qualification": "secrétaire",
        "work": "Accueil\nAdhésions",
        "hours": "Le mardi de 9 h à 12 h",
        "place": "Revel",
        "consented_on": day(-3),
        "amended_on": day(-2),
        "essential": "no",
        "council": "none",
        "starts_on": day(5),
        "ends_on": day(95),
        "wages": "900,10 €",
        "charges": "310,05 €",
        "expenses": "12,34 €",
        "extra": "no",
        "method": "Au prorata des heures faites",
        "vat": "check",
    } | changes
    return {name: answer for name, answer in answers.items() if answer is not None}


def volunteers(**changes):
    answers = {
        "mission": "tenir la buvette de la fête",
        "tasks": "Servir\nRanger",
        "place": "Revel",
        "people": "8",
        "youngest": "16",
        "starts_on": day(5),
        "starts_at": "14 h",
        "ends_on": day(5),
        "ends_at": "20 h",
        "contact": "Noé",
        "expenses": "proof",
        "insurer": "MAIF",
        "policy": "1234567 A",
        "insured_until": day(300),
    } | changes
    return {name: answer for name, answer in answers.items() if answer is not None}


TYPED = {
    "free_loan": loan,
    "cost_share": cost_share,
    "rental": rental,
    "premises_owned": premises,
    "premises_rented": rented,
    "premises_communal": communal,
    "service": service,
    "staff_loan": staff_loan,
    "volunteers": volunteers,
}


def form_of(nature, answers):
    data = MultiValueDict({name: [answer] for name, answer in answers.items()})
    return AnswersForm(data, kind=KINDS[nature])


def facts_of(nature, **changes):
    form = form_of(nature, TYPED[nature](**changes))
    assert form.is_valid(), form.errors
    return form.cleaned_data


def make_agreement(
    lender=None, borrower=None, *, nature="free_loan", state=Agreement.State.PROPOSED, site=SITE, **changes
):
    """Written for the lender; both have someone who may sign."""
    lender, borrower = lender or signer().structure, borrower or signer().structure
    author = lender.mandates.current().first().user
    form = form_of(nature, TYPED[nature](**changes))
    assert form.is_valid(), form.errors
    agreement = services.begin(
        nature=nature,
        lender=lender,
        borrower=borrower,
        written_for="lender",
        author=author,
        typed=form.typed,
    )
    if state != Agreement.State.DRAFT:
        services.propose(agreement_id=agreement.pk, author=author, facts=form.cleaned_data, typed=form.typed, site=site)
    if state in (Agreement.State.SIGNED_BY_ONE, Agreement.State.IN_FORCE):
        sign_for(agreement, "lender")
    if state == Agreement.State.IN_FORCE:
        sign_for(agreement, "borrower")
    agreement.refresh_from_db()
    return agreement


def signer(**structure):
    return MandateFactory(may_commit=True, **{f"structure__{name}": value for name, value in structure.items()})


def sign_for(agreement, side):
    agreement.refresh_from_db()
    person = agreement.structure_of(side).mandates.get(may_commit=True).user
    token = ask_code(version=agreement.latest, person=person, side=side, capacity="présidente", site=SITE)
    return sign(token=token, code=links.code_for(person, token), person=person, site=SITE)
