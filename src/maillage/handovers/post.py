"""Each letter of loans: what it is about, whether that still holds when the job comes, which side reads it."""

from collections.abc import Callable
from dataclasses import dataclass

from maillage.handovers import letters
from maillage.handovers.models import ConditionReport


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


LETTERS = {
    "written": Post(_report(answer=""), lambda report: [report.waits_for], letters.written),
    "disagreed": Post(_report(answer="disagreed"), lambda report: [report.side], letters.disagreed),
}
