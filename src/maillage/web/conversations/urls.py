from django.urls import path

from maillage.web.conversations import care, starting, views

urlpatterns = [
    path("conversations/", views.conversation_list, name="conversations"),
    path("conversations/<int:pk>/", views.conversation_page, name="conversation"),
    path("conversations/<int:pk>/lu/", views.mark_as_read, name="mark-as-read"),
    path("conversations/<int:pk>/bloquer/", care.block, name="block"),
    path("conversations/<int:pk>/debloquer/", care.unblock, name="unblock"),
    path("conversations/<int:pk>/quitter/", care.leave, name="leave-conversation"),
    path("conversations/<int:pk>/messages/<int:message_pk>/signaler/", care.report, name="report-message"),
    path("conversations/fichiers/<int:pk>/", views.attachment, name="attachment"),
    path("annonces/<int:pk>/ecrire/", starting.write_about_listing, name="write-about-listing"),
    path("structures/<int:pk>/ecrire/", starting.write_to_structure, name="write-to-structure"),
    path("administration/signalements/", care.report_list, name="reports"),
    path("administration/signalements/<int:pk>/", care.decide, name="decide-report"),
]
