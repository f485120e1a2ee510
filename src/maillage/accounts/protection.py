"""What people add to their password: codes of an application, codes of rescue, passkeys (tables of django-allauth)."""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction

from maillage.accounts import limits
from maillage.accounts.services import AccountRefused, tell_protection_changed

Type = Authenticator.Type
CODE_LIVES_S = 90  # a code is right half a minute before and after its own
MOST_PASSKEYS = 10

new_secret = generate_totp_secret


def has_second_factor(person):
    return Authenticator.objects.filter(user=person, type=Type.TOTP).exists()


def turn_on(*, person, secret, code, site):
    """Ask ``person`` for codes from now on; raises AccountRefused when ``code`` is not one of ``secret``."""
    if not validate_totp_code(secret, code):
        raise AccountRefused(
            "Ce n’est pas le bon code. Attendez le code suivant, et vérifiez l’heure de votre téléphone."
        )
    with transaction.atomic():
        Authenticator.objects.filter(user=person, type__in=[Type.TOTP, Type.RECOVERY_CODES]).delete()
        TOTP.activate(person, secret)
        RecoveryCodes.activate(person)
        limits.once("totp", f"{person.pk}|{code}", CODE_LIVES_S)
        tell_protection_changed(person=person, what="La connexion en deux étapes est mise en place.", site=site)


def turn_off(*, person, site):
    with transaction.atomic():
        Authenticator.objects.filter(user=person, type__in=[Type.TOTP, Type.RECOVERY_CODES]).delete()
        tell_protection_changed(person=person, what="La connexion en deux étapes est arrêtée.", site=site)


def use_code(*, person, code):
    """Whether ``code`` is one of the application or of rescue that has not served; it has from now on."""
    with transaction.atomic():
        for means in Authenticator.objects.filter(user=person, type__in=[Type.TOTP, Type.RECOVERY_CODES]):
            if _is_right(means, code):
                means.record_usage()
                return True
    return False


def rescue_codes(person):
    """The codes of rescue that have not served; none without a second factor."""
    means = Authenticator.objects.filter(user=person, type=Type.RECOVERY_CODES).first()
    return means.wrap().get_unused_codes() if means else []


def renew_rescue_codes(*, person, site):
    """Make other codes of rescue: the old ones serve no more."""
    with transaction.atomic():
        Authenticator.objects.filter(user=person, type=Type.RECOVERY_CODES).delete()
        if has_second_factor(person):
            RecoveryCodes.activate(person)
            tell_protection_changed(person=person, what="Vos codes de secours sont remplacés.", site=site)


def passkeys(person):
    return Authenticator.objects.filter(user=person, type=Type.WEBAUTHN).order_by("created_at", "pk")


def add_passkey(*, person, name, credential, site):
    """Keep a passkey that the browser has just made and the server has checked; raises AccountRefused."""
    if passkeys(person).count() >= MOST_PASSKEYS:
        raise AccountRefused("Vous avez déjà dix clés d’accès. Retirez‑en une avant d’en ajouter.")
    with transaction.atomic():
        WebAuthn.add(person, name, credential)
        tell_protection_changed(person=person, what=f"Une clé d’accès est ajoutée\u00a0: {name}.", site=site)


def remove_passkey(*, person, pk, site):
    with transaction.atomic():
        deleted, _ = passkeys(person).filter(pk=pk).delete()
        if deleted:
            tell_protection_changed(person=person, what="Une clé d’accès est retirée.", site=site)


def _is_right(means, code):
    if means.type == Type.RECOVERY_CODES:
        return means.wrap().validate_code(code)
    is_right = validate_totp_code(decrypt(means.data["secret"]), code)
    return is_right and limits.once("totp", f"{means.user_id}|{code}", CODE_LIVES_S)
