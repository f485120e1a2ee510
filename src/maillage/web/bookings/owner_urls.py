"""What the owner of an offer sets; many dates asked at once."""

from django.urls import path

from maillage.web.bookings import closed_days, outside, parts, rules, series

urlpatterns = [
    path("annonces/<int:pk>/regles-de-pret/", rules.lending_rules, name="lending-rules"),
    path("annonces/<int:pk>/jours-fermes/", closed_days.closed_days, name="closed-days"),
    path("annonces/<int:pk>/jours-fermes/vacances/", closed_days.close_holidays, name="close-holidays"),
    path("annonces/<int:pk>/jours-fermes/<int:closure>/rouvrir/", closed_days.reopen_day, name="reopen-day"),
    path("annonces/<int:pk>/agenda-exterieur/", outside.outside_calendar, name="outside-calendar"),
    path("annonces/<int:pk>/agenda-exterieur/oublier/", outside.forget_calendar, name="forget-calendar"),
    path("annonces/<int:pk>/composition/", parts.listing_parts, name="listing-parts"),
    path("annonces/<int:pk>/reserver/plusieurs-dates/", series.book_series, name="book-series"),
    path("reservations/series/<int:pk>/", series.series_page, name="booking-series"),
]
