"""What every page shows around its content."""

from django.urls import reverse
from django.utils.functional import SimpleLazyObject, lazy

from maillage.accounts.models import User
from maillage.conversations.models import Conversation
from maillage.kernel.models import THE_ONE, TerritorySettings
from maillage.kernel.territory_settings import FIELDS, said_by
from maillage.web.comfort import comfort_of
from maillage.web.helped import assistance_of
from maillage.web.site.accessibility import declaration

NAVIGATION = (  # (name of the address, label, icon)
    ("search", "Chercher", "search"),
    ("publish", "Proposer", "plus"),
    ("structures", "Associations", "users"),
    ("territory", "Territoire", "map"),
)
PLACES = ("places", "Lieux", "map-pin")  # in the menu of phones; across the page, only while the others leave it room
MEMBER_NAVIGATION = (
    ("my-listings", "Mes annonces", "list"),
    ("opportunities", "Occasions", "sparkles"),
    ("conversations", "Messages", "messages-square"),
)
AGENT_NAVIGATION = (("administration", "Équipe", "list-checks"),)


def site(request):
    facts = SimpleLazyObject(_facts)
    return {
        **{f"site_{name}": lazy(lambda name=name: facts[name], str)() for name in FIELDS},
        "accessibility_state": declaration()["state"],
        "navigation": _links(request),
        "helped": SimpleLazyObject(lambda: assistance_of(request)),
        "comfort": comfort_of(request),
        "shows_demonstration": lazy(lambda: facts["shows_demonstration"], bool)(),
    }


def _links(request):
    user = getattr(request, "user", None)
    is_member = bool(user and user.is_authenticated)
    entries = (*NAVIGATION, PLACES, *(MEMBER_NAVIGATION if is_member else ()))
    if user and is_member and user.is_agent:
        entries += AGENT_NAVIGATION
    return [
        {
            "label": label,
            "url": reverse(name),
            "icon": icon,
            "is_current": request.path.startswith(reverse(name)),
            "is_for_phones": is_member and name == PLACES[0],
            "news": SimpleLazyObject(lambda: _unread(user)) if name == "conversations" else 0,
        }
        for name, label, icon in entries
    ]


def _unread(user):
    """How many conversations have something new."""
    return Conversation.objects.read_by(user).with_unread(user).filter(unread__gt=0).count()


def _facts():
    """What the territory says, and whether the demonstration is here: one query for both, without which no page goes.

    Loading the demonstration always makes people; their table stays small whatever the territory.
    """
    settings, people = TerritorySettings._meta.db_table, User._meta.db_table
    (row,) = TerritorySettings.objects.raw(
        f"SELECT *, EXISTS (SELECT FROM {people} WHERE is_demonstration) AS shows_demonstration "
        f"FROM (VALUES ({THE_ONE})) one (id) LEFT JOIN {settings} USING (id)"
    )
    return said_by(row) | {"shows_demonstration": row.shows_demonstration}  # type: ignore[attr-defined]
