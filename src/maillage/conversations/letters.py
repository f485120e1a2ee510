"""What conversations write to people by e-mail: that someone wrote, never the address of anyone."""

from urllib.parse import urljoin

from django.urls import reverse

from maillage.accounts import links
from maillage.engine.french import HYPHEN, NBSP, count_fr, of_fr
from maillage.kernel.letters import Action, Letter, cut

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
