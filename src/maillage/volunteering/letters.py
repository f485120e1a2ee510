"""What is written to volunteers, and to those who organise; never anyone's address."""

from django.utils import timezone

from maillage.engine.french import NBSP, date_fr, of_fr
from maillage.kernel.letters import Action, Letter, cut, hello
from maillage.volunteering import engaging
from maillage.volunteering.models import Engagement

SAID = {
    Engagement.State.ACCEPTED: ("Une personne vient vous aider", "{who} accepte la mission «{nbsp}{mission}{nbsp}»."),
    Engagement.State.DECLINED: ("Une personne ne viendra pas", "{who} décline la mission «{nbsp}{mission}{nbsp}»."),
    Engagement.State.WITHDRAWN: ("Une place se libère", "{who} se retire de la mission «{nbsp}{mission}{nbsp}»."),
}


def days_of(mission):
    """« le samedi 7 novembre 2026 », « du … au … »."""
    if mission.first_day == mission.last_day:
        return f"le {date_fr(mission.first_day)}"
    return f"du {date_fr(mission.first_day)} au {date_fr(mission.last_day)}"


def invited(engagement, site):
    """For an address: all that one must know before answering."""
    mission = engagement.mission
    who = engagement.invited_by.name if engagement.invited_by else mission.structure.name
    return Letter(
        subject=cut(f"{who} vous propose une mission"),
        title="Bonjour,",
        paragraphs=(
            f"{who} vous propose une mission bénévole{NBSP}: «{NBSP}{mission.title}{NBSP}».",
            f"Quand{NBSP}: {days_of(mission)}, {mission.hours}. Où{NBSP}: {mission.place}, {mission.commune.name}.",
            f"Elle est organisée par {mission.structure.name}, assurée par {mission.insurer}.",
            f"Rien n’est décidé{NBSP}: vous seul choisissez, après avoir lu les tâches.",
        ),
        action=Action.to("Lire la mission et répondre", site, "mission-invitation", engaging.link_of(engagement)),
        after=("Vous n’avez rien à faire si cela ne vous concerne pas.",),
        why="Vous recevez ce message parce qu’une association a écrit votre adresse pour vous inviter.",
    )


def changed(engagement, site):
    mission = engagement.mission
    return Letter(
        subject=cut(f"La mission a changé{NBSP}: {mission.title}"),
        title=hello(engagement.user),
        paragraphs=(
            f"{mission.structure.name} a changé la mission «{NBSP}{mission.title}{NBSP}», que vous aviez acceptée.",
            f"C’est maintenant {days_of(mission)}, {mission.hours}, à {mission.place} ({mission.commune.name}).",
            "Relisez-la. Vous pouvez l’accepter ainsi, ou vous retirer.",
        ),
        action=Action.to("Relire la mission", site, "mission", mission.pk),
        why="Vous recevez ce message parce que vous avez accepté cette mission.",
    )


def cancelled(engagement, site):
    mission = engagement.mission
    return Letter(
        subject=cut(f"Mission annulée{NBSP}: {mission.title}"),
        title=hello(engagement.user),
        paragraphs=(
            f"{mission.structure.name} annule la mission «{NBSP}{mission.title}{NBSP}», prévue {days_of(mission)}.",
            f"La raison{NBSP}: {mission.cancelled_because}",
        ),
        action=Action.to("Voir mes missions", site, "my-missions"),
        why="Vous recevez ce message parce que vous aviez accepté cette mission.",
    )


def answered(engagement, state, person, site):
    """For someone of the team that organises: who comes, who does not."""
    mission = engagement.mission
    subject, sentence = SAID[state]
    who = engagement.user.name if engagement.user and engagement.user.name else "Une personne"
    left = mission.places - mission.engagements.accepted().count()
    over = " Elle est passée." if mission.last_day < timezone.localdate() else ""
    return Letter(
        subject=cut(f"{subject}{NBSP}: {mission.title}"),
        title=hello(person),
        paragraphs=(
            sentence.format(who=who, mission=mission.title, nbsp=NBSP),
            f"Il reste {left} place{'s' if left > 1 else ''} sur {mission.places}.{over}",
        ),
        action=Action.to("Voir la mission", site, "mission", mission.pk),
        why=f"Vous recevez ce message parce que vous agissez au nom {of_fr(mission.structure.name)}.",
    )
