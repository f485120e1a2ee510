from django.urls import path

from maillage.web.search import views

urlpatterns = [path("chercher/", views.search_page, name="search")]
