"""What is written of incidents, to the side that did not do it, or to both when one is over."""

from urllib.parse import urljoin

from maillage.engine.french import NBSP
from maillage.handovers.models import Side
from maillage.kernel.letters import Action, Letter, cut


def opened(incident, person, site):
    who = incident.booking.lender if incident.side == Side.LENDER else incident.booking.borrower
    return _letter(
        incident,
        site,
        subject=f"Un problème{NBSP}: {incident.booking.listing.title}",
        title=f"{who} signale un problème",
        paragraphs=(
            f"«{NBSP}{incident.booking.listing.title}{NBSP}», réservé {incident.booking.days}.",
            f"Ce qui s’est passé{NBSP}: «{NBSP}{incident.what}{NBSP}»",
            "Dites ce que vous en savez. L’usure d’un usage normal n’est pas un dommage.",
        ),
        action="Lire et répondre",
    )


def said(word, person, site):
    incident = word.incident
    who = incident.booking.lender if word.side == Side.LENDER else incident.booking.borrower
    proposed = [f"L’issue proposée{NBSP}: {word.get_proposes_display()}."] if word.proposes else []
    return _letter(
        incident,
        site,
        subject=f"Réponse au sujet du problème{NBSP}: {incident.booking.listing.title}",
        title=f"{who} vous répond",
        paragraphs=(f"«{NBSP}{word.text}{NBSP}»", *proposed),
        action="Accepter ou répondre" if word.proposes else "Lire et répondre",
    )


def resolved(incident, person, site):
    ended = f"{incident.booking.lender} l’a clos." if incident.alone else "Les deux associations sont d’accord."
    return _letter(
        incident,
        site,
        subject=f"Problème clos{NBSP}: {incident.booking.listing.title}",
        title="C’est terminé",
        paragraphs=(
            f"Le problème avec «{NBSP}{incident.booking.listing.title}{NBSP}» est clos{NBSP}: "
            f"{incident.get_state_display()}.",
            ended,
        ),
        action="Relire ce qui s’est dit",
    )


def _letter(incident, site, *, subject, title, paragraphs, action):
    return Letter(
        subject=cut(subject),
        title=title,
        paragraphs=paragraphs,
        action=Action(action, urljoin(site, incident.get_absolute_url())),
        why="Vous recevez ce message parce que vous agissez pour l’une des deux associations de ce prêt.",
    )
