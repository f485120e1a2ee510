"""Questions about opportunities, for the territory's team: who asks and what of, never who the others are."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404
from django.shortcuts import redirect, render

from maillage.kernel.pages import page
from maillage.opportunities import services
from maillage.opportunities.models import Question
from maillage.web.opportunities.forms import AnswerForm

LARGEST_ID = 2**63 - 1
QUESTIONS_PER_PAGE = 20


@page(permission="opportunities.answer_questions")
def question_list(request):
    return _list(request)


@page(permission="opportunities.answer_questions", methods=("POST",))
def answer(request, pk):
    if pk > LARGEST_ID or not Question.objects.filter(pk=pk).exists():
        raise Http404
    form = AnswerForm(request.POST, prefix=str(pk))
    if form.is_valid():
        try:
            services.answer_question(question_id=pk, agent=request.user, **form.cleaned_data)
        except services.AnswerRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Votre réponse est publiée sur la page de l’occasion.")
            return redirect("questions")
    return _list(request, refused={pk: form}, form=form, status=422)


def _list(request, *, refused=(), form=None, status=200):
    """``refused``: {number of a question: the form that is sent back}."""
    refused = dict(refused)
    whole = Question.objects.select_related(
        "author", "answered_by", "party__structure", "party__gives", "party__takes", "party__opportunity"
    )
    shown = Paginator(whole.order_by(F("answered_at").desc(nulls_first=True), "asked_at"), QUESTIONS_PER_PAGE)
    questions = shown.get_page(request.GET.get("page"))
    entries = [
        (one, refused.get(one.pk) or (None if one.answered_at else AnswerForm(prefix=str(one.pk)))) for one in questions
    ]
    context = {"page": questions, "entries": entries, "waiting": Question.objects.waiting().count(), "form": form}
    return render(request, "opportunities/questions.html", context, status=status)
