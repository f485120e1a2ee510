from django.urls import path

from maillage.web.directory import merging, networks, registers, views

urlpatterns = [
    path("structures/", views.structure_list, name="structures"),
    path("structures/<int:pk>/", views.structure_page, name="structure"),
    path("structures/<int:pk>/modifier/", views.structure_edit, name="structure-edit"),
    path("structures/<int:pk>/reseau/", networks.network, name="network"),
    path("structures/<int:pk>/reseau/animer/", networks.lead, name="lead-network"),
    path("structures/<int:pk>/reseau/demander/", networks.ask, name="ask-network"),
    path("structures/<int:pk>/reseau/demandes/<int:request_pk>/", networks.answer, name="answer-network"),
    path("structures/<int:pk>/reseau/retirer/", networks.leave, name="leave-network"),
    path("structures/<int:pk>/reunir/", merging.find_other, name="find-other-page"),
    path("structures/<int:pk>/reunir/<int:other_pk>/", merging.merge, name="merge-structures"),
    path("administration/doublons/", merging.duplicates, name="duplicates"),
    path("administration/registre/", registers.import_list, name="register-imports"),
    path("administration/registre/<int:pk>/", registers.import_page, name="register-import"),
    path("administration/registre/<int:pk>/colonnes/", registers.import_columns, name="register-import-columns"),
    path("administration/registre/<int:pk>/importer/", registers.import_tried, name="register-import-for-real"),
]
