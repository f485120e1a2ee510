"""What the directory writes to people about acting for a structure; never the address of anyone."""

from datetime import timedelta
from urllib.parse import urljoin

from django.urls import reverse
from django.utils import timezone

from maillage.accounts import links
from maillage.directory import team
from maillage.directory.models import Claim, Mandate
from maillage.engine.french import HYPHEN, NBSP, count_fr, date_fr, of_fr
from maillage.kernel.letters import Action, Letter, cut, hello
from maillage.kernel.territory_settings import what_the_territory_says

ROLES = {
    Mandate.Role.REPRESENTATIVE: "vous représentez l’association et décidez qui agit pour elle",
    Mandate.Role.CONTRIBUTOR: "vous publiez et répondez en son nom",
}
DECIDED = (Claim.State.ACCEPTED, Claim.State.REFUSED, Claim.State.EXPIRED)  # what is told to who asked
ASKED = "Vous recevez ce message parce que vous avez demandé à agir pour une association sur Maillage."


def prove_claim(claim, site):
    """For the association's own address; someone else may read it than the one who claims."""
    token = links.sign("claim", claim=claim.pk, email=claim.site_email)
    who = claim.user.name or "Quelqu’un"
    position = f" ({claim.position})" if claim.position else ""
    return Letter(
        subject=cut(f"Maillage{NBSP}: la page {of_fr(claim.structure.name)}"),
        title="Bonjour,",
        paragraphs=(
            f"{who}{position} demande à tenir la page de «{NBSP}{claim.structure.name}{NBSP}» sur Maillage, "
            "le site où les associations s’entraident.",
            *(["Elle dit avoir le droit de signer pour l’association."] if claim.may_commit else []),
            "Si vous êtes cette personne, ou si vous l’avez à côté de vous, pressez le bouton. Elle doit se connecter.",
        ),
        action=Action.to("Confirmer la demande", site, "prove-claim", token),
        after=(
            f"Ce lien sert jusqu’au {_last_day('claim')}, et seulement à la personne qui a fait la demande.",
            f"Vous ne la connaissez pas\u202f? Ne faites rien et ne transférez pas ce message{NBSP}: rien ne change.",
        ),
        why="Vous recevez ce message parce que cette adresse est celle du site que l’association a déclaré.",
    )


def claim_received(claim, site):
    """For the one who asks: the demand is here, and what comes next."""
    return Letter(
        subject="Votre demande est arrivée",
        title=hello(claim.user),
        paragraphs=(
            f"Vous demandez à agir pour «{NBSP}{claim.structure.name}{NBSP}» sur Maillage. Votre demande est arrivée.",
            *_what_comes_next(claim),
            f"La réponse vous parviendra par e{HYPHEN}mail{_promise()}.",
        ),
        action=Action.to("Suivre ma demande", site, "my-space"),
        after=(
            "Vous avez changé d’avis\u202f? Vous pouvez la retirer sur cette page.",
            f"Sans réponse le {date_fr(claim.last_day)}, elle sera close et votre justificatif effacé.",
        ),
        why=ASKED,
    )


def _promise():
    days = what_the_territory_says()["answered_within"]
    return f", en général sous {count_fr(int(days), 'jour')}" if days else ""


def _what_comes_next(claim):
    if team.has_representative(claim.structure):
        return ("Les personnes qui représentent l’association la lisent et vous répondent.",)
    if claim.site_email:
        return (
            f"Un message attend à l’adresse {claim.site_email}{NBSP}: pressez son bouton, et c’est fait.",
            "L’équipe du territoire peut aussi vous répondre.",
        )
    return ("L’équipe du territoire la lit et vous répond. Vous n’avez rien d’autre à faire.",)


def claim_questioned(claim, site):
    """For the one who asked: what is missing before an answer."""
    return Letter(
        subject=cut(f"Une précision pour votre demande{NBSP}: {claim.structure.name}"),
        title=hello(claim.user),
        paragraphs=(
            f"Vous demandez à agir pour «{NBSP}{claim.structure.name}{NBSP}».",
            f"Avant de répondre, on vous demande{NBSP}:",
            *filter(str.strip, claim.question.splitlines()),
        ),
        action=Action.to("Répondre", site, "complete-claim", claim.pk),
        after=("Votre demande attend votre réponse. Vous n’avez pas à la refaire.",),
        why=ASKED,
    )


