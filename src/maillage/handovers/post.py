"""Each letter of loans: what it is about, whether that still holds when the job comes, which side reads it."""

from collections.abc import Callable
from dataclasses import dataclass

from maillage.handovers import extension_letters, incident_letters, letters
from maillage.handovers.models import ConditionReport, Extension, Incident, IncidentWord, Side


@dataclass(frozen=True)
class Post:
    """
    read      a key → what the letter is about, None when it holds no more
    sides     … → the Sides that read it
    compose   …, a person, the address of the site → a Letter
    """

    read: Callable
    sides: Callable
    compose: Callable


def _report(**holds):
    related = ConditionReport.objects.select_related("booking__listing__structure", "booking__borrower")
    return lambda pk: related.filter(pk=pk, **holds).first()


def _incident(pk):
    return Incident.objects.select_related("booking__listing__structure", "booking__borrower").filter(pk=pk).first()


def _word(pk):
    related = IncidentWord.objects.select_related(
        "incident__booking__listing__structure", "incident__booking__borrower"
    )
    return related.filter(pk=pk, incident__state=Incident.State.OPEN).first()


def _extension(**holds):
    related = Extension.objects.select_related("booking__listing__structure", "booking__listing__commune")
    return lambda pk: related.select_related("booking__borrower").filter(pk=pk, **holds).first()


def _other(side):
    return Side.BORROWER if side == Side.LENDER else Side.LENDER


LETTERS = {
    "written": Post(_report(answer=""), lambda report: [report.waits_for], letters.written),
    "disagreed": Post(_report(answer="disagreed"), lambda report: [report.side], letters.disagreed),
    "incident_opened": Post(_incident, lambda incident: [_other(incident.side)], incident_letters.opened),
    "incident_said": Post(_word, lambda word: [_other(word.side)], incident_letters.said),
    "extension_asked": Post(_extension(state="asked"), lambda extension: [Side.LENDER], extension_letters.asked),
    "extension_answered": Post(_extension(), lambda extension: list(Side), extension_letters.answered),
    "incident_resolved": Post(_incident, lambda incident: list(Side), incident_letters.resolved),
}
