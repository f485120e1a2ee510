"""Saying whether the report of the other side is right: on its page, or from the letter without signing in."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render

from maillage.accounts import links
from maillage.accounts.models import User
from maillage.handovers import services
from maillage.handovers.loans import HandoverRefused
from maillage.handovers.models import ConditionReport
from maillage.kernel.pages import page
from maillage.web.accounts.guards import limited
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.handovers.forms import AnswerForm
from maillage.web.handovers.views import loan_page, picture, report_or_404

AGREE = "daccord"


@page(methods=("POST",))
def answer_report(request, pk):
    report = report_or_404(request, pk)
    form = _answered(request, report, request.user)
    if form:
        return loan_page(request, report.booking, answer_form=form, status=422)
    return redirect(report)


@limited("token")
@page(public=True, methods=("GET", "POST"))
def answer_by_letter(request, token):
    """The link is good for one report and one person, as long as they act for the side that answers."""
    report, person = _read(token)
    if report is None:
        return render(request, "handovers/letter_over.html", status=410)
    form = None
    if request.method == "POST":
        form = _answered(request, report, person)
        if not form:
            return redirect("answer-report-by-letter", token)
    photos = [(one, token) for one in report.photos.all()]
    context = {"report": report, "photos": photos, "form": form, "answer_form": form or AnswerForm(), "token": token}
    return render(request, "handovers/answer.html", context, status=422 if form else 200)


@page(public=True)
def photo_by_letter(request, token, pk):
    report, _ = _read(token)
    found = report.photos.filter(pk=pk).first() if report and pk <= LARGEST_ID else None
    if found is None:
        raise Http404
    return picture(found)


def _answered(request, report, person):
    """None once the answer is written; the form that is refused otherwise."""
    agrees = request.POST.get("reponse") == AGREE
    form = AnswerForm({"words": "-"} if agrees else request.POST)
    if not form.is_valid():
        return form
    words = "" if agrees else form.cleaned_data["words"]
    try:
        services.answer(report_id=report.pk, author=person, agrees=agrees, words=words, site=site_of(request))
    except HandoverRefused as refusal:
        form.add_error(None, str(refusal))
        return form
    messages.success(
        request, "C’est noté. Merci." if agrees else "C’est noté. L’autre association reçoit votre réponse."
    )
    return None


def _read(token):
    """(report, person), or two None when the link proves nothing any more."""
    try:
        facts = links.read("handover", token)
    except links.LinkRefused:
        return None, None
    person = User.objects.filter(pk=facts["person"], is_active=True).first()
    related = ConditionReport.objects.select_related("booking__listing__structure", "booking__borrower")
    report = related.prefetch_related("photos").filter(pk=facts["report"]).first()
    if person is None or report is None or not person.has_perm("handovers.answer_report", report):
        return None, None
    return report, person
