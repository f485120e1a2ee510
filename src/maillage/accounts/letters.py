"""What accounts write to people. Each letter asks for one thing and says what to do if one asked for nothing."""

from datetime import timedelta

from django.utils import timezone

from maillage.accounts import links
from maillage.engine.french import date_fr, time_fr
from maillage.kernel.letters import Action, Letter, hello

ASKED = "Vous recevez ce message parce que quelqu’un a écrit votre adresse sur Maillage."
HAS_ACCOUNT = "Vous recevez ce message parce que vous avez un compte sur Maillage."
NOT_YOU = "Si ce n’était pas vous, ne faites rien\u00a0: rien ne change."


def join(email, site, next_url=""):
    return Letter(
        subject="Maillage\u00a0: confirmez votre adresse e\u2011mail",
        title="Bienvenue\u202f!",
        paragraphs=("Vous voulez un compte sur Maillage. Il reste à choisir votre nom et votre mot de passe.",),
        action=Action.to("Créer mon compte", site, "join", links.sign("join", email=email, next=next_url)),
        after=(f"Ce lien sert jusqu’au {_end('join')}.", NOT_YOU),
        why=ASKED,
    )


def already_member(person, site):
    return Letter(
        subject="Maillage\u00a0: vous avez déjà un compte",
        title="Vous avez déjà un compte",
        paragraphs=(
            "Quelqu’un, sans doute vous, a écrit cette adresse pour ouvrir un compte. Elle en a déjà un.",
            "Connectez-vous avec cette adresse. Si vous avez oublié le mot de passe, la page vous aide.",
        ),
        action=Action.to("Me connecter", site, "account_login"),
        after=(NOT_YOU,),
        why=HAS_ACCOUNT,
    )


def sign_in(person, code, site):
    return Letter(
        subject=f"Maillage\u00a0: votre code est {_apart(code)}",
        title=hello(person),
        paragraphs=("Voici le code à recopier pour vous connecter à Maillage\u00a0:",),
        code=_apart(code),
        action=Action.to("Me connecter ici", site, "follow-link", links.sign_for("sign-in", person)),
        after=(
            f"Le code et le lien servent une seule fois, jusqu’au {_end('sign-in')}.",
            "Ne donnez ce code à personne, même à quelqu’un de l’équipe.",
            NOT_YOU,
        ),
        why=HAS_ACCOUNT,
    )


def new_password(person, site):
    return Letter(
        subject="Maillage\u00a0: choisissez un nouveau mot de passe",
        title=hello(person),
        paragraphs=("Vous voulez un nouveau mot de passe pour Maillage. Vous pouvez le choisir maintenant.",),
        action=Action.to("Choisir mon mot de passe", site, "choose-password", links.sign_for("password", person)),
        after=(f"Ce lien sert une seule fois, jusqu’au {_end('password')}.", NOT_YOU),
        why=HAS_ACCOUNT,
    )


def password_changed(person, site):
    return Letter(
        subject="Maillage\u00a0: votre mot de passe a changé",
        title=hello(person),
        paragraphs=("Le mot de passe de votre compte vient de changer. Si c’était vous, tout va bien.",),
        action=Action.to("Ce n’était pas moi", site, "account_reset_password"),
        after=("Ce lien mène à la page où vous choisissez un autre mot de passe.",),
        why=HAS_ACCOUNT,
    )


def protection_changed(person, what, site):
    """``what`` happened to the ways in, in a sentence."""
    return Letter(
        subject="Maillage\u00a0: la sécurité de votre compte a changé",
        title=hello(person),
        paragraphs=(what, "Si c’était vous, tout va bien. Sinon, changez vite votre mot de passe."),
        action=Action.to("Voir mon compte", site, "my-account"),
        why=HAS_ACCOUNT,
    )


def team_changed(person, by, site):
    """``by``: the name of who did it."""
    if person.is_agent:
        return Letter(
            subject="Maillage\u00a0: vous êtes de l’équipe du territoire",
            title=hello(person),
            paragraphs=(
                f"{by} vous a ajouté à l’équipe du territoire.",
                "Vous voyez maintenant les questions, les signalements et le journal. Ce que vous y faites est noté.",
                "Pensez à protéger votre compte par la connexion en deux étapes.",
            ),
            action=Action.to("Voir mon espace", site, "my-space"),
            why=HAS_ACCOUNT,
        )
    return Letter(
        subject="Maillage\u00a0: vous n’êtes plus de l’équipe",
        title=hello(person),
        paragraphs=(
            f"{by} vous a retiré de l’équipe du territoire.",
            "Votre compte reste ouvert\u00a0: vos associations et vos messages ne changent pas.",
        ),
        action=Action.to("Voir mon espace", site, "my-space"),
        why=HAS_ACCOUNT,
    )


def new_address(person, email, site):
    """Without the person's name: the address may be mistyped, and someone else's."""
    token = links.sign_for("address", person, email=email)
    return Letter(
        subject="Maillage\u00a0: confirmez votre nouvelle adresse",
        title="Bonjour,",
        paragraphs=("Vous voulez recevoir ici les messages de Maillage, et vous connecter avec cette adresse.",),
        action=Action.to("Confirmer cette adresse", site, "confirm-address", token),
        after=(f"Ce lien sert une seule fois, jusqu’au {_end('address')}.", NOT_YOU),
        why=ASKED,
    )


def address_changed(person, site):
    """For the old address; it does not tell the new one, which may be a thief's or a spouse's."""
    return Letter(
        subject="Maillage\u00a0: votre adresse e\u2011mail a changé",
        title=hello(person),
        paragraphs=(
            "L’adresse de votre compte vient de changer. Vous ne recevrez plus de message ici.",
            "Si c’était vous, tout va bien. Sinon, prévenez vite l’équipe du territoire.",
        ),
        action=Action.to("Joindre l’équipe", site, "help"),
        why="Vous recevez ce message parce que cette adresse était celle de votre compte.",
    )


def erased(name, site):
    return Letter(
        subject="Maillage\u00a0: votre compte est effacé",
        title=f"Au revoir {name}," if name else "Au revoir,",
        paragraphs=(
            "Votre compte, votre nom et votre adresse sont effacés. Ce message est le dernier.",
            "Ce que vous avez écrit au nom d’une association reste à cette association, sans votre nom.",
        ),
        why="Vous recevez ce message parce que vous avez effacé votre compte.",
    )


def _end(purpose):
    """The last moment of a link signed now: « jeudi 26 novembre 2026 à 10 h 30 »."""
    end = timezone.localtime(timezone.now() + timedelta(seconds=links.LASTS[purpose]))
    return f"{date_fr(end)} à {time_fr(end)}"


def _apart(code):
    """« 123 456 », easier to copy."""
    return f"{code[:3]}\u00a0{code[3:]}"
