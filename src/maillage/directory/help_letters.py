"""What the directory writes about acting for a structure at its demand."""

from maillage.engine.french import NBSP, date_fr, day_fr
from maillage.kernel.letters import Action, Letter, cut, hello


def help_began(given, person, site):
    """For someone who represents the structure."""
    name = given.structure.name
    return Letter(
        subject=cut(f"On agit pour {name}"),
        title=hello(person),
        paragraphs=(
            f"{_helper(given)}, agit pour «{NBSP}{name}{NBSP}» sur Maillage jusqu’au {date_fr(given.until)}.",
            f"{given.asked_by} l’a demandé {given.get_how_display()}, le {date_fr(given.asked_on)}.",
            "Cette personne publie, répond et présente l’association. Elle ne signe rien en son nom.",
        ),
        action=Action.to("Voir qui agit", site, "team", given.structure_id),
        after=("Vous ne l’avez pas demandé\u202f? Sur cette page, vous l’arrêtez aussitôt.",),
        why="Vous recevez ce message parce que vous représentez cette association.",
    )


def help_ends(given, person, site):
    """A week before: for the helper, or for someone who represents the structure."""
    name, day = given.structure.name, date_fr(given.until)
    if person == given.helper:
        said = f"Vous agissez pour «{NBSP}{name}{NBSP}» sur Maillage jusqu’au {day}."
        action = Action.to("Voir mon espace", site, "my-space")
        why = "Vous recevez ce message parce que vous agissez pour cette association à sa demande."
    else:
        said = f"{_helper(given)}, agit pour «{NBSP}{name}{NBSP}» sur Maillage jusqu’au {day}."
        action = Action.to("Voir qui agit", site, "team", given.structure_id)
        why = "Vous recevez ce message parce que vous représentez cette association."
    return Letter(
        subject=cut(f"L’aide finit {day_fr(given.until)}{NBSP}: {name}"),
        title=hello(person),
        paragraphs=(
            said,
            "Ensuite, cette aide s’arrête d’elle-même. Les annonces et les messages restent à l’association.",
        ),
        action=action,
        after=("Vous voulez continuer\u202f? Après ce jour, l’association le demande de nouveau.",),
        why=why,
    )


def _helper(given):
    """« Nadia, de l’équipe du territoire »."""
    who = given.helper.name if given.helper and given.helper.name else "Une personne"
    return f"{who}, du réseau «{NBSP}{given.head}{NBSP}»" if given.head else f"{who}, de l’équipe du territoire"
