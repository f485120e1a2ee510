from django.urls import path

from maillage.web.agreements import choosing, signing, verifying, views, writing

urlpatterns = [
    path("accords/", views.agreement_list, name="agreements"),
    path("accords/nouveau/", choosing.new_agreement, name="new-agreement"),
    path("accords/verifier/", verifying.verify_document, name="verify-document"),
    path("accords/<int:pk>/", views.agreement_page, name="agreement"),
    path("accords/<int:pk>/ecrire/", writing.write_agreement, name="write-agreement"),
    path("accords/<int:pk>/proposer/", views.propose_agreement, name="propose-agreement"),
    path("accords/<int:pk>/pdf/", views.agreement_pdf, name="agreement-pdf"),
    path("accords/<int:pk>/signer/", signing.sign_agreement, name="sign-agreement"),
    path("accords/<int:pk>/signer/code/", signing.agreement_code, name="agreement-code"),
    path("accords/<int:pk>/rappeler/", views.remind_agreement, name="remind-agreement"),
    path("accords/<int:pk>/abandonner/", views.withdraw_agreement, name="withdraw-agreement"),
    path("accords/<int:pk>/renouveler/", views.renew_agreement, name="renew-agreement"),
    path("accords/<int:pk>/resilier/", views.terminate_agreement, name="terminate-agreement"),
]
