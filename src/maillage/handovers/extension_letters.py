"""What is written of more time: to the lender when it is asked, to both when it is answered."""

from urllib.parse import urljoin

from django.urls import reverse
from django.utils import timezone

from maillage.engine.french import NBSP
from maillage.handovers.loans import due_said
from maillage.handovers.models import Extension
from maillage.kernel.letters import Action, Event, Letter, cut
from maillage.sharing.bookings.calendars import calendar_of
from maillage.sharing.bookings.terms import said


def asked(extension, person, site):
    booking = extension.booking
    return _letter(
        booking,
        site,
        subject=f"Plus de temps demandé{NBSP}: {booking.listing.title}",
        title=f"{booking.borrower} voudrait garder «{NBSP}{booking.listing.title}{NBSP}» plus longtemps",
        paragraphs=(
            f"Jusqu’au {said(timezone.localtime(extension.until))}, au lieu du {due_said(booking)}.",
            *([f"Pourquoi{NBSP}: «{NBSP}{extension.words}{NBSP}»"] if extension.words else []),
        ),
        action="Répondre",
        after=(f"Sans accord avant le {due_said(booking)}, le bien est à rendre à l’heure dite.",),
    )


def answered(extension, person, site):
    booking = extension.booking
    accepted = extension.state == Extension.State.ACCEPTED
    yes, no = "Plus de temps accordé", "Pas plus de temps"
    return _letter(
        booking,
        site,
        subject=f"{yes if accepted else no}{NBSP}: {booking.listing.title}",
        title=yes if accepted else f"{booking.lender} en a besoin à l’heure dite",
        paragraphs=(f"«{NBSP}{booking.listing.title}{NBSP}» est à rendre le {due_said(booking)}.",),
        action="Voir le prêt",
        after=("La réservation est jointe à ce message pour votre agenda.",) if accepted else (),
        event=Event(calendar_of([booking], site, method="PUBLISH"), "PUBLISH") if accepted else None,
    )


def _letter(booking, site, *, subject, title, paragraphs, action, after, event=None):
    return Letter(
        subject=cut(subject),
        title=title,
        paragraphs=paragraphs,
        action=Action(action, urljoin(site, reverse("loan", args=[booking.pk]))),
        after=after,
        why="Vous recevez ce message parce que vous agissez pour l’une des deux associations de ce prêt.",
        event=event,
    )
