"""« Vérifier un document »: whether a file, or a digest, is that of what was signed. What is sent is not kept."""

import hashlib

from django.shortcuts import render

from maillage.agreements.models import Agreement, Version
from maillage.agreements.writing import is_intact
from maillage.kernel.pages import page
from maillage.web.accounts.guards import limited
from maillage.web.agreements.forms import VerifyForm


@limited("verify")
@page(public=True, methods=("GET", "POST"))
def verify_document(request):
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = VerifyForm(*given)
    context = {"form": form}
    if form.is_valid():
        context |= _found(**form.cleaned_data)
    return render(request, "agreements/verify.html", context, status=422 if form.errors else 200)


def _found(document, digest):
    """{is_known, version…}: the file counts when both are given."""
    versions = Version.objects.select_related("agreement").order_by("-made_at")
    if document:
        found = hashlib.sha256(b"".join(document.chunks())).hexdigest()
        version = versions.filter(copy__digest=found).first()
    else:
        version = versions.filter(digest=digest).first()
    signatures = list(version.signatures.all()) if version else []
    is_signed = version is not None and is_intact(version) and len(signatures) == 2
    return {
        "looked": True,
        "by_file": bool(document),
        "version": version if is_signed else None,
        "is_unsigned": version is not None and not is_signed,
        "signatures": signatures,
        "is_terminated": is_signed and version and version.agreement.state == Agreement.State.TERMINATED,
    }
