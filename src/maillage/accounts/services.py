"""What people do with their account. Asking for a letter does the same whether the address is known or not."""

from axes.models import AccessAttempt
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from procrastinate.contrib.django import app

from maillage.accounts import links
from maillage.accounts.models import Identity, User
from maillage.kernel.audit import acting

LETTERS = "letters"  # the queue of the jobs that write to people
LETTERS_KEPT_H = 24  # the jobs hold addresses


class AccountRefused(Exception):
    """Its text is shown to the person."""


def ask_to_join(*, email, site, next_url=""):
    """next_url: an address of ours, where the new account leads; the caller has checked it."""
    _defer("accounts.write_about_joining", email=email, site=site, next_url=next_url)


def join(*, token, name, password):
    """Open the account of the address that ``token`` proves; raises LinkRefused, AccountRefused."""
    email = links.read("join", token)["email"]
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, name=name)
    except IntegrityError:
        raise AccountRefused(
            "Un compte existe déjà avec cette adresse. Connectez-vous, ou choisissez un nouveau mot de passe."
        ) from None


def ask_sign_in_letter(*, email, nonce, site):
    _defer("accounts.write_about_signing_in", email=email, nonce=nonce, site=site)


def person_of_code(*, email, nonce, code):
    """The person who signs in with ``email`` and received ``code`` in the letter of ``nonce``, or None."""
    person = User.objects.with_address(email)
    if person is None or not person.is_active or not constant_time_compare(links.code_for(person, nonce), code):
        return None
    return person


def welcome(stranger, *, provider, site):
    """The person whom a trusted provider vouches for; their account is opened, or found by its address, the first time.

    stranger  an openid.Stranger, whose address the provider has verified
    """
    with transaction.atomic():
        known = Identity.objects.filter(issuer=stranger.issuer, subject=stranger.subject).select_related("user").first()
        if known is not None:
            return known.user
        person = User.objects.with_address(stranger.email)
        if person is None:
            person = User.objects.create_user(stranger.email, name=stranger.name)
        else:
            tell_protection_changed(person=person, what=f"Votre compte est relié à {provider}.", site=site)
        Identity.objects.create(user=person, issuer=stranger.issuer, subject=stranger.subject)
    return person


def unlink(*, person, site):
    """Forget what providers call ``person``: they no longer sign in by them, until they do so again."""
    with transaction.atomic():
        deleted, _ = person.identities.all().delete()
        if deleted:
            tell_protection_changed(person=person, what="Votre compte n’est plus relié à un autre site.", site=site)


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


def rename(*, person, name):
    person.name = name
    person.save(update_fields=["name"])


def hear_of_messages(*, person, hears):
    """Whether ``person`` wants an e-mail when someone writes to one of their structures."""
    person.hears_of_messages = hears
    person.save(update_fields=["hears_of_messages"])


def ask_new_address(*, person, email, site):
    _defer("accounts.write_about_address", person_id=person.pk, email=email, site=site)


def change_address(*, token, reader, site):
    """Take the new address that ``token`` proves, for ``reader`` who is signed in; raises LinkRefused, AccountRefused.

    Whoever receives a letter that was sent to a mistyped address could else take the account.
    """
    try:
        with transaction.atomic():
            person, facts = links.read_for("address", token, people=User.objects.select_for_update())
            if person != reader:
                raise links.LinkRefused
            old, person.email = person.email, facts["email"]
            person.save(update_fields=["email"])
            _defer("accounts.tell_address_changed", person_id=person.pk, old=old, site=site)
    except IntegrityError:
        raise AccountRefused("Un autre compte se sert de cette adresse e\u2011mail. Choisissez-en une autre.") from None
    return person


def end_other_sessions(*, person):
    """Sign ``person`` out of every session; the page that asks keeps its own."""
    person.sessions_ended_at = timezone.now()
    person.save(update_fields=["sessions_ended_at"])


def erase(*, person, site):
    """Erase the account, its mandates and its name; what it wrote for structures stays theirs, without an author."""
    with transaction.atomic():
        AccessAttempt.objects.filter(username=person.email.lower()).delete()
        _defer("accounts.tell_erased", name=person.name, email=person.email, site=site)
        person.delete()


def enter_team(*, email, by, site):
    """Make whoever signs in with ``email`` an agent; they are told by a letter. Raises AccountRefused."""
    with transaction.atomic(), acting(by, reason="entre dans l’équipe"):
        person = User.objects.select_for_update().with_address(email)
        if person is None or not person.is_active:
            raise AccountRefused(
                "Personne n’a de compte avec cette adresse. Cette personne doit d’abord s’inscrire sur Maillage."
            )
        if person.is_agent:
            raise AccountRefused(f"{person} fait déjà partie de l’équipe.")
        _set_agent(person, True, by, site)
    return person


def leave_team(*, person_id, by, site):
    """Make an agent a person like the others; a team keeps one agent at least. Raises AccountRefused."""
    with transaction.atomic(), acting(by, reason="quitte l’équipe"):
        # All are locked, so that the last two never leave at the same time.
        team = User.objects.filter(is_agent=True).select_for_update().in_bulk()
        person = team.get(person_id)
        if person is None:
            raise AccountRefused("Cette personne ne fait plus partie de l’équipe.")
        if person.is_superuser:
            raise AccountRefused(f"{person} exploite le site\u00a0: ce rôle se retire sur le serveur.")
        if person.is_active and sum(one.is_active for one in team.values()) == 1:
            raise AccountRefused("Il faut au moins une personne dans l’équipe. Ajoutez-en une autre d’abord.")
        _set_agent(person, False, by, site)
    return person


def _set_agent(person, is_agent, by, site):
    person.is_agent = is_agent
    person.save(update_fields=["is_agent"])
    _defer("accounts.tell_team_changed", person_id=person.pk, by=str(by), site=site)


def tell_protection_changed(*, person, what, site):
    _defer("accounts.tell_protection_changed", person_id=person.pk, what=what, site=site)


def _defer(task, **arguments):
    """Jobs are rows: they leave with the commit, and only then."""
    app.configure_task(task, queue=LETTERS).defer(**arguments)
