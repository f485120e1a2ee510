"""What keeps conversations bearable: blocking, reporting, and the reports that the territory's team looks at."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render

from maillage.conversations import services
from maillage.conversations.models import Report
from maillage.kernel.pages import page
from maillage.web.addresses import LARGEST_ID, site_of
from maillage.web.conversations.forms import ReportForm
from maillage.web.conversations.views import conversation_or_404, own_structures

REPORTS_PER_PAGE = 20


@page(methods=("POST",))
def block(request, pk):
    return _block(request, pk, services.block, "{}\u00a0: ses messages n’arriveront plus.")


@page(methods=("POST",))
def unblock(request, pk):
    return _block(request, pk, services.unblock, "{} peut de nouveau vous écrire.")


def _block(request, pk, do, said):
    conversation = conversation_or_404(request, pk)
    own = own_structures(request, conversation).first()
    others = [one.structure for one in conversation.participants.exclude(structure=own).select_related("structure")]
    if own is None or len(others) != 1:
        raise Http404
    try:
        do(structure=own, blocked=others[0], author=request.user)
    except services.MessageRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said.format(others[0].name))
    return redirect(conversation)


@page(methods=("POST",))
def leave(request, pk):
    conversation = conversation_or_404(request, pk)
    own = own_structures(request, conversation)
    number = request.POST.get("structure", "")
    structure = own.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    if structure is None:
        raise Http404
    try:
        services.leave(conversation_id=pk, structure=structure, author=request.user)
    except services.MessageRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(conversation)
    messages.success(request, f"{structure.name} a quitté la conversation «\u00a0{conversation.subject}\u00a0».")
    return redirect(conversation if own.exists() else "conversations")


@page(methods=("GET", "POST"))
def report(request, pk, message_pk):
    conversation = conversation_or_404(request, pk)
    own = own_structures(request, conversation).first()
    found = conversation.messages.select_related("structure").filter(pk=message_pk) if message_pk <= LARGEST_ID else ()
    message = next(iter(found), None)
    if own is None or message is None or message.structure_id in (None, own.pk):
        raise Http404
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.report_message(message=message, structure=own, author=request.user, **form.cleaned_data)
        messages.success(
            request,
            "Merci. L’équipe du territoire va lire ce message, et lui seul. Un e\u2011mail vous dira sa décision.",
        )
        return redirect(conversation)
    context = {"conversation": conversation, "message": message, "form": form}
    return render(request, "conversations/report.html", context, status=422 if form.errors else 200)


@page(permission="conversations.moderate")
def report_list(request):
    reports = Report.objects.select_related("message__structure", "structure", "decided_by").prefetch_related(
        "message__attachments"
    )
    shown = Paginator(reports.order_by("-decision", "-reported_at"), REPORTS_PER_PAGE)
    context = {"page": shown.get_page(request.GET.get("page")), "waiting": Report.objects.waiting().count()}
    return render(request, "conversations/reports.html", context)


@page(permission="conversations.moderate", methods=("POST",))
def decide(request, pk):
    found = Report.objects.filter(pk=pk).first() if pk <= LARGEST_ID else None
    if found is None:
        raise Http404
    withdraw = request.POST.get("decision") == Report.Decision.WITHDRAWN
    try:
        services.decide_report(report_id=pk, agent=request.user, withdraw=withdraw, site=site_of(request))
    except services.MessageRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Le message est retiré." if withdraw else "Le message reste en place.")
    return redirect("reports")
