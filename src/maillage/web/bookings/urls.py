from django.urls import path

from maillage.web.bookings import asking, views

urlpatterns = [
    path("annonces/<int:pk>/reserver/", asking.book, name="book"),
    path("reservations/", views.booking_list, name="bookings"),
    path("reservations/<int:pk>/", views.booking_page, name="booking"),
    path("reservations/<int:pk>/agenda.ics", views.event, name="booking-event"),
    path("reservations/<int:pk>/accepter/", views.accept, name="accept-booking"),
    path("reservations/<int:pk>/refuser/", views.refuse, name="refuse-booking"),
    path("reservations/<int:pk>/attendre/", views.wait, name="wait-for-booking"),
    path("reservations/<int:pk>/prendre/", views.take, name="take-booking"),
    path("reservations/<int:pk>/annuler/", views.cancel, name="cancel-booking"),
]
