from django.urls import path

from maillage.web.places import administration, imports, views

urlpatterns = [
    path("lieux/", views.place_list, name="places"),
    path("lieux/<int:pk>/", views.place_page, name="place"),
    path("lieux/<int:pk>/signaler/", views.report, name="report-place"),
    path("administration/lieux/", administration.place_list, name="manage-places"),
    path("administration/lieux/ajouter/", administration.add, name="add-place"),
    path("administration/lieux/<int:pk>/modifier/", administration.edit, name="edit-place"),
    path("administration/lieux/<int:pk>/verifier/", administration.verify, name="verify-place"),
    path("administration/lieux/<int:pk>/publier/", administration.publish, name="publish-place"),
    path("administration/lieux/imports/", imports.import_list, name="place-imports"),
    path("administration/lieux/imports/modele.csv", imports.template, name="place-import-template"),
    path("administration/lieux/imports/<int:pk>/", imports.import_page, name="place-import"),
    path("administration/lieux/imports/<int:pk>/importer/", imports.confirm, name="confirm-place-import"),
    path("administration/lieux/imports/<int:pk>/oublier/", imports.forget, name="forget-place-import"),
    path("administration/lieux/imports/<int:pk>/defaire/", imports.undo, name="undo-place-import"),
    path("administration/lieux/signalements/", administration.report_list, name="place-reports"),
    path("administration/lieux/signalements/<int:pk>/traiter/", administration.handle, name="handle-place-report"),
]
