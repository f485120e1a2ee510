"""What is written of a series: one letter that tells of all of its dates, with their events for a calendar."""

from urllib.parse import urljoin

from maillage.engine.french import NBSP, count_fr
from maillage.kernel.letters import Action, Event, Letter, cut
from maillage.sharing.bookings import series
from maillage.sharing.bookings.calendars import calendar_of
from maillage.sharing.bookings.letters import BORROWER, LENDER, sentence_of

SIDES = {
    "asked": (LENDER,),
    "confirmed": (BORROWER, LENDER),
    "refused": (BORROWER,),
    "cancelled_by_borrower": (LENDER,),
    "cancelled_by_lender": (BORROWER,),
}
METHODS = {"confirmed": "PUBLISH", "cancelled_by_borrower": "CANCEL", "cancelled_by_lender": "CANCEL"}
ACTIONS = {"asked": "Répondre à la demande"}


def compose(bookings, what, side, site):
    """bookings: those that it tells of, of one series, in order."""
    first = bookings[0]
    dates = count_fr(len(bookings), "date")
    subject, title = _said(first, what, side, dates)
    words = (f"Son message{NBSP}: «{NBSP}{first.word}{NBSP}»",) if first.word else ()
    purpose = (f"Pour quoi faire{NBSP}: {first.purpose}",) if side == LENDER else ()
    reason = (f"Sa raison{NBSP}: {first.get_why_display()}.",) if what == "refused" else ()
    structure = first.lender if side == LENDER else first.borrower
    method = METHODS.get(what)
    return Letter(
        subject=cut(f"{subject}{NBSP}: {first.listing.title}"),
        title=title,
        paragraphs=(
            f"{first.listing.title}, {series.said(first.series)}.",
            *purpose,
            *reason,
            *words,
            f"{dates}{NBSP}:",
            *map(sentence_of, bookings),
        ),
        action=Action(ACTIONS.get(what, "Voir la série"), urljoin(site, first.series.get_absolute_url())),
        after=("Elles sont jointes à ce message pour votre agenda.",) if method == "PUBLISH" else (),
        why=f"Vous recevez ce message parce que vous agissez pour {structure}.",
        event=Event(calendar_of(bookings, site, method=method), method) if method else None,
    )


def _said(first, what, side, dates):
    """(subject, title)."""
    lender, borrower = first.lender, first.borrower
    if what == "asked":
        return f"Demande pour {dates}", f"{borrower} demande «{NBSP}{first.listing.title}{NBSP}» pour {dates}"
    if what == "confirmed":
        if side == LENDER:
            return f"Réservé pour {dates}", f"{borrower} a réservé {dates}"
        return f"C’est oui pour {dates}", f"C’est oui pour {dates}"
    if what == "refused":
        return f"Pas possible pour {dates}", f"{lender} ne peut pas vous le prêter à ces dates"
    if what == "cancelled_by_borrower":
        return f"Annulé pour {dates}", f"{borrower} annule {dates}"
    return f"Annulé pour {dates}", f"{lender} doit annuler {dates}"
