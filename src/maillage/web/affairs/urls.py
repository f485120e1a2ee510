from django.urls import path

from maillage.web.affairs import views

urlpatterns = [path("mes-affaires/", views.affairs, name="affairs")]
