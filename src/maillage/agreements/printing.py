"""The PDF of an agreement: the same words as its page, tagged (PDF/UA-1), with a sheet for the signatures."""

import json
from pathlib import Path

from django.utils import timezone

from maillage.agreements.models import Side
from maillage.agreements.writing import canonical, digest_of
from maillage.engine.french import NBSP, date_fr, time_fr
from maillage.kernel.typesetting import drawn, typeset

SOURCE = Path(__file__).with_name("agreement.typ")


def as_pdf(version, *, kind="pdf"):
    """The document of ``version`` with the signatures that it has."""
    agreement = version.agreement
    signatures = {one.side: one for one in version.signatures.all()}
    facts = json.loads(version.content) | {
        "number": agreement.pk,
        "version": version.number,
        "day": date_fr(timezone.localdate(version.made_at)),
        "digest": version.digest,
        "is_signed": len(signatures) == len(Side),
        "signatures": {side: _said(one) for side, one in signatures.items()},
    }
    return typeset(SOURCE, _drawn(facts), kind=kind)


def draft_as_pdf(agreement, content, *, kind="pdf"):
    """The document of a draft, marked as such."""
    facts = content | {
        "number": agreement.pk,
        "version": 0,
        "day": date_fr(timezone.localdate()),
        "digest": digest_of(canonical(content)),
        "is_signed": False,
        "signatures": {},
    }
    return typeset(SOURCE, _drawn(facts), kind=kind)


def _said(signature):
    at = timezone.localtime(signature.signed_at)
    return {
        "name": signature.name,
        "capacity": signature.capacity,
        "when": f"{date_fr(at)} à {time_fr(at)}{NBSP}(heure de Paris)",
    }


def _drawn(value):
    if isinstance(value, str):
        return drawn(value)
    if isinstance(value, list):
        return [_drawn(one) for one in value]
    if isinstance(value, dict):
        return {key: _drawn(one) for key, one in value.items()}
    return value
