from django.urls import path

from maillage.web.digest import views

urlpatterns = [
    path("compte/nouvelles/", views.choose_rhythm, name="digest"),
    path("compte/nouvelles/arreter/<str:token>/", views.leave_digest, name="leave-digest"),
]
