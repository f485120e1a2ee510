from django.urls import path

from maillage.web.territory import views

urlpatterns = [
    path("territoire/", views.territory, name="territory"),
    path("territoire/communes.json", views.find, name="find-communes"),
    path("territoire/contours.json", views.contours, name="territory-contours"),
    path("territoire/intercommunalites/<str:code>/", views.epci, name="epci"),
    path("territoire/communes/<str:code>/", views.commune, name="commune"),
]
