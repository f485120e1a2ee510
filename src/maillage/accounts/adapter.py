"""Where django-allauth and django-axes ask what our accounts do."""

import logging
from smtplib import SMTPException

from allauth.account.adapter import DefaultAccountAdapter

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Not open yet: accounts are the demonstration's people and those that an operator creates."""
        return False

    def send_mail(self, template_prefix, email, context):
        """A message that cannot leave is an operator's trouble; an error page would tell that the address is known."""
        try:
            super().send_mail(template_prefix, email, context)
        except (OSError, SMTPException):
            logger.exception("The message %s could not be sent.", template_prefix)


def address_tried(request, credentials):
    """Whose door is knocked at: wrong passwords are counted for each account, however its address is typed."""
    tried = (credentials or {}).get("email") or (request.POST.get("login") if request else "") or ""
    return tried.strip().lower()
