"""Only what is needed of django-allauth, under the names that it calls; the rest has no address."""

from django.urls import path, re_path

from maillage.web.accounts import views

urlpatterns = [
    path("compte/connexion/", views.sign_in, name="account_login"),
    path("compte/deconnexion/", views.sign_out, name="account_logout"),
    path("compte/inscription/", views.sign_up_closed, name="account_signup"),
    path("compte/ferme/", views.account_inactive, name="account_inactive"),
    path("compte/mot-de-passe/", views.ask_new_password, name="account_reset_password"),
    path("compte/mot-de-passe/envoye/", views.new_password_asked, name="account_reset_password_done"),
    re_path(
        r"^compte/mot-de-passe/cle/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[\w-]+)/$",
        views.choose_new_password,
        name="account_reset_password_from_key",
    ),
    path("compte/mot-de-passe/change/", views.new_password_chosen, name="account_reset_password_from_key_done"),
    path("mon-espace/", views.my_space, name="my-space"),
]
