"""From what was answered to what is read: the content of a version, its canonical bytes and their digest."""

import hashlib
import json

from maillage.agreements.documents import KINDS
from maillage.agreements.documents.parts import Parties
from maillage.agreements.models import Side
from maillage.engine.french import typo

REGISTER = "Registre national des associations"


def compose(agreement, facts):
    """What both the page and the PDF show: {title, sides, articles, annexes}, in typeset French."""
    kind = KINDS[agreement.nature]
    parties = Parties(lender=agreement.lender.name, borrower=agreement.borrower.name)
    content = {
        "title": kind.title,
        "sides": [
            _side(structure, role, side)
            for structure, role, side in zip(
                (agreement.lender, agreement.borrower), kind.roles, (Side.LENDER, Side.BORROWER), strict=True
            )
        ],
        "articles": _articles(kind.articles(facts, parties)),
        "annexes": [
            {"title": title, "articles": _articles(articles)} for title, articles in kind.annexes(facts, parties)
        ],
    }
    return _typeset(content)


def _articles(articles):
    return [{"title": one.title, "blocks": list(one.blocks)} for one in articles if one.blocks]


def _side(structure, role, side):
    lines = [
        structure.get_kind_display().capitalize(),
        structure.commune and f"À {structure.commune.name}",
        structure.rna_id and f"{REGISTER} : {structure.rna_id}",
        structure.siret and f"SIRET : {structure.siret}",
    ]
    return {"side": side.value, "role": role, "name": structure.name, "lines": list(filter(None, lines))}


def _typeset(value):
    """Every text with the spaces of French; codes have none to set."""
    if isinstance(value, str):
        return typo(value)
    if isinstance(value, list):
        return [_typeset(one) for one in value]
    return {key: one if key in ("kind", "side") else _typeset(one) for key, one in value.items()}


def canonical(content):
    """The one text of ``content``: whoever writes it anew in this way finds the same digest."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(text):
    return hashlib.sha256(text.encode()).hexdigest()


def parties_of(version):
    """The names of the lender and of the borrower, as they are read."""
    return [side["name"] for side in json.loads(version.content)["sides"]]


def is_intact(version):
    """Whether the text is the one that was signed: the same digest in the version, in its text, in each signature."""
    found = digest_of(version.content)
    return all(found == told for told in [version.digest, *(one.digest for one in version.signatures.all())])
