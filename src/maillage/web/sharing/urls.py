from django.urls import path

from maillage.web.sharing import publishing, views

urlpatterns = [
    path("proposer/", publishing.start, name="publish"),
    path("proposer/annonce/", publishing.publish, name="publish-listing"),
    path("mes-annonces/", views.my_listings, name="my-listings"),
    path("annonces/<int:pk>/", views.listing_page, name="listing"),
    path("annonces/<int:pk>/photo/", views.photo, name="listing-photo"),
    path("annonces/<int:pk>/modifier/", publishing.edit, name="edit-listing"),
    path("annonces/<int:pk>/mettre-en-pause/", publishing.pause, name="pause-listing"),
    path("annonces/<int:pk>/reprendre/", publishing.resume, name="resume-listing"),
    path("annonces/<int:pk>/terminer/", publishing.close, name="close-listing"),
]
