"""What places write to people by e-mail: the error that they reported is settled."""

from urllib.parse import urljoin

from maillage.engine.french import NBSP
from maillage.kernel.letters import Action, Letter, cut, hello


def report_handled(place_report, person, site):
    """For whoever reported the error with an account."""
    place = place_report.place
    shown = place.is_published
    return Letter(
        subject=cut(f"Votre signalement{NBSP}: {place.name}"),
        title=hello(person),
        paragraphs=(
            f"Vous aviez signalé une erreur sur la page «{NBSP}{place.name}{NBSP}»{NBSP}: "
            f"{place_report.get_subject_display()}.",
            "L’équipe du territoire l’a lue et s’en est occupée. Merci.",
            *(() if shown else ("Ce lieu n’est plus publié.",)),
        ),
        action=Action("Voir la page du lieu", urljoin(site, place.get_absolute_url())) if shown else None,
        why="Vous recevez ce message parce que vous avez signalé cette erreur sur Maillage.",
    )
