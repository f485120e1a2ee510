"""Where django-allauth and django-axes ask what our accounts do."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request):
        """Accounts are opened by our own pages, once the address is confirmed."""
        return False


def address_tried(request, credentials):
    """Whose door is knocked at: wrong passwords are counted for each account, however its address is typed."""
    tried = (credentials or {}).get("email") or (request.POST.get("login") if request else "") or ""
    return tried.strip().lower()
