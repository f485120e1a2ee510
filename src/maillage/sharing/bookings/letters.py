"""What is written of bookings: asked, accepted, refused, cancelled; with the event for the reader's calendar."""

from urllib.parse import urljoin

from django.utils import timezone

from maillage.engine.french import NBSP, count_fr, day_fr, number_fr, time_fr
from maillage.kernel.letters import Action, Event, Letter, cut
from maillage.sharing.bookings import stock, terms
from maillage.sharing.bookings.calendars import calendar_of
from maillage.sharing.models import Booking
from maillage.sharing.periods import period_said, short_said

LENDER, BORROWER = "lender", "borrower"


def asked(booking, now, site):
    """For the lender."""
    who = booking.borrower
    return _letter(
        booking,
        site,
        LENDER,
        subject=f"Demande pour {short_said(booking.period)}{NBSP}: {booking.listing.title}",
        title=f"{who} demande «{NBSP}{booking.listing.title}{NBSP}»",
        paragraphs=(*_facts(booking), f"Pour quoi faire{NBSP}: {booking.purpose}"),
        action="Répondre à la demande",
        after=("Rien n’est réservé tant que vous n’avez pas répondu.",),
    )


def confirmed(booking, now, site):
    """For the borrower."""
    return _letter(
        booking,
        site,
        BORROWER,
        subject=f"C’est oui pour {short_said(booking.period)}{NBSP}: {booking.listing.title}",
        title="C’est oui",
        paragraphs=(*_facts(booking), *_word(booking)),
        action="Voir la réservation",
        after=("Elle est jointe à ce message pour votre agenda.",),
        method="PUBLISH",
    )


def noted(booking, now, site):
    """For the lender, when the booking is confirmed."""
    return _letter(
        booking,
        site,
        LENDER,
        subject=f"Réservé {short_said(booking.period)}{NBSP}: {booking.listing.title}",
        title=f"{booking.borrower} a réservé «{NBSP}{booking.listing.title}{NBSP}»",
        paragraphs=(*_facts(booking), f"Pour quoi faire{NBSP}: {booking.purpose}"),
        action="Voir la réservation",
        after=("Elle est jointe à ce message pour votre agenda.",),
        method="PUBLISH",
    )


def refused(booking, now, site):
    """For the borrower, with the nearest days that are free."""
    near = stock.near(
        booking.listing, terms.rules_of(booking.listing), period=booking.period, quantity=booking.quantity, now=now
    )
    return _letter(
        booking,
        site,
        BORROWER,
        subject=f"Pas possible {short_said(booking.period)}{NBSP}: {booking.listing.title}",
        title=f"{booking.lender} ne peut pas vous le prêter ce jour-là",
        paragraphs=(
            *_facts(booking),
            f"Sa raison{NBSP}: {booking.get_why_display()}.",
            *_word(booking),
            *([f"Les jours libres les plus proches{NBSP}:", *map(period_said, near)] if near else ()),
        ),
        action="Choisir un autre jour" if near else "Voir la demande",
    )


def held(booking, now, site):
    """For the borrower who waits."""
    until = timezone.localtime(booking.held_until)
    return _letter(
        booking,
        site,
        BORROWER,
        subject=f"Libre {short_said(booking.period)}{NBSP}: {booking.listing.title}",
        title=f"Bonne nouvelle{NBSP}: c’est libre",
        paragraphs=(
            *_facts(booking),
            f"La place vous attend jusqu’au {day_fr(until)}, à {time_fr(until)}. Ensuite, elle va à qui suit.",
        ),
        action="Le prendre, ou laisser ma place",
    )


def cancelled_by_borrower(booking, now, site):
    """For the lender."""
    return _letter(
        booking,
        site,
        LENDER,
        subject=f"Annulé pour {short_said(booking.period)}{NBSP}: {booking.listing.title}",
        title=f"{booking.borrower} annule sa réservation",
        paragraphs=(*_facts(booking), *_word(booking)),
        action="Voir la réservation",
        method="CANCEL",
    )


def withdrawn(booking, now, site):
    """For the lender, who had not answered."""
    return _letter(
        booking,
        site,
        LENDER,
        subject=f"Demande retirée pour {short_said(booking.period)}{NBSP}: {booking.listing.title}",
        title=f"{booking.borrower} retire sa demande",
        paragraphs=(*_facts(booking), *_word(booking)),
        action="Voir la demande",
        after=("Vous n’avez rien à faire.",),
    )


def cancelled_by_lender(booking, now, site):
    """For the borrower."""
    return _letter(
        booking,
        site,
        BORROWER,
        subject=f"Annulé pour {short_said(booking.period)}{NBSP}: {booking.listing.title}",
        title=f"{booking.lender} doit annuler votre réservation",
        paragraphs=(*_facts(booking), *_word(booking)),
        action="Voir la réservation",
        method="CANCEL",
    )


LETTERS = {
    "asked": ((LENDER, asked),),
    "confirmed": ((BORROWER, confirmed), (LENDER, noted)),
    "refused": ((BORROWER, refused),),
    "held": ((BORROWER, held),),
    "cancelled_by_borrower": ((LENDER, cancelled_by_borrower),),
    "withdrawn": ((LENDER, withdrawn),),
    "cancelled_by_lender": ((BORROWER, cancelled_by_lender),),
}


def _facts(booking):
    many = f"{number_fr(booking.quantity)} × " if booking.quantity > 1 else ""
    people = [f"{count_fr(booking.people, 'personne attendue', 'personnes attendues')}."] if booking.people else []
    return f"{many}{booking.listing.title}, à {booking.listing.commune}.", sentence_of(booking), *people


def sentence_of(booking):
    """« Samedi 7 novembre 2026, de 8 h à 20 h. »"""
    when = period_said(booking.period)
    return f"{when[0].upper()}{when[1:]}."


def _word(booking):
    return (f"Son message{NBSP}: «{NBSP}{booking.word}{NBSP}»",) if booking.word else ()


def _letter(booking, site, side, *, subject, title, paragraphs, action, after=(), method=None):
    """side: whether the reader acts for the LENDER or the BORROWER; method: that of the event joined, if any."""
    structure = booking.lender if side == LENDER else booking.borrower
    return Letter(
        subject=cut(subject),
        title=title,
        paragraphs=paragraphs,
        action=Action(action, urljoin(site, booking.get_absolute_url())),
        after=after,
        why=f"Vous recevez ce message parce que vous agissez pour {structure}.",
        event=Event(calendar_of([booking], site, method=method), method) if method else None,
    )


def is_current(booking, what):
    """Whether what a letter would say is still so: a job may come after the next change."""
    state = {
        "asked": Booking.State.REQUESTED,
        "confirmed": Booking.State.CONFIRMED,
        "refused": Booking.State.REFUSED,
        "held": Booking.State.HELD,
    }.get(what, Booking.State.CANCELLED)
    return booking.state == state
