"""Where django-allauth and django-axes ask what our accounts do."""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.utils.crypto import salted_hmac


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Accounts are opened by our own pages, once the address is confirmed."""
        return False

    def is_safe_url(self, url):
        """An address that cannot be read, « http://[ », is not safe either."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def get_login_stages(self):
        return ["maillage.accounts.stages.SecondFactorStage"]


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets that make codes are of no use to who reads the database without the secret key."""

    def encrypt(self, text):
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_rp_entity(self):
        return super().get_public_key_credential_rp_entity() | {"name": "Maillage"}


def _cipher():
    digest = salted_hmac("maillage.accounts.second-factor", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def address_tried(request, credentials):
    """Whose door is knocked at: wrong passwords are counted for each account, however its address is typed."""
    tried = (credentials or {}).get("email") or (request.POST.get("login") if request else "") or ""
    return tried.strip().lower()
