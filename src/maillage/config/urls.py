from django.urls import include, path

urlpatterns = [
    path("", include("maillage.web.urls")),
]

handler400 = "maillage.web.site.errors.bad_request"
handler403 = "maillage.web.site.errors.forbidden"
handler404 = "maillage.web.site.errors.not_found"
handler500 = "maillage.web.site.errors.server_error"
