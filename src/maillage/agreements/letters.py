"""What agreements write to people by e-mail: read, sign, here is your copy."""

from datetime import timedelta
from urllib.parse import urljoin

from django.utils import timezone

from maillage.accounts import links
from maillage.agreements.models import Agreement
from maillage.engine.french import HYPHEN, NBSP, date_fr, time_fr
from maillage.kernel.letters import Action, Letter, cut, hello

THIN = "\u2009"  # a line may end on it, and eight figures do not read as a number
WHY = "Vous recevez ce message parce que vous représentez une association de cet accord."


def proposed(agreement, person, site):
    """For the structure that has not written this version."""
    version = agreement.latest
    who = agreement.structure_of(version.made_for).name
    return Letter(
        subject=cut(f"Accord à lire{NBSP}: {agreement.get_nature_display()}"),
        title=f"{who} vous propose un accord",
        paragraphs=(
            _named(agreement),
            *_days(agreement),
            "Lisez-le. S’il vous convient, signez-le. Sinon, changez-le et proposez votre version.",
        ),
        action=_to(agreement, "Lire l’accord", site),
        after=("Rien n’est engagé tant que les deux associations n’ont pas signé.",),
        why=WHY,
    )


def signed_by_one(agreement, person, site):
    """For the structure that has not signed yet."""
    signature = agreement.latest.signatures.first()
    who = agreement.structure_of(signature.side).name
    return Letter(
        subject=cut(f"Il manque votre signature{NBSP}: {agreement.get_nature_display()}"),
        title=f"{who} a signé",
        paragraphs=(
            _named(agreement),
            *_days(agreement),
            "Il manque votre signature. Une personne qui peut engager votre association signe sur Maillage.",
        ),
        action=_to(agreement, "Lire et signer", site),
        why=WHY,
    )


def waiting(agreement, person, site):
    """For those who may sign for a structure that has not."""
    return Letter(
        subject=cut(f"Rappel{NBSP}: un accord attend votre signature"),
        title=hello(person),
        paragraphs=(_named(agreement), *_days(agreement), "Il attend votre signature, ou votre réponse."),
        action=_to(agreement, "Lire et signer", site),
        after=("Vous ne voulez plus de cet accord\u202f? Sa page permet de l’abandonner.",),
        why=WHY,
    )


def signed_by_all(agreement, person, site):
    """With the signed copy."""
    return Letter(
        subject=cut(f"Accord signé{NBSP}: {agreement.get_nature_display()}"),
        title="L’accord est signé",
        paragraphs=(
            _named(agreement),
            *_days(agreement),
            f"Les deux associations ont signé. Votre exemplaire est joint à cet e{HYPHEN}mail{NBSP}: gardez-le.",
            f"L’empreinte du texte signé est{NBSP}: {_apart(agreement.latest.digest)}",
        ),
        action=_to(agreement, "Voir l’accord", site),
        after=("La page «\u00a0Vérifier un document\u00a0» de Maillage dit si un fichier est bien celui-là.",),
        why=WHY,
    )


def closed(agreement, person, site):
    """For the other structure, when one gave up or ended it."""
    ended = agreement.state == Agreement.State.TERMINATED
    return Letter(
        subject=cut(f"{'Accord résilié' if ended else 'Accord abandonné'}{NBSP}: {agreement.get_nature_display()}"),
        title=hello(person),
        paragraphs=(
            _named(agreement),
            f"Il est {agreement.get_state_display()} depuis le {date_fr(agreement.closed_on)}.",
            *([f"La raison{NBSP}: {agreement.closing_reason}"] if agreement.closing_reason else ()),
        ),
        action=_to(agreement, "Voir l’accord", site),
        why=WHY,
    )


def signing_code(agreement, person, code, site):
    """For whoever is about to sign."""
    until = timezone.localtime() + timedelta(seconds=links.LASTS["agreement"])
    shown = f"{code[:3]}{NBSP}{code[3:]}"
    return Letter(
        subject=f"Maillage{NBSP}: votre code pour signer est {shown}",
        title=hello(person),
        paragraphs=(
            _named(agreement),
            "Voici le code qui confirme votre signature. Recopiez-le sur la page où vous signez.",
        ),
        code=shown,
        action=_to(agreement, "Revoir l’accord", site),
        after=(
            f"Il sert jusqu’à {time_fr(until)}. Ne le donnez à personne.",
            "Si vous n’alliez pas signer, ne faites rien\u00a0: rien n’est signé.",
        ),
        why="Vous recevez ce message parce que vous signez un accord sur Maillage.",
    )


def _named(agreement):
    return (
        f"{agreement.get_nature_display().capitalize()}, entre {agreement.lender.name} et {agreement.borrower.name} "
        f"(accord n°{NBSP}{agreement.pk})."
    )


def _apart(digest):
    """By groups of eight, for narrow screens, apart as no number is; the page that verifies reads it so."""
    return THIN.join(digest[start : start + 8] for start in range(0, len(digest), 8))


def _days(agreement):
    if not agreement.starts_on:
        return ()
    if agreement.ends_on == agreement.starts_on:
        return (f"Le {date_fr(agreement.starts_on)}.",)
    until = f" au {date_fr(agreement.ends_on)}" if agreement.ends_on else ""
    return (f"{'Du' if until else 'À partir du'} {date_fr(agreement.starts_on)}{until}.",)


def _to(agreement, label, site):
    return Action(label, urljoin(site, agreement.get_absolute_url()))
