"""Someone with a password, and one way to sign in."""

import pytest
from django.urls import reverse

from tests.factories.accounts import UserFactory

PASSWORD = "tricot-et-pastel"


@pytest.fixture
def person():
    user = UserFactory()
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def sign_in():
    def post(client, email, password=PASSWORD, **fields):
        return client.post(reverse("account_login"), {"login": email, "password": password, **fields})

    return post
