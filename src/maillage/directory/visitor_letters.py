"""Letters of people without an account to a structure: kept until their address is proved, sent, then erased."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from maillage.accounts import links
from maillage.accounts.links import LinkRefused
from maillage.accounts.services import LETTERS
from maillage.directory.models import Structure, VisitorLetter
from maillage.directory.team import has_representative, listening

KEPT_FOR = timedelta(days=3)  # longer than the link of the letter, and than the jobs that send it


class LetterRefused(Exception):
    """Its text is shown to the person."""


def readers_of(structure):
    """Those whom a visitor's letter to ``structure`` goes to: who represents it, else who helps it at its demand."""
    mandates = structure.mandates.current()
    people = listening(mandates.representatives() if has_representative(structure) else mandates.helpers())
    return people if structure.state == Structure.State.ACTIVE else people.none()


def write_letter(*, structure, name, email, text, site):
    """Keep a letter and ask its writer, by e-mail, to prove the address; nothing goes to the structure yet."""
    with transaction.atomic():
        if not readers_of(structure).exists():
            raise LetterRefused("Personne ne lit les messages de cette association pour le moment.")
        letter = VisitorLetter.objects.create(structure=structure, name=name, email=email, text=text)
        _queue("directory.ask_visitor", letter, site)
    return letter


def token_of(letter):
    return links.sign("visitor", letter=letter.pk, structure=letter.structure_id)


def letter_of(token, *, letters=VisitorLetter.objects):
    """The letter whose writer holds ``token``; raises LinkRefused when it is too old, or has left already."""
    known = letters.filter(pk=links.read("visitor", token)["letter"], confirmed_at=None).first()
    if known is None:
        raise LinkRefused
    return known


def send_letter(*, token, site):
    """Send the letter to those who represent the structure, once; raises LinkRefused."""
    with transaction.atomic():
        letter = letter_of(token, letters=VisitorLetter.objects.select_for_update())
        letter.confirmed_at = timezone.now()
        letter.save(update_fields=["confirmed_at"])
        _queue("directory.deliver_visitor_letter", letter, site)
    return letter


def forget():
    return VisitorLetter.objects.filter(asked_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _queue(task, letter, site):
    app.configure_task(task, queue=LETTERS).defer(letter_id=letter.pk, site=site)
