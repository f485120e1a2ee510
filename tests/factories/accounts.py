"""The least valid person; variations are traits."""

import factory

from maillage.accounts.models import User


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    class Params:
        agent = factory.Trait(is_agent=True)

    email = factory.Sequence(lambda n: f"personne{n}@exemple.fr")
    name = factory.Sequence(lambda n: f"Personne {n}")
