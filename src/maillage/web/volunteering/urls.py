from django.urls import path

from maillage.web.volunteering import answering, hours, missions, writing

urlpatterns = [
    path("missions/", missions.mission_list, name="missions"),
    path("missions/<int:pk>/", missions.mission_page, name="mission"),
    path("missions/<int:pk>/accepter/", answering.accept, name="accept-mission"),
    path("missions/<int:pk>/se-retirer/", answering.withdraw, name="withdraw-from-mission"),
    path("missions/<int:pk>/modifier/", writing.edit, name="edit-mission"),
    path("missions/<int:pk>/publier/", writing.publish, name="publish-mission"),
    path("missions/<int:pk>/annuler/", writing.cancel, name="cancel-mission"),
    path("missions/<int:pk>/inviter/", writing.invite, name="invite-volunteer"),
    path("missions/invitation/<str:token>/", answering.invitation, name="mission-invitation"),
    path("structures/<int:pk>/missions/", missions.of_structure, name="structure-missions"),
    path("structures/<int:pk>/missions/ecrire/", writing.write, name="write-mission"),
    path("mes-missions/", missions.mine, name="my-missions"),
    path("mes-heures/", hours.mine, name="my-hours"),
    path("mes-heures/noter/", hours.write, name="write-hours"),
    path("mes-heures/attestation/<int:pk>/<int:year>/", hours.certificate, name="hours-certificate"),
    path("heures/<int:pk>/valider/", hours.validate, name="validate-hours"),
    path("heures/<int:pk>/corriger/", hours.correct, name="correct-hours"),
    path("heures/<int:pk>/effacer/", hours.remove, name="remove-hours"),
    path("structures/<int:pk>/heures/", hours.of_structure, name="structure-hours"),
    path("structures/<int:pk>/heures/noter/", hours.write_for, name="write-hours-for"),
]
