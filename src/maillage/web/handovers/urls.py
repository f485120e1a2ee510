from django.urls import path

from maillage.web.handovers import answering, extending, incidents, labels, views

urlpatterns = [
    path("reservations/<int:pk>/pret/", views.loan, name="loan"),
    path("reservations/<int:pk>/remettre/", views.hand_over, name="hand-over-loan"),
    path("reservations/<int:pk>/rendre/", views.take_back, name="take-back-loan"),
    path("reservations/<int:pk>/prolonger/", extending.ask_extension, name="ask-extension"),
    path("prolongations/<int:pk>/repondre/", extending.answer_extension, name="answer-extension"),
    path("mes-annonces/etiquettes/", labels.labels, name="labels"),
    path("annonces/<int:pk>/etiquette/", labels.item, name="item"),
    path("reservations/<int:pk>/probleme/", incidents.report_incident, name="report-incident"),
    path("incidents/<int:pk>/", incidents.incident_page, name="incident"),
    path("remises/<int:pk>/photos/", views.add_photos, name="add-report-photos"),
    path("remises/photos/<int:pk>/", views.photo, name="report-photo"),
    path("remises/<int:pk>/repondre/", answering.answer_report, name="answer-report"),
    path("remises/lettre/<str:token>/", answering.answer_by_letter, name="answer-report-by-letter"),
    path("remises/lettre/<str:token>/photos/<int:pk>/", answering.photo_by_letter, name="report-photo-by-letter"),
]
