from django.urls import path

from maillage.web.site import journal, views

urlpatterns = [
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("donnees-personnelles/", views.personal_data, name="personal-data"),
    path("mentions-legales/", views.legal_notice, name="legal-notice"),
    path("confort/", views.comfort, name="comfort"),
    path("aide/", views.help_page, name="help"),
    path("composants/", views.components, name="components"),
    path("journal/", journal.journal, name="journal"),
]
