from django.urls import path

from maillage.web.opportunities import overview, views

urlpatterns = [
    path("occasions/", views.my_opportunities, name="opportunities"),
    path("occasions/<int:pk>/", views.opportunity_page, name="opportunity"),
    path("occasions/<int:pk>/oui/", views.accept, name="opportunity-accept"),
    path("occasions/<int:pk>/non/", views.decline, name="opportunity-decline"),
    path("administration/occasions/", overview.overview, name="opportunities-overview"),
]
