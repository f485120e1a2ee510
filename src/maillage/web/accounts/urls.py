"""Our pages, under the names that django-allauth calls where it calls them; its others have no address."""

from django.urls import path

from maillage.web.accounts import joining, my_space, passwords, signing_in

urlpatterns = [
    path("compte/connexion/", signing_in.sign_in, name="account_login"),
    path("compte/deconnexion/", signing_in.sign_out, name="account_logout"),
    path("compte/ferme/", signing_in.account_inactive, name="account_inactive"),
    path("compte/inscription/", joining.sign_up, name="account_signup"),
    path("compte/inscription/envoye/", joining.sign_up_asked, name="sign-up-asked"),
    path("compte/inscription/<str:token>/", joining.join, name="join"),
    path("compte/mot-de-passe/", passwords.ask_new_password, name="account_reset_password"),
    path("compte/mot-de-passe/envoye/", passwords.new_password_asked, name="new-password-asked"),
    path("compte/mot-de-passe/<str:token>/", passwords.choose_password, name="choose-password"),
    path("mon-espace/", my_space.my_space, name="my-space"),
]
