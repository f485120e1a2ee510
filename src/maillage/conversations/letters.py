"""What conversations write to people by e-mail: that someone wrote, what came of a report; never anyone's address."""

from urllib.parse import urljoin

from django.urls import reverse

from maillage.accounts import links
from maillage.conversations.models import Report
from maillage.engine.french import HYPHEN, NBSP, count_fr, of_fr
from maillage.kernel.letters import Action, Letter, cut, hello

LONGEST_TEXT = 1_200


def message_arrived(message, person, site):
    """For someone who acts for a participant; the same words that the page shows them."""
    who = message.structure.name if message.structure else "Maillage"
    joined = message.attachments.count()
    return Letter(
        subject=cut(f"Message {of_fr(who)}"),
        title=f"{who} vous a écrit",
        paragraphs=(
            f"Au sujet de «{NBSP}{message.conversation.subject}{NBSP}»{NBSP}:",
            *filter(str.strip, cut(message.text.strip(), LONGEST_TEXT).splitlines()),
            *([f"Avec ce message{NBSP}: {count_fr(joined, 'fichier')}, à ouvrir sur Maillage."] if joined else ()),
        ),
        action=Action("Lire et répondre", urljoin(site, f"{message.conversation.get_absolute_url()}#nouveau")),
        after=(
            f"On répond sur Maillage, pas à cet e{HYPHEN}mail. "
            "Vous n’en recevrez pas d’autre de cette conversation avant d’avoir lu.",
        ),
        why="Vous recevez ce message parce que vous agissez pour une association de cette conversation.",
        leave=urljoin(site, reverse("leave-letters", args=[links.sign("leave", person=person.pk)])),
    )


def report_decided(report, site):
    """For whoever reported a message: what the territory's team decided."""
    who = report.message.structure.name
    if report.decision == Report.Decision.WITHDRAWN:
        said = "L’équipe du territoire l’a lu et l’a retiré. Plus personne ne peut le lire."
    else:
        said = "L’équipe du territoire l’a lu et le laisse en place."
    return Letter(
        subject=cut(f"Votre signalement{NBSP}: un message {of_fr(who)}"),
        title=hello(report.reported_by),
        paragraphs=(f"Vous aviez signalé un message {of_fr(who)}.", said),
        action=Action("Voir la conversation", urljoin(site, report.message.conversation.get_absolute_url())),
        after=("Vous ne voulez plus lire cette association\u202f? Vous pouvez la bloquer dans la conversation.",),
        why="Vous recevez ce message parce que vous avez signalé un message sur Maillage.",
    )


def message_withdrawn(report, site):
    """For whoever wrote the message that is withdrawn: why, and not who reported it."""
    conversation = report.message.conversation
    return Letter(
        subject="Votre message est retiré",
        title=hello(report.message.author),
        paragraphs=(
            f"L’équipe du territoire a retiré un message que vous aviez écrit au sujet de "
            f"«{NBSP}{conversation.subject}{NBSP}».",
            f"La raison{NBSP}: {report.get_reason_display()}.",
            "La conversation reste ouverte\u00a0: vous pouvez y écrire à nouveau, autrement.",
        ),
        action=Action("Voir la conversation", urljoin(site, conversation.get_absolute_url())),
        after=(
            "Vous n’êtes pas d’accord\u202f? Dites-le à l’équipe\u00a0: son adresse est au bas des pages de Maillage.",
        ),
        why="Vous recevez ce message parce que vous avez écrit ce message sur Maillage.",
    )
