"""The documents: what they ask, what they refuse with its sentence, amounts to the cent."""

import pytest

from maillage.agreements.documents import KINDS
from maillage.agreements.documents.money import shares_of, with_vat
from maillage.agreements.documents.parts import Parties
from maillage.agreements.documents.tree import STEPS, walk
from maillage.agreements.models import Nature
from tests.factories.agreements import TYPED, day, facts_of, form_of

REFUSED = [
    ("free_loan", {"things": ""}, "things", "Écrivez ce qui est prêté"),
    ("free_loan", {"consumed": "yes"}, "consumed", "ne se prête pas"),
    ("free_loan", {"defects": None}, "defects", "Dites si vous connaissez un défaut"),
    ("free_loan", {"defects_said": ""}, "defects_said", "Décrivez les défauts connus"),
    ("free_loan", {"use": ""}, "use", "Écrivez à quoi le matériel servira"),
    ("free_loan", {"place": ""}, "place", "Écrivez où le matériel servira"),
    ("free_loan", {"due_on": ""}, "due_on", "le jour exact du retour"),
    ("free_loan", {"due_at": ""}, "due_at", "l’heure exacte du retour"),
    ("free_loan", {"due_on": day(9)}, "due_on", "Le retour est avant le départ"),
    ("free_loan", {"due_on": day(10), "due_at": "9 h"}, "due_on", "Le retour est avant le départ"),
    ("free_loan", {"starts_on": day(-9), "due_on": day(-8)}, "due_on", "Ce retour est déjà passé"),
    ("free_loan", {"accident": None}, "accident", "dites qui supporte la perte par accident"),
    ("free_loan", {"insurer": ""}, "insurer", "Écrivez le nom de l’assureur"),
    ("free_loan", {"policy": ""}, "policy", "Écrivez le numéro du contrat"),
    ("free_loan", {"insured_until": day(11)}, "insured_until", "L’attestation d’assurance finit avant l’accord"),
    ("cost_share", {"costs": ""}, "costs", "Écrivez les frais réels"),
    ("cost_share", {"costs": "forfait"}, "costs", "écrivez le nom, deux points, puis le montant"),
    ("cost_share", {"share": "0"}, "share", "La part va de 1 à 100"),
    ("cost_share", {"vat": None}, "vat", "Choisissez ce qu’il en est de la TVA"),
    ("cost_share", {"vat": "exempt"}, "vat_why", "Dites d’où vient l’exonération"),
    ("premises_owned", {"attendance": "61"}, "attendance", "accueille 60\u00a0personnes au plus"),
    ("premises_owned", {"capacity": None}, "capacity", "entre membres"),
    ("premises_owned", {"capacity": None, "attendance": "19", "is_public": "yes"}, "capacity", "entre membres"),
    ("premises_owned", {"capacity_from": None}, "capacity_from", "Dites d’où vient l’effectif"),
    ("premises_owned", {"capacity_on": None}, "capacity_on", "Écrivez la date du document"),
    ("premises_owned", {"ends_on": day(4)}, "ends_on", "Le dernier jour est avant le premier"),
    ("premises_owned", {"starts_on": day(-9), "ends_on": day(-2)}, "ends_on", "déjà passé"),
    ("premises_owned", {"inventory": ""}, "inventory", "l’état des lieux"),
    ("premises_owned", {"insured_until": day(100)}, "insured_until", "finit avant l’accord"),
    ("premises_owned", {"insured_days": "10"}, "used_days", "combien de jours dure l’occupation"),
    ("premises_owned", {"insured_days": "10", "used_days": "11"}, "used_days", "plus de jours que l’assurance"),
    ("premises_owned", {"recourse": None}, "recourse", "ce que prévoit l’assurance"),
    ("premises_rented", {"authorisation": ""}, "authorisation", "Sans l’autorisation écrite du bailleur"),
    ("premises_rented", {"authorised_until": day(100)}, "authorised_until", "finit avant l’accord"),
    ("premises_rented", {"price": None}, "price", "Écrivez le montant"),
    ("premises_rented", {"vat": None}, "vat", "Choisissez ce qu’il en est de la TVA"),
    ("premises_communal", {"decision": ""}, "decision", "Sans décision de la commune"),
    ("premises_communal", {"economic": None}, "economic", "Dites s’il y aura une activité économique"),
    ("premises_communal", {"economic": "yes"}, "economic", "mise en concurrence"),
    ("service", {"direction": "client"}, "direction", "c’est un prêt de personnel"),
    ("service", {"ends_on": day(4)}, "ends_on", "La fin est avant le début"),
    ("service", {"insured_until": day(100)}, "insured_until", "finit avant l’accord"),
    ("service", {"price": ""}, "price", "Écrivez le prix"),
    ("staff_loan", {"consented_on": ""}, "consented_on", "Sans l’accord écrit de la personne salariée"),
    ("staff_loan", {"consented_on": day(2)}, "consented_on", "attendez que ce document soit signé"),
    ("staff_loan", {"amended_on": ""}, "amended_on", "Sans avenant signé"),
    ("staff_loan", {"essential": "yes"}, "trial", "une période d’essai est obligatoire"),
    ("staff_loan", {"council": "waiting"}, "council", "d’abord informé et consulté"),
    ("staff_loan", {"extra": "yes"}, "extra", "Ni marge, ni frais de gestion, ni forfait"),
    ("staff_loan", {"wages": ""}, "wages", "Écrivez le montant des salaires"),
    ("staff_loan", {"ends_on": ""}, "ends_on", "un prêt a une durée"),
    ("volunteers", {"insurer": ""}, "insurer", "Écrivez le nom de l’assureur"),
    ("volunteers", {"policy": ""}, "policy", "Écrivez le numéro du contrat"),
    ("volunteers", {"insured_until": day(4)}, "insured_until", "finit avant l’accord"),
    ("volunteers", {"youngest": "15"}, "parents", "l’accord écrit des parents"),
    ("volunteers", {"people": "0"}, "people", "au moins un bénévole"),
    ("volunteers", {"contact": ""}, "contact", "Écrivez qui accueille"),
    ("volunteers", {"ends_at": "13 h"}, "ends_on", "La fin est avant le début"),
    ("rental", {"price": "gratuit"}, "price", "Sans prix, faites un prêt gratuit"),
]


