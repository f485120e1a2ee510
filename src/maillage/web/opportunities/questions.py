"""Questions about opportunities, for the territory's team: who asks and what of, never who the others are."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404
from django.shortcuts import redirect, render

from maillage.kernel.pages import page
from maillage.opportunities import services
from maillage.opportunities.models import Question
from maillage.web.addresses import LARGEST_ID
from maillage.web.opportunities.forms import AnswerForm

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
    return _list(request, pk, form)


def _list(request, pk=None, form=None):
    """form: that of the question ``pk``, sent back with what is wrong."""
    whole = Question.objects.select_related(
        "author", "answered_by", "party__structure", "party__gives", "party__takes", "party__opportunity"
    )
    shown = Paginator(whole.order_by(F("answered_at").desc(nulls_first=True), "asked_at"), QUESTIONS_PER_PAGE)
    questions = shown.get_page(request.GET.get("page"))
    forms = {one.pk: AnswerForm(prefix=str(one.pk)) for one in questions if not one.answered_at} | {pk: form}
    context = {
        "page": questions,
        "entries": [(one, forms.get(one.pk)) for one in questions],
        "waiting": Question.objects.waiting().count(),
        "form": form,
    }
    return render(request, "opportunities/questions.html", context, status=422 if form else 200)
