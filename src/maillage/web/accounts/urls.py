"""Our pages, under the names that django-allauth calls where it calls them; its others have no address."""

from django.urls import path

from maillage.web.accounts import (
    by_letter,
    erasing,
    joining,
    my_account,
    my_space,
    passkeys,
    passwords,
    second_factor,
    signing_in,
)

urlpatterns = [
    path("compte/connexion/", signing_in.sign_in, name="account_login"),
    path("compte/deconnexion/", signing_in.sign_out, name="account_logout"),
    path("compte/sans-mot-de-passe/", by_letter.ask_letter, name="ask-letter"),
    path("compte/code/", by_letter.copy_code, name="copy-code"),
    path("compte/lien/<str:token>/", by_letter.follow_link, name="follow-link"),
    path("compte/c-est-bien-moi/code/", by_letter.confirm_by_letter, name="confirm-by-letter"),
    path("compte/ferme/", signing_in.account_inactive, name="account_inactive"),
    path("compte/inscription/", joining.sign_up, name="account_signup"),
    path("compte/inscription/envoye/", joining.sign_up_asked, name="sign-up-asked"),
    path("compte/inscription/<str:token>/", joining.join, name="join"),
    path("compte/mot-de-passe/", passwords.ask_new_password, name="account_reset_password"),
    path("compte/mot-de-passe/envoye/", passwords.new_password_asked, name="new-password-asked"),
    path("compte/mot-de-passe/<str:token>/", passwords.choose_password, name="choose-password"),
    path("compte/", my_account.my_account, name="my-account"),
    path("compte/c-est-bien-moi/", my_account.confirm_it_is_you, name="confirm-it-is-you"),
    path("compte/changer-de-mot-de-passe/", my_account.change_password, name="change-password"),
    path("compte/adresse/", my_account.ask_new_address, name="change-address"),
    path("compte/adresse/<str:token>/", my_account.confirm_address, name="confirm-address"),
    path("compte/autres-appareils/", my_account.end_other_sessions, name="end-other-sessions"),
    path("compte/code-de-securite/", second_factor.ask_code, name="mfa_authenticate"),
    path("compte/deux-etapes/", second_factor.second_factor, name="second-factor"),
    path("compte/deux-etapes/arreter/", second_factor.turn_off, name="turn-off-second-factor"),
    path("compte/deux-etapes/codes-de-secours/", second_factor.rescue_codes, name="rescue-codes"),
    path("compte/cles/", passkeys.passkeys, name="passkeys"),
    path("compte/cles/nouvelle/", passkeys.new_passkey, name="new-passkey"),
    path("compte/cles/<int:pk>/retirer/", passkeys.remove_passkey, name="remove-passkey"),
    path("compte/connexion/cle/", passkeys.sign_in_by_passkey, name="sign-in-by-passkey"),
    path("compte/connexion/cle/demande/", passkeys.ask_passkey, name="ask-passkey"),
    path("compte/mes-donnees.json", erasing.my_data, name="my-data"),
    path("compte/effacer/", erasing.erase_account, name="erase-account"),
    path("mon-espace/", my_space.my_space, name="my-space"),
]
