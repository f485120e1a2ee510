"""What addresses hold: numbers of rows, and the site itself."""

from django.conf import settings

LARGEST_ID = 2**63 - 1  # PostgreSQL refuses to compare a larger number with a key


def site_of(request):
    """The address of Maillage that e-mails name, « https://…/ »."""
    return settings.SITE_URL or request.build_absolute_uri("/")
