"""What documents are made of: the questions that they ask, the articles that they say. Plain data, no database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from maillage.engine.french import date_fr, time_fr

WIDGETS = ("line", "text", "day", "hour", "amount", "amounts", "whole", "choice", "yes")


@dataclass(frozen=True)
class Question:
    """One field of the form.

    name    its key in the facts
    widget  one of WIDGETS: a day gives a date, an hour a time, an amount cents, ``amounts`` pairs (label, cents)
    needed  the sentence shown when it is empty; without one, it may stay empty
    choices pairs (code, label), for a choice
    """

    name: str
    label: str
    widget: str = "line"
    help: str = ""
    needed: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    longest: int = 300
    optional_word: str = ""

    def __post_init__(self):
        if self.widget not in WIDGETS:
            raise ValueError(f"{self.name}: no widget {self.widget!r}.")

    def label_of(self, code):
        return dict(self.choices).get(code, "")


@dataclass(frozen=True)
class Group:
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Kind:
    """A document: what it asks, what it refuses, what it says.

    blockers  (facts, now) -> pairs (name of a question, sentence); what is missing is told by the questions
    articles  (facts, parties) -> the Articles, in order
    period    facts -> (first day, last day or None)
    roles     what the two sides do, « qui prête », « qui emprunte »
    annexes   (facts, parties) -> pairs (title, Articles) of what comes with the document
    """

    nature: str
    title: str
    when: str
    groups: tuple[Group, ...]
    blockers: Callable
    articles: Callable
    period: Callable
    roles: tuple[str, str] = ("qui prête", "qui emprunte")
    annexes: Callable = lambda facts, parties: ()

    @property
    def questions(self):
        return [question for group in self.groups for question in group.questions]

    def refusals(self, facts, now):
        """All that stands in the way of proposing, as pairs (name, sentence)."""
        missing = [(one.name, one.needed) for one in self.questions if one.needed and is_empty(facts.get(one.name))]
        known = {name for name, _ in missing}
        return missing + [(name, said) for name, said in self.blockers(facts, now) if name not in known]


@dataclass(frozen=True)
class Parties:
    """The names that the text uses."""

    lender: str
    borrower: str


@dataclass(frozen=True)
class Article:
    title: str
    blocks: tuple[dict, ...]


def article(title, *blocks):
    """An Article of paragraphs and blocks; a paragraph is a plain text, None and "" are left out."""
    return Article(title, tuple(_text(one) if isinstance(one, str) else one for one in blocks if one))


def _text(said):
    return {"kind": "text", "text": said}


def rows(*pairs):
    """What was answered, line by line; a pair without an answer is left out."""
    filled = [[label, str(said)] for label, said in pairs if not is_empty(said)]
    return {"kind": "rows", "rows": filled} if filled else None


def items(texts):
    lines = [line for line in texts if line]
    return {"kind": "items", "items": lines} if lines else None


def is_empty(answer):
    return answer is None or answer == "" or answer == [] or answer is False


def lines_of(text):
    return [line.strip(" -–•\t") for line in (text or "").splitlines() if line.strip(" -–•\t")]


def moment_fr(day, hour):
    return f"{date_fr(day)} à {time_fr(hour)}" if day and hour else ""


def moment(day, hour):
    """A naive moment of the local clock, None when a part is missing."""
    return datetime.combine(day, hour) if day and hour else None


def day_of(answer):
    return date_fr(answer) if isinstance(answer, date) else ""
