from django.urls import path

from maillage.web.administration import hub, settings

urlpatterns = [
    path("administration/", hub.hub, name="administration"),
    path("administration/lettre/", hub.hear_of_team, name="hear-of-team"),
    path("administration/reglages/", settings.territory_settings, name="territory-settings"),
]
