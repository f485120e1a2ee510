import pytest
from django.apps import apps
from django.db import connection

from maillage.kernel.audit import acting
from tests.factories.accounts import UserFactory
from tests.factories.directory import StructureFactory

pytestmark = pytest.mark.django_db


def events_of(structure):
    model = apps.get_model("directory.StructureEvent")
    return model.objects.filter(pgh_obj_id=structure.pk).select_related("pgh_context").order_by("pk")


def test_a_change_made_in_raw_sql_is_seen():
    structure = StructureFactory()
    with acting(reason="réparation"), connection.cursor() as cursor:
        cursor.execute("UPDATE directory_structure SET name = 'Autre nom' WHERE id = %s", [structure.pk])
    (event,) = events_of(structure)
    assert event.pgh_label == "update"
    assert event.pgh_context.metadata == {"reason": "réparation"}


def test_a_queryset_update_bears_who_did_it():
    structure, user = StructureFactory(), UserFactory()
    with acting(user, reason="import du registre"):
        type(structure).objects.filter(pk=structure.pk).update(name="Autre nom")
    (event,) = events_of(structure)
    assert event.pgh_context.metadata == {"user": user.pk, "reason": "import du registre"}


def test_an_inner_context_adds_to_the_outer():
    structure, user = StructureFactory(), UserFactory()
    with acting(user), acting(reason="correction"):
        type(structure).objects.filter(pk=structure.pk).update(name="Autre nom")
    (event,) = events_of(structure)
    assert event.pgh_context.metadata == {"user": user.pk, "reason": "correction"}
