from django.urls import path, re_path

from maillage.web.sharing import drafting, inventories, publishing, renewing, views

urlpatterns = [
    path("proposer/", publishing.start, name="publish"),
    path("proposer/annonce/", drafting.begin, name="publish-listing"),
    path("proposer/categories/", drafting.suggest, name="suggest-categories"),
    path("proposer/brouillons/<int:pk>/", drafting.resume, name="resume-draft"),
    path("proposer/brouillons/<int:pk>/apercu/", drafting.preview, name="preview-draft"),
    path("proposer/brouillons/<int:pk>/effacer/", drafting.remove, name="remove-draft"),
    path("proposer/brouillons/<int:pk>/<slug:step>/", drafting.screen, name="draft-screen"),
    path("proposer/inventaire/", inventories.inventory_list, name="inventories"),
    re_path(r"^proposer/inventaire/modele\.(csv|xlsx)$", inventories.template, name="inventory-template"),
    path("proposer/inventaire/<int:pk>/", inventories.inventory_page, name="inventory"),
    path("proposer/inventaire/<int:pk>/oublier/", inventories.forget, name="forget-inventory"),
    path("proposer/inventaire/<int:pk>/defaire/", inventories.undo, name="undo-inventory"),
    path("mes-annonces/", views.my_listings, name="my-listings"),
    path("annonces/<int:pk>/", views.listing_page, name="listing"),
    path("annonces/<int:pk>/photo/", views.photo, name="listing-photo"),
    path("photos/<int:pk>/", views.picture, name="picture"),
    path("annonces/<int:pk>/modifier/", publishing.edit, name="edit-listing"),
    path("annonces/<int:pk>/dupliquer/", drafting.copy, name="copy-listing"),
    path("annonces/<int:pk>/mettre-en-pause/", publishing.pause, name="pause-listing"),
    path("annonces/<int:pk>/reprendre/", publishing.resume, name="resume-listing"),
    path("annonces/<int:pk>/renouveler/", renewing.renew, name="renew-listing"),
    path("mes-annonces/renouveler/", renewing.renew_several, name="renew-listings"),
    path("annonces/<int:pk>/terminer/", publishing.close, name="close-listing"),
]