@pytest.mark.parametrize(("nature", "changes", "name", "sentence"), REFUSED)
def test_a_blocker_refuses_with_its_sentence(nature, changes, name, sentence):
    form = form_of(nature, TYPED[nature](**changes))
    assert list(form.errors) == [name]
    assert sentence in form.errors[name][0]


@pytest.mark.parametrize("nature", list(TYPED))
def test_what_is_answered_whole_is_not_refused(nature):
    assert form_of(nature, TYPED[nature]()).errors == {}


def test_nineteen_members_may_meet_where_nobody_declared_how_many():
    changes = {"capacity": None, "capacity_from": None, "capacity_on": None, "attendance": "19"}
    assert facts_of("premises_owned", **changes)["capacity"] is None


def test_a_loan_that_is_not_valued_asks_for_no_choice():
    assert facts_of("free_loan", value=None, accident=None)["value"] is None


def said_by(nature, **changes):
    articles = KINDS[nature].articles(facts_of(nature, **changes), Parties("Le Foyer", "L’École"))
    return [block for one in articles for block in one.blocks]


@pytest.mark.parametrize(
    ("accident", "said"),
    [
        ("borrower", "la perte par accident est pour L’École."),
        ("lender", "la perte par accident est pour Le Foyer."),
        ("insurance", "l’assurance paie la perte par accident, et L’École paie la franchise."),
    ],
)
def test_the_text_says_who_bears_an_accident(accident, said):
    texts = [block["text"] for block in said_by("free_loan", accident=accident) if block["kind"] == "text"]
    assert f"Le matériel est estimé à 1\u202f200\u00a0€. Les associations conviennent que {said}" in texts


@pytest.mark.parametrize("total", range(1, 400, 7))
@pytest.mark.parametrize("percent", [1, 33, 50, 67, 100])
def test_shares_add_up_to_the_cent(total, percent):
    paid, kept = shares_of([("Assurance", total), ("Gaz", 3)], percent)
    assert paid + kept == total + 3
    assert abs(paid * 100 - (total + 3) * percent) < 100


@pytest.mark.parametrize(("cents", "total"), [(0, 0), (1, 1), (2, 2), (3, 4), (9999, 11999), (10000, 12000)])
def test_vat_is_rounded_to_the_nearest_cent(cents, total):
    assert with_vat(cents) == total


def test_an_amount_to_check_shows_both_totals():
    tables = [block["rows"] for block in said_by("cost_share") if block["kind"] == "amounts"]
    assert tables == [
        [["Assurance", "40,50\u00a0€"], ["Graissage", "19,51\u00a0€"], ["Total des frais", "60,01\u00a0€"]],
        [["Part de L’École (50\u00a0%)", "30,01\u00a0€"], ["Part du Foyer (50\u00a0%)", "30\u00a0€"]],
        [["Total sans TVA", "30,01\u00a0€"], ["Total avec TVA à 20\u00a0%", "36,01\u00a0€"]],
    ]


def test_what_is_reimbursed_for_a_person_is_the_exact_sum():
    rows = next(block["rows"] for block in said_by("staff_loan") if block["kind"] == "amounts")
    assert rows[-1] == ["Total", "1\u202f222,49\u00a0€"]


def test_every_way_through_the_tree_ends_on_a_document_or_advice():
    ends = set(_ends({}))
    assert {nature for nature in ends if nature} == set(KINDS)
    assert None in ends


def _ends(given):
    _, step, nature, advice = walk(given)
    if step is None:
        assert bool(nature) != bool(advice)
        yield nature
        return
    for answer in step.answers:
        yield from _ends(given | {step.code: answer.code})


def test_an_unknown_answer_asks_again():
    assert walk({"quoi": "licorne"})[1] == STEPS["quoi"]


def test_each_nature_has_its_document():
    assert set(KINDS) == set(Nature.values)
