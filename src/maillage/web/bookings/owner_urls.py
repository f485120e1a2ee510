"""What the owner of an offer sets."""

from django.urls import path

from maillage.web.bookings import rules

urlpatterns = [
    path("annonces/<int:pk>/regles-de-pret/", rules.lending_rules, name="lending-rules"),
]
