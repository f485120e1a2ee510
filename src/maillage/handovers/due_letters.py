"""What is written of loans that end, that are late, and to those who come next."""

from urllib.parse import urljoin

from django.urls import reverse
from django.utils import timezone

from maillage.engine.french import NBSP, count_fr
from maillage.handovers.loans import due_hour, due_said
from maillage.kernel.letters import Action, Letter, cut
from maillage.sharing.periods import last_day_of, period_said

ALONE = (
    "Gardé après l’heure dite, le bien est sous votre seule responsabilité, même en cas d’accident "
    f"(Code civil, article{NBSP}1881)."
)


def due(booking, is_today, site):
    """For the borrower, the day before or on the day."""
    day, title = "aujourd’hui" if is_today else "demain", booking.listing.title
    return _letter(
        booking,
        booking.borrower,
        site,
        subject=f"À rendre {day} à {due_hour(booking)}{NBSP}: {title}",
        title=f"À rendre {day}, {due_said(booking)}",
        paragraphs=(f"«{NBSP}{title}{NBSP}», à {booking.lender}.", ALONE),
        action="Noter le retour",
        after=("Le retour se note à deux, sur place, avec une photo.",),
    )


def late(booking, now, site):
    """For the borrower."""
    title = booking.listing.title
    return _letter(
        booking,
        booking.borrower,
        site,
        subject=f"En retard de {_since(booking, now)}{NBSP}: {title}",
        title=f"{booking.lender} attend son bien",
        paragraphs=(
            f"«{NBSP}{title}{NBSP}» devait revenir le {due_said(booking)}.",
            "D’autres associations l’attendent peut-être. Rendez-le dès que possible, ou écrivez à l’association.",
            ALONE,
        ),
        action="Noter le retour",
        after=("Il est déjà rendu\u202f? Notez-le, et ces messages s’arrêtent.",),
    )


def not_back(booking, now, site):
    """For the lender."""
    title = booking.listing.title
    return _letter(
        booking,
        booking.lender,
        site,
        subject=f"Pas rendu depuis {_since(booking, now)}{NBSP}: {title}",
        title=f"{booking.borrower} n’a pas rendu «{NBSP}{title}{NBSP}»",
        paragraphs=(
            f"Il devait revenir le {due_said(booking)}.",
            f"Nous avons écrit à {booking.borrower}. Personne d’autre ne peut le réserver pour aujourd’hui ni demain.",
        ),
        action="Voir le prêt",
        after=("Il est déjà rendu\u202f? Notez le retour, et il redevient libre.",),
    )


def may_be_late(booking, near, site):
    """For who borrows next: what they booked may not be back, and when else it is free."""
    title = booking.listing.title
    days = [f"{_capital(period_said(one))}." for one in near]
    free = [f"Il est libre aussi à ces moments{NBSP}:", *days] if days else []
    return _letter(
        booking,
        booking.borrower,
        site,
        subject=f"Risque de retard, {booking.days}{NBSP}: {title}",
        title=f"«{NBSP}{title}{NBSP}» n’est pas encore revenu",
        paragraphs=(
            f"Vous l’avez réservé{NBSP}: {booking.when}. L’association qui l’a avant vous est en retard.",
            "Votre réservation tient toujours. Prévoyez une autre solution, au cas où.",
            *free,
        ),
        action="Voir ma réservation",
        after=(f"{booking.lender} est prévenue aussi.",),
    )


def keeps_others(booking, site):
    """For the lender: someone else counts on what is late."""
    title = booking.listing.title
    return _letter(
        booking,
        booking.lender,
        site,
        subject=f"Le retard gêne {booking.borrower}{NBSP}: {title}",
        title=f"{booking.borrower} attend «{NBSP}{title}{NBSP}»",
        paragraphs=(
            f"Réservé{NBSP}: {booking.when}. Le bien n’est pas encore revenu.",
            f"Nous avons prévenu {booking.borrower}. Pouvez-vous appeler l’association en retard\u202f?",
        ),
        action="Voir la réservation qui suit",
        after=("La remise suivante n’est possible qu’une fois le retour noté.",),
    )


def _letter(booking, structure, site, *, subject, title, paragraphs, action, after):
    return Letter(
        subject=cut(subject),
        title=title,
        paragraphs=paragraphs,
        action=Action(action, urljoin(site, reverse("loan", args=[booking.pk]))),
        after=after,
        why=f"Vous recevez ce message parce que vous agissez pour {structure}.",
    )


def _since(booking, now):
    days = (timezone.localdate(now) - last_day_of(booking.period)).days
    return count_fr(days, "jour")


def _capital(text):
    return text[0].upper() + text[1:]
