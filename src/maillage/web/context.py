"""What every page shows around its content."""

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, lazy

from maillage.accounts.models import User
from maillage.conversations.models import Conversation
from maillage.web.comfort import comfort_of
from maillage.web.helped import assistance_of
from maillage.web.site.accessibility import declaration

NAVIGATION = (  # (name of the address, label, icon)
    ("search", "Chercher", "search"),
    ("publish", "Proposer", "plus"),
    ("structures", "Structures", "users"),
    ("territory", "Territoire", "map"),
)
VISITOR_NAVIGATION = (("places", "Lieux", "map-pin"),)
MEMBER_NAVIGATION = (
    ("my-listings", "Mes annonces", "list"),
    ("opportunities", "Occasions", "sparkles"),
    ("conversations", "Messages", "messages-square"),
)


def site(request):
    return {
        "site_phone": settings.SITE_PHONE,
        "site_email": settings.SITE_EMAIL,
        "site_publisher": settings.SITE_PUBLISHER,
        "accessibility_state": declaration()["state"],
        "navigation": _links(request),
        "helped": SimpleLazyObject(lambda: assistance_of(request)),
        "comfort": comfort_of(request),
        "shows_demonstration": lazy(_shows_demonstration, bool)(),
    }


def _links(request):
    user = getattr(request, "user", None)
    entries = NAVIGATION + (MEMBER_NAVIGATION if user and user.is_authenticated else VISITOR_NAVIGATION)
    return [
        {
            "label": label,
            "url": reverse(name),
            "icon": icon,
            "is_current": request.path.startswith(reverse(name)),
            "news": SimpleLazyObject(lambda: _unread(user)) if name == "conversations" else 0,
        }
        for name, label, icon in entries
    ]


def _unread(user):
    """How many conversations have something new."""
    return Conversation.objects.read_by(user).with_unread(user).filter(unread__gt=0).count()


def _shows_demonstration():
    """Loading the demonstration always makes people; their table stays small whatever the territory."""
    return User.objects.filter(is_demonstration=True).exists()
