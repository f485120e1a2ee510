from django.urls import path

from maillage.web.directory import editing, pictures, posters, registers, views, writing

urlpatterns = [
    path("structures/", views.structure_list, name="structures"),
    path("structures/<int:pk>/", views.structure_page, name="structure"),
    path("chez/<str:slug>/", views.structure_at, name="structure-at"),
    path("structures/<int:pk>/modifier/", editing.structure_edit, name="structure-edit"),
    path("structures/<int:pk>/modifier/adresse/", editing.edit_address, name="edit-page-address"),
    path("structures/<int:pk>/modifier/<str:section>/", editing.edit_section, name="edit-section"),
    path("structures/<int:pk>/photos/", pictures.picture_list, name="structure-pictures"),
    path("structures/<int:pk>/photos/<int:picture_pk>/", views.picture, name="structure-picture"),
    path(
        "structures/<int:pk>/photos/<int:picture_pk>/petite/",
        views.picture,
        {"small": True},
        name="structure-picture-small",
    ),
    path("structures/<int:pk>/photos/<int:picture_pk>/decrire/", pictures.describe_picture, name="describe-picture"),
    path("structures/<int:pk>/photos/<int:picture_pk>/ranger/", pictures.arrange_picture, name="arrange-picture"),
    path("structures/<int:pk>/affiche/", posters.poster_page, name="structure-poster"),
    path("structures/<int:pk>/affiche.pdf", posters.poster_pdf, name="structure-poster-pdf"),
    path("structures/<int:pk>/message/", writing.write_as_visitor, name="write-as-visitor"),
    path("structures/<int:pk>/message/envoye/", writing.visitor_letter_waits, name="visitor-letter-waits"),
    path("message/<str:token>/", writing.send_visitor_letter, name="send-visitor-letter"),
    path("administration/registre/", registers.import_list, name="register-imports"),
    path("administration/registre/<int:pk>/", registers.import_page, name="register-import"),
    path("administration/registre/<int:pk>/colonnes/", registers.import_columns, name="register-import-columns"),
    path("administration/registre/<int:pk>/importer/", registers.import_tried, name="register-import-for-real"),
]
