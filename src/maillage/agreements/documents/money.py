"""Amounts of agreements: shares that add up to the cent, and both totals while the VAT is to be checked."""

from fractions import Fraction

from maillage.agreements.documents.parts import Question
from maillage.engine.french import NBSP, euros_fr
from maillage.engine.split.cents import split_cents

VAT_PERCENT = 20
VAT = (
    ("check", "À vérifier avec un conseil fiscal"),
    ("group", "Groupement qui répartit ses frais entre ses membres (article 261 B du CGI)"),
    ("exempt", "Association exonérée pour cette activité"),
    ("franchise", "Franchise (article 293 B ou 206-1 bis du CGI)"),
    ("taxable", "Soumis à la TVA, à 20\u00a0%"),
)
VAT_QUESTIONS = (
    Question(
        "vat",
        "Et la TVA\u202f?",
        "choice",
        help="Maillage ne le décide pas. En cas de doute, gardez «\u00a0À vérifier\u00a0»\u00a0: "
        "l’accord montre les deux totaux.",
        choices=VAT,
        needed="Choisissez ce qu’il en est de la TVA. En cas de doute, choisissez «\u00a0À vérifier\u00a0».",
    ),
    Question(
        "vat_why",
        "Pourquoi cette exonération\u202f?",
        help="Le texte qui la donne, ou qui vous l’a dit.",
        optional_word="obligatoire si exonérée",
    ),
)


def vat_blockers(facts):
    if facts.get("vat") == "exempt" and not facts.get("vat_why"):
        yield "vat_why", "Dites d’où vient l’exonération\u00a0: par exemple, le texte de loi ou l’avis reçu."


def with_vat(cents):
    """``cents`` and 20 %, rounded to the nearest cent: a fifth is never half way between two."""
    return cents + round(Fraction(cents * VAT_PERCENT, 100))


def shares_of(lines, percent):
    """(what the borrower pays, what the lender keeps), in cents: their sum is exactly that of ``lines``."""
    paid, kept = split_cents(sum(cents for _, cents in lines), [percent, 100 - percent])
    return paid, kept


def table(lines):
    """Amounts line by line."""
    return {"kind": "amounts", "rows": [[label, euros_fr(cents)] for label, cents in lines]}


def due(cents, facts, payer):
    """What ``payer`` owes: both totals, and what the VAT is held to be."""
    is_taxed = facts["vat"] == "taxable"
    both = table([("Total sans TVA", cents), (f"Total avec TVA à {VAT_PERCENT}{NBSP}%", with_vat(cents))])
    said = f"TVA{NBSP}: {dict(VAT)[facts['vat']].lower()}."
    if facts.get("vat_why"):
        said += f" Pourquoi{NBSP}: {facts['vat_why']}"
    owed = f"{payer} paie {euros_fr(with_vat(cents) if is_taxed else cents)}"
    if facts["vat"] == "check":
        owed += " pour le moment. Si la TVA s’applique, le second total est dû"
    return both, f"{owed}.", said
