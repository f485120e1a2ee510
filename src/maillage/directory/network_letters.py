"""What the directory writes about networks: someone invites or asks, the other side answers."""

from datetime import date
from urllib.parse import urljoin

from django.urls import reverse
from procrastinate.contrib.django import app

from maillage.accounts import links
from maillage.accounts.services import LETTERS
from maillage.engine.french import NBSP, date_fr
from maillage.kernel.letters import Action, Letter, cut, hello

# event: (who happens to be told, the subject, what happened, the button)
EVENTS = {
    "invited": ("member", "{head} vous invite", "{head} invite «{nbsp}{member}{nbsp}» dans son réseau.", "Répondre"),
    "asked": ("head", "{member} veut vous rejoindre", "{member} demande à rejoindre votre réseau.", "Répondre"),
    "invitation_accepted": (
        "head",
        "Un membre de plus{nbsp}: {member}",
        "{member} a accepté votre invitation.",
        "Voir notre réseau",
    ),
    "request_accepted": (
        "member",
        "Vous êtes du réseau {head}",
        "{head} a accepté votre demande{nbsp}: «{nbsp}{member}{nbsp}» fait partie de son réseau.",
        "Voir nos réseaux",
    ),
    "invitation_refused": (
        "head",
        "{member} ne vous rejoint pas",
        "{member} n’a pas accepté l’invitation de votre réseau.",
        "Voir notre réseau",
    ),
    "help_asked": (
        "head",
        "{member} demande votre aide",
        "{member} demande à votre réseau d’agir pour elle sur Maillage, jusqu’au {until}.",
        "Répondre",
    ),
    "help_offered": (
        "member",
        "{head} propose d’agir pour vous",
        "{head} propose d’agir pour «{nbsp}{member}{nbsp}» sur Maillage, jusqu’au {until}.",
        "Répondre",
    ),
    "help_accepted": (
        "head",
        "Vous agissez pour {member}",
        "{member} a accepté votre aide jusqu’au {until}{nbsp}: vous publiez et répondez en son nom.",
        "Voir notre réseau",
    ),
    "help_offer_refused": (
        "head",
        "{member} se passe de votre aide",
        "{member} n’a pas accepté que votre réseau agisse pour elle.",
        "Voir notre réseau",
    ),
    "help_request_refused": (
        "member",
        "Votre demande d’aide à {head}",
        "{head} n’a pas accepté d’agir pour «{nbsp}{member}{nbsp}».",
        "Voir nos réseaux",
    ),
    "request_refused": (
        "member",
        "Votre demande à {head}",
        "{head} n’a pas accepté la demande de «{nbsp}{member}{nbsp}».",
        "Voir nos réseaux",
    ),
}
HELP = "Qui agit publie, répond et présente l’association, sans rien signer. Elle l’arrête quand elle veut."
AFTER = {
    "help_asked": HELP,
    "help_offered": HELP,
    "invited": "Ensuite, chacune voit ce que l’autre montre à son réseau. Vous pourrez le quitter.",
    "asked": "Ensuite, chacune voit ce que l’autre montre à son réseau. Vous pourrez la retirer.",
    "invitation_refused": "Vous pouvez en parler ensemble, puis l’inviter de nouveau.",
    "request_refused": "Vous pouvez en parler ensemble, puis demander de nouveau.",
}


def tell_about_network(event, request, site):
    """Have those who represent the other side of ``request``, between a head and a member, hear of it on commit.

    A request of help says until when.

    site  the address of Maillage; without, no letter is written
    """
    if site:
        app.configure_task("directory.tell_about_network", queue=LETTERS).defer(
            event=event,
            head_id=request.head_id,
            member_id=request.member_id,
            until=request.until.isoformat() if event.startswith("help") else "",
            site=site,
        )


def told(event, *, head, member):
    """The structure that hears of ``event``."""
    return head if EVENTS[event][0] == "head" else member


def about_network(event, *, head, member, person, site, until=""):
    """For someone who represents the structure that hears of ``event``; until: the last day of help, as ISO says it."""
    _, subject, sentence, label = EVENTS[event]
    words = {"head": head.name, "member": member.name, "nbsp": NBSP}
    words["until"] = date_fr(date.fromisoformat(until)) if until else ""
    return Letter(
        subject=cut(subject.format(**words)),
        title=hello(person),
        paragraphs=(sentence.format(**words),),
        action=Action.to(label, site, "network", told(event, head=head, member=member).pk),
        after=(AFTER[event],) if event in AFTER else (),
        why="Vous recevez ce message parce que vous représentez cette association.",
        leave=urljoin(site, reverse("leave-letters", args=[links.sign("leave", person=person.pk)])),
    )
