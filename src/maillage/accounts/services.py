"""What people do with their account. Asking for a letter does the same whether the address is known or not."""

from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from maillage.accounts import links
from maillage.accounts.models import User

LETTERS = "letters"  # the queue of the jobs that write to people
LETTERS_KEPT_H = 24  # the jobs hold addresses


class AccountRefused(Exception):
    """Its text is shown to the person."""


def ask_to_join(*, email, site):
    _defer("accounts.write_about_joining", email=email, site=site)


def join(*, token, name, password):
    """Open the account of the address that ``token`` proves; raises LinkRefused, AccountRefused."""
    email = links.read("join", token)["email"]
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name)
    except IntegrityError:
        raise AccountRefused(
            "Un compte existe déjà avec cette adresse e-mail. Connectez-vous, ou choisissez un nouveau mot de passe."
        ) from None


def ask_new_password(*, email, site):
    _defer("accounts.write_about_password", email=email, site=site)


def choose_password(*, token, password, site):
    """Give a new password to the person whom ``token`` proves; sessions opened elsewhere end. Raises LinkRefused."""
    with transaction.atomic():
        person, _ = links.read_for("password", token, people=User.objects.select_for_update())
        set_password(person=person, password=password, site=site)
    return person


def set_password(*, person, password, site):
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        _defer("accounts.tell_password_changed", person_id=person.pk, site=site)


def _defer(task, **arguments):
    """Jobs are rows: they leave with the commit, and only then."""
    app.configure_task(task, queue=LETTERS).defer(**arguments)
