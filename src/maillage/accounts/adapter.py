"""Where django-allauth asks what our accounts do."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Not open yet: accounts are the demonstration's people and those that an operator creates."""
        return False
