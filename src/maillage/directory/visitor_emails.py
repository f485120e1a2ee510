"""The e-mails around the letter of a visitor: one asks to prove the address, one brings it, one says that it left."""

from datetime import timedelta
from urllib.parse import urljoin

from django.urls import reverse
from django.utils import timezone

from maillage.accounts import links
from maillage.directory.visitor_letters import token_of
from maillage.engine.french import HYPHEN, date_fr, of_fr, time_fr, typo
from maillage.kernel.letters import Action, Letter, cut


def confirm_your_address(letter, site):
    """Without a word of what was typed: the address may be someone else's, who must not be made to read it."""
    end = timezone.localtime(letter.asked_at + timedelta(seconds=links.LASTS["visitor"]))
    return Letter(
        subject="Maillage\u00a0: confirmez votre message",
        title="Votre message attend",
        paragraphs=(
            f"Vous avez écrit à une association sur Maillage\u00a0: {letter.structure.name}.",
            "Il partira quand vous aurez confirmé que cette adresse est la vôtre.",
        ),
        action=Action.to("Relire et envoyer", site, "send-visitor-letter", token_of(letter)),
        after=(
            f"Ce lien sert une seule fois, jusqu’au {date_fr(end)} à {time_fr(end)}.",
            "Si ce n’était pas vous, ne faites rien\u00a0: rien ne partira.",
        ),
        why="Vous recevez ce message parce que quelqu’un a écrit votre adresse sur Maillage.",
    )


def visitor_wrote(letter, person, site):
    return Letter(
        subject=cut(f"Un message pour {letter.structure.name}"),
        title=f"{letter.name} vous écrit",
        paragraphs=(
            f"Par la page {of_fr(letter.structure.name)}\u00a0:",
            *filter(str.strip, typo(letter.text).splitlines()),
        ),
        after=(
            f"Pour répondre, répondez à cet e{HYPHEN}mail\u00a0: votre réponse ira à {letter.email}. "
            "Cette personne verra alors votre adresse.",
            "Maillage a vérifié cette adresse, pas l’identité de la personne.",
        ),
        why=f"Vous recevez ce message parce que vous représentez {letter.structure.name}.",
        leave=urljoin(site, reverse("leave-letters", args=[links.sign("leave", person=person.pk)])),
    )


def letter_left(letter, site):
    return Letter(
        subject=cut(f"Votre message à {letter.structure.name}"),
        title="Votre message est parti",
        paragraphs=(
            f"Les personnes qui représentent {letter.structure.name} le reçoivent.",
            "Elles vous répondront à cette adresse.",
            "Vous aviez écrit\u00a0:",
            *filter(str.strip, typo(letter.text).splitlines()),
        ),
        action=Action("Voir la page de l’association", urljoin(site, letter.structure.chosen_url())),
        why="Vous recevez ce message parce que vous avez écrit à cette association.",
    )
