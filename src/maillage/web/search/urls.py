from django.urls import path

from maillage.web.search import alerts, views

urlpatterns = [
    path("chercher/", views.search_page, name="search"),
    path("mes-alertes/", alerts.alert_list, name="alerts"),
    path("mes-alertes/nouvelle/", alerts.keep_search, name="keep-search"),
    path("mes-alertes/<int:pk>/", alerts.change_alert, name="change-alert"),
]
