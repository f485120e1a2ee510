from django.urls import path

from maillage.web.opportunities import overview, questions, views

urlpatterns = [
    path("occasions/", views.my_opportunities, name="opportunities"),
    path("occasions/<int:pk>/", views.opportunity_page, name="opportunity"),
    path("occasions/<int:pk>/oui/", views.accept, name="opportunity-accept"),
    path("occasions/<int:pk>/non/", views.decline, name="opportunity-decline"),
    path("occasions/<int:pk>/question/", views.ask, name="opportunity-ask"),
    path("administration/occasions/", overview.overview, name="opportunities-overview"),
    path("administration/occasions/questions/", questions.question_list, name="questions"),
    path("administration/occasions/questions/<int:pk>/", questions.answer, name="answer-question"),
]
