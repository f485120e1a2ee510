"""E-mails: one shape for all, written from plain facts, as text and as HTML. Jobs send them, never a page."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from maillage.kernel.territory_settings import what_the_territory_says

LONGEST_SUBJECT = 60  # signs that a telephone shows whole
PAUSES = " \u00a0\u202f\n,;:–«("  # what a cut does not end on
STITCHES = ("#5AA3C2", "#F3C22B", "#BBDAE6") * 4  # the knitted row of the pages, which no client of e-mail can draw


@dataclass(frozen=True)
class Action:
    """The one thing that a letter asks: a button, and its address in full for those who cannot press it."""

    label: str
    url: str

    @classmethod
    def to(cls, label, site, name, *arguments):
        """A button that leads to the page ``name`` of ``site``."""
        return cls(label, urljoin(site, reverse(name, args=arguments)))


@dataclass(frozen=True)
class Item:
    """A line of a section, and the page that tells more."""

    text: str
    url: str


@dataclass(frozen=True)
class Section:
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Event:
    """An iCalendar file for the reader's own calendar; ``method`` is PUBLISH or CANCEL (RFC 5546)."""

    content: bytes
    method: str


@dataclass(frozen=True)
class Letter:
    """What is said to one person.

    subject     what happened, at most 60 signs
    title       the first line of the message
    paragraphs  plain sentences, before the action
    sections    lists of what there is to read, after the paragraphs
    code        figures to copy, shown big
    after       plain sentences, after the action: how long it holds, what to do if it was not you
    why         why this person receives the message
    event       what it changes in a calendar
    leave       where one button, or a program of e-mail, asks for no more of them; none when it must be told
    """

    subject: str
    title: str
    paragraphs: tuple[str, ...]
    why: str
    action: Action | None = None
    sections: tuple[Section, ...] = ()
    code: str = ""
    after: tuple[str, ...] = ()
    event: Event | None = None
    leave: str = ""

    def __post_init__(self):
        if len(self.subject) > LONGEST_SUBJECT or "\n" in self.subject:
            raise ValueError(f"The subject {self.subject!r} is longer than {LONGEST_SUBJECT} signs or a line.")


def hello(person):
    return f"Bonjour {person.name}," if person.name else "Bonjour,"


def cut(text, longest=LONGEST_SUBJECT):
    """``text``, or its first words and « … » when it has more than ``longest`` signs; a word that fills it is cut."""
    if len(text) <= longest:
        return text
    words = re.match(rf".{{{longest // 2},{longest - 1}}}(?=\s)", text, re.DOTALL)
    return f"{(words[0] if words else text[: longest - 1]).rstrip(PAUSES)}…"


def send(letter, *, to, site, reply_to="", post=None, files=()):
    """Send ``letter`` to one address; ``site`` is the address of Maillage that it names, « https://…/ ».

    reply_to  the address that an answer goes to, in the rare letter that one answers
    post      a connection to the server of e-mail, when many letters leave one after the other
    files     what goes with it: (name, bytes, type) each
    """
    context = {
        "letter": letter,
        "site": site,
        "site_name": site.split("://", 1)[-1].strip("/"),
        **what_the_territory_says(),
        "stitches": STITCHES,
    }
    headers = {"Auto-Submitted": "auto-generated"}
    if letter.leave:
        headers |= {"List-Unsubscribe": f"<{letter.leave}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    message = EmailMultiAlternatives(
        letter.subject,
        render_to_string("letters/letter.txt", context).strip() + "\n",
        to=[to],
        reply_to=[reply_to] if reply_to else None,
        headers=headers,
        connection=post,
    )
    message.attach_alternative(render_to_string("letters/letter.html", context), "text/html")
    if letter.event:
        message.attach("maillage.ics", letter.event.content, f"text/calendar; method={letter.event.method}")
    for name, content, kind in files:
        message.attach(name, content, kind)
    message.send()
