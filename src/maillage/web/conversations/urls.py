from django.urls import path

from maillage.web.conversations import views

urlpatterns = [
    path("conversations/", views.conversation_list, name="conversations"),
    path("conversations/<int:pk>/", views.conversation_page, name="conversation"),
]
