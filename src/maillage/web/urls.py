"""Every address of the site, area by area."""

from django.urls import include, path

urlpatterns = [
    path("", include("maillage.web.home.urls")),
    path("", include("maillage.web.accounts.urls")),
    path("", include("maillage.web.site.urls")),
    path("", include("maillage.web.administration.urls")),
    path("", include("maillage.web.territory.urls")),
    path("", include("maillage.web.places.urls")),
    path("", include("maillage.web.directory.urls")),
    path("", include("maillage.web.sharing.urls")),
    path("", include("maillage.web.bookings.urls")),
    path("", include("maillage.web.bookings.owner_urls")),
    path("", include("maillage.web.handovers.urls")),
    path("", include("maillage.web.search.urls")),
    path("", include("maillage.web.volunteering.urls")),
    path("", include("maillage.web.agreements.urls")),
    path("", include("maillage.web.affairs.urls")),
    path("", include("maillage.web.opportunities.urls")),
    path("", include("maillage.web.conversations.urls")),
    path("", include("maillage.web.digest.urls")),
]
