"""What people are told when a structure ends: what they had with it that closes; and when that was a mistake."""

from urllib.parse import urljoin

from maillage.engine.french import NBSP, count_fr, date_fr, join_fr
from maillage.kernel.letters import Action, Letter, cut, hello

WHAT_CLOSES = {
    "team": "Votre mandat prend fin. Ses annonces sont retirées et ses demandes closes.",
    "claim": "Votre demande d’agir pour elle est close.",
    "request": "La demande entre votre structure et elle, pour un réseau, est close.",
    "network": "Votre structure et elle ne sont plus dans le même réseau.",
    "opportunity": "Une occasion que vous aviez avec elle n’est plus possible.",
}
WHY = {
    "team": "Vous recevez ce message parce que vous agissiez pour cette structure.",
    "claim": "Vous recevez ce message parce que vous avez demandé à agir pour cette structure.",
}
WHY_PARTNER = "Vous recevez ce message parce que vous représentez une structure en lien avec elle."
MISTAKE = "C’est une erreur\u202f? Écrivez à l’équipe du territoire\u00a0: elle peut annuler la dissolution."

CAME_BACK = {"listings": "annonce", "memberships": "adhésion à un réseau,adhésions à des réseaux"}


def structure_dissolved(dissolution, person, reasons, site):
    """One letter for all that ``person`` had with the structure; ``reasons`` are keys of WHAT_CLOSES."""
    name = dissolution.structure.name
    says = "" if dissolution.is_declared else ", d’après le registre national"
    return Letter(
        subject=cut(f"{name} est dissoute"),
        title=hello(person),
        paragraphs=(
            f"«{NBSP}{name}{NBSP}» est dissoute depuis le {date_fr(dissolution.day)}{says}.",
            *(text for reason, text in WHAT_CLOSES.items() if reason in reasons),
        ),
        action=Action("Voir sa page", urljoin(site, dissolution.structure.chosen_url())),
        after=(MISTAKE,) if "team" in reasons else (),
        why=next((WHY[reason] for reason in WHY if reason in reasons), WHY_PARTNER),
    )


def dissolution_taken_back(dissolution, person, back, site):
    """For someone who acts for the structure again; back: {what came back: how many}."""
    name = dissolution.structure.name
    if dissolution.taken_back_by_id or dissolution.is_declared:
        said = f"La dissolution de «{NBSP}{name}{NBSP}» était une erreur{NBSP}: elle est annulée."
    else:
        said = f"«{NBSP}{name}{NBSP}» n’est plus dissoute, d’après le registre national."
    returned = [count_fr(back[what], *forms.split(",")) for what, forms in CAME_BACK.items() if back[what]]
    return Letter(
        subject=cut(f"{name} n’est plus dissoute"),
        title=hello(person),
        paragraphs=(
            said,
            "Vous agissez de nouveau pour elle, et vos conversations reprennent.",
            *([f"De retour aussi{NBSP}: {join_fr(returned)}."] if returned else []),
        ),
        action=Action("Voir sa page", urljoin(site, dissolution.structure.chosen_url())),
        after=("Les demandes et les invitations qui attendaient une réponse sont à refaire.",),
        why="Vous recevez ce message parce que vous agissez pour cette structure.",
    )
