from django.urls import path

from maillage.web.home import views

urlpatterns = [path("", views.home, name="home")]
