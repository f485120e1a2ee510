from django.urls import path

from maillage.web.sharing import drafting, publishing, renewing, views

urlpatterns = [
    path("proposer/", publishing.start, name="publish"),
    path("proposer/annonce/", drafting.begin, name="publish-listing"),
    path("proposer/categories/", drafting.suggest, name="suggest-categories"),
    path("proposer/brouillons/<int:pk>/", drafting.resume, name="resume-draft"),
    path("proposer/brouillons/<int:pk>/apercu/", drafting.preview, name="preview-draft"),
    path("proposer/brouillons/<int:pk>/effacer/", drafting.remove, name="remove-draft"),
    path("proposer/brouillons/<int:pk>/<slug:step>/", drafting.screen, name="draft-screen"),
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
