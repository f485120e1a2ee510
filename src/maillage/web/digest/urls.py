from django.urls import path

from maillage.web.digest import ending, views

urlpatterns = [
    path("compte/nouvelles/", views.choose_rhythm, name="digest"),
    path("annonces/renouveler/<str:token>/", ending.answer_reminder, name="answer-reminder"),
    path("compte/nouvelles/arreter/<str:token>/", views.leave_digest, name="leave-digest"),
]
