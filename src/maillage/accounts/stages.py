"""What stands between a right password and an open session."""

from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login


class SecondFactorStage(AuthenticateStage):
    """Asked of those who chose it. A passkey is two factors already, and having one does not close the other ways."""

    def _should_handle(self, request):
        person = self.login.user
        has_chosen = person is not None and is_mfa_enabled(person, [Authenticator.Type.TOTP])
        return has_chosen and not did_use_passwordless_login(request, person)
