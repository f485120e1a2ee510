"""The guard, tried on small pages of its own against the real database."""

import psycopg
import pytest
from django.db import InternalError, connection
from django.http import HttpResponse
from django.urls import include, path

from maillage.accounts.models import User
from maillage.kernel.pages import page
from tests.factories.accounts import UserFactory


def create(request):
    User.objects.create_user("ecrit@exemple.fr")
    return HttpResponse()


def update(request):
    User.objects.update(name="changé")
    return HttpResponse()


def raw(request):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_user")
    return HttpResponse()


def refuse(request):
    User.objects.create_user("refuse@exemple.fr")
    return HttpResponse(status=422)


def fail(request):
    User.objects.create_user("rate@exemple.fr")
    raise LookupError


def read(request):
    return HttpResponse(str(User.objects.count()))


urlpatterns = [
    *(path(f"{view.__name__}/", page(public=True)(view)) for view in (create, update, raw, read)),
    *(path(f"post/{view.__name__}/", page(public=True, methods=("POST",))(view)) for view in (create, refuse, fail)),
    path("member/", page()(read)),
    path("agent/", page(permission="accounts.read_journal")(read)),
    path("", include("maillage.web.urls")),
]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


@pytest.mark.parametrize("way", ["create", "update", "raw"])
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_reading_method_cannot_write(client, way, method):
    user = UserFactory()
    with pytest.raises(InternalError) as refusal:
        getattr(client, method)(f"/{way}/")
    assert isinstance(refusal.value.__cause__, psycopg.errors.ReadOnlySqlTransaction)
    assert list(User.objects.values_list("pk", "name")) == [(user.pk, user.name)]


def test_a_reading_page_reads(client):
    UserFactory()
    assert client.get("/read/").content == b"1"


def test_writing_is_possible_again_after_a_reading_page(client):
    client.get("/read/")
    UserFactory()
    assert User.objects.count() == 1


def test_a_post_writes(client):
    assert client.post("/post/create/").status_code == 200
    assert User.objects.filter(email="ecrit@exemple.fr").exists()


def test_a_post_answered_with_4xx_leaves_nothing(client):
    assert client.post("/post/refuse/").status_code == 422
    assert not User.objects.exists()


def test_a_post_that_raises_leaves_nothing(client):
    with pytest.raises(LookupError):
        client.post("/post/fail/")
    assert not User.objects.exists()


@pytest.mark.parametrize(("method", "address"), [("post", "/read/"), ("delete", "/read/"), ("get", "/post/create/")])
def test_a_method_that_the_page_does_not_answer_is_refused(client, method, address):
    assert getattr(client, method)(address).status_code == 405


def test_a_visitor_is_asked_to_sign_in(client):
    response = client.get("/member/?a=1")
    assert response.status_code == 302
    assert response["Location"] == "/compte/connexion/?next=/member/%3Fa%3D1"


def test_a_visitor_is_asked_to_sign_in_before_a_permission(client):
    assert client.get("/agent/").status_code == 302


@pytest.mark.parametrize(("is_agent", "status"), [(True, 200), (False, 403)])
def test_a_permission_is_asked(client, is_agent, status):
    client.force_login(UserFactory(is_agent=is_agent))
    assert client.get("/agent/").status_code == status