def claim_decided(claim, site):
    """For the one who asked."""
    name = claim.structure.name
    if claim.state == Claim.State.ACCEPTED:
        return Letter(
            subject=cut(f"Vous agissez pour {name}"),
            title=hello(claim.user),
            paragraphs=(
                f"Vous pouvez désormais agir pour «{NBSP}{name}{NBSP}» sur Maillage{NBSP}: "
                "publier, répondre, présenter l’association.",
            ),
            action=Action.to("Voir mon espace", site, "my-space"),
            why=ASKED,
        )
    if claim.state == Claim.State.EXPIRED:
        return Letter(
            subject=cut(f"Sans réponse{NBSP}: votre demande pour {name}"),
            title=hello(claim.user),
            paragraphs=(
                f"Personne n’a répondu en six mois à votre demande d’agir pour «{NBSP}{name}{NBSP}». Elle est close.",
                "Ce que vous aviez envoyé pour la soutenir est effacé.",
            ),
            action=Action.to("Faire une nouvelle demande", site, "ask-to-act", claim.structure_id),
            after=("Vous pouvez aussi joindre l’équipe du territoire.",),
            why=ASKED,
        )
    return Letter(
        subject=cut(f"Votre demande pour {name}"),
        title=hello(claim.user),
        paragraphs=(
            f"Votre demande d’agir pour «{NBSP}{name}{NBSP}» n’est pas acceptée. Voici pourquoi{NBSP}:",
            *filter(str.strip, claim.refusal.splitlines()),
        ),
        action=Action.to("Voir ma demande", site, "my-space"),
        after=("Vous pouvez faire une nouvelle demande avec ce qui manquait.",),
        why=ASKED,
    )


def someone_asks_to_join(claim, person, site):
    """For someone who represents the structure."""
    who = claim.user.name or "Quelqu’un"
    return Letter(
        subject=cut(f"{who} veut rejoindre {claim.structure.name}"),
        title=hello(person),
        paragraphs=(
            f"{who} demande à agir avec vous pour «{NBSP}{claim.structure.name}{NBSP}» sur Maillage.",
            *filter(str.strip, claim.text.splitlines()),
        ),
        action=Action.to("Voir la demande", site, "team", claim.structure_id),
        after=("Vous acceptez ou refusez sur cette page. La personne l’apprend par e\u2011mail.",),
        why="Vous recevez ce message parce que vous représentez cette association.",
        leave=urljoin(site, reverse("leave-letters", args=[links.sign("leave", person=person.pk)])),
    )


def invitation(invitation, site):
    """For an address, known or not: the same words."""
    name = invitation.structure.name
    who = invitation.invited_by.name if invitation.invited_by and invitation.invited_by.name else "Quelqu’un"
    return Letter(
        subject=cut(f"{who} vous invite pour {name}"),
        title="Bonjour,",
        paragraphs=(
            f"{who} vous invite à agir pour «{NBSP}{name}{NBSP}» sur Maillage, "
            "le site où les associations s’entraident.",
            f"Votre rôle{NBSP}: {ROLES[invitation.role]}.",
            *_from_day(invitation.hand_over),
        ),
        action=Action.to("Voir l’invitation", site, "invitation", team.link_of(invitation)),
        after=(
            f"Ce lien sert une seule fois, jusqu’au {_last_day('invitation')}. Ne le transférez pas.",
            "Vous ne voulez pas\u202f? Ne faites rien\u00a0: votre adresse sera oubliée.",
        ),
        why="Vous recevez ce message parce qu’une association a écrit votre adresse sur Maillage.",
    )


def handed_over(hand_over, person, site):
    """For someone of the present team who goes on with the next."""
    name = hand_over.structure.name
    return Letter(
        subject=cut(f"Relais{NBSP}: {name}"),
        title=hello(person),
        paragraphs=(
            f"À partir du {date_fr(hand_over.day)}, vous représentez «{NBSP}{name}{NBSP}» sur Maillage.",
            *filter(str.strip, hand_over.word.splitlines()),
        ),
        action=Action.to("Prendre la suite", site, "hand-over", hand_over.structure_id),
        why="Vous recevez ce message parce que vous agissez pour cette association.",
    )


def _from_day(hand_over):
    return (f"Vous prenez le relais à partir du {date_fr(hand_over.day)}.",) if hand_over else ()


def _last_day(purpose):
    return date_fr(timezone.localdate(timezone.now() + timedelta(seconds=links.LASTS[purpose])))
