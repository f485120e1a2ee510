"""What the directory writes about acting for a structure at its demand."""

from maillage.engine.french import NBSP, date_fr
from maillage.kernel.letters import Action, Letter, cut, hello


def help_began(given, person, site):
    """For someone who represents the structure."""
    name = given.structure.name
    who = given.helper.name if given.helper and given.helper.name else "Une personne"
    team = f"du réseau «{NBSP}{given.head}{NBSP}»" if given.head else "de l’équipe du territoire"
    return Letter(
        subject=cut(f"On agit pour {name}"),
        title=hello(person),
        paragraphs=(
            f"{who}, {team}, agit pour «{NBSP}{name}{NBSP}» sur Maillage jusqu’au {date_fr(given.until)}.",
            f"{given.asked_by} l’a demandé {given.get_how_display()}, le {date_fr(given.asked_on)}.",
            "Cette personne publie, répond et présente l’association. Elle ne signe rien en son nom.",
        ),
        action=Action.to("Voir qui agit", site, "team", given.structure_id),
        after=("Vous ne l’avez pas demandé\u202f? Sur cette page, vous l’arrêtez aussitôt.",),
        why="Vous recevez ce message parce que vous représentez cette association.",
    )
