from django.urls import path

from maillage.web.directory import claims, hand_over, registers, team, views

urlpatterns = [
    path("structures/", views.structure_list, name="structures"),
    path("structures/<int:pk>/", views.structure_page, name="structure"),
    path("structures/<int:pk>/modifier/", views.structure_edit, name="structure-edit"),
    path("structures/<int:pk>/agir/", claims.ask_to_act, name="ask-to-act"),
    path("structures/<int:pk>/equipe/", team.team_page, name="team"),
    path("structures/<int:pk>/equipe/passer-le-relais/", hand_over.pass_on, name="pass-on"),
    path("structures/<int:pk>/relais/", hand_over.hand_over_page, name="hand-over"),
    path("structures/<int:pk>/equipe/inviter/", team.invite, name="invite"),
    path("structures/<int:pk>/equipe/demandes/<int:claim_pk>/", team.decide_joining, name="decide-joining"),
    path(
        "structures/<int:pk>/equipe/invitations/<int:invitation_pk>/annuler/",
        team.cancel_invitation,
        name="cancel-invitation",
    ),
    path("structures/<int:pk>/equipe/<int:mandate_pk>/", team.change_mandate, name="change-mandate"),
    path("structures/<int:pk>/equipe/<int:mandate_pk>/fin/", team.end_mandate, name="end-mandate"),
    path("invitations/<str:token>/", team.invitation, name="invitation"),
    path("revendications/<int:pk>/retirer/", claims.withdraw_claim, name="withdraw-claim"),
    path("revendications/<str:token>/", claims.prove_claim, name="prove-claim"),
    path("administration/revendications/", claims.claim_list, name="claims"),
    path("administration/revendications/<int:pk>/", claims.decide_claim, name="decide-claim"),
    path("administration/revendications/<int:pk>/document/", claims.claim_document, name="claim-document"),
    path("administration/registre/", registers.import_list, name="register-imports"),
    path("administration/registre/<int:pk>/", registers.import_page, name="register-import"),
    path("administration/registre/<int:pk>/colonnes/", registers.import_columns, name="register-import-columns"),
    path("administration/registre/<int:pk>/importer/", registers.import_tried, name="register-import-for-real"),
]
