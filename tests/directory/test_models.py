"""What the database refuses, whatever the way in."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from maillage.directory.models import Structure
from tests.factories.directory import MandateFactory, NetworkMembershipFactory, StructureFactory

pytestmark = pytest.mark.django_db


def refused(constraint):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"rna_id": "W12"}, "structure_rna_id_format"),
        ({"rna_id": "W3130000011"[:10].lower()}, "structure_rna_id_format"),
        ({"siret": "123"}, "structure_siret_format"),
        ({"name": ""}, "structure_has_name"),
    ],
)
def test_structure_fields_are_checked(fields, constraint):
    with refused(constraint):
        StructureFactory(**fields)


@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("rna_id", "W313000001", "structure_rna_id_unique"),
        ("register_id", "313P0313025648", "structure_register_id_unique"),
    ],
)
def test_structure_numbers_are_unique(field, value, constraint):
    StructureFactory(**{field: value})
    with refused(constraint):
        StructureFactory(**{field: value})


def test_structure_does_not_replace_itself():
    structure = StructureFactory()
    with refused("structure_not_replaced_by_itself"):
        Structure.objects.filter(pk=structure.pk).update(replaced_by=structure)


def test_mandate_is_unique_and_ends_after_it_starts():
    mandate = MandateFactory()
    with transaction.atomic(), refused("mandate_unique"):
        MandateFactory(user=mandate.user, structure=mandate.structure)
    with refused("mandate_ends_after_it_starts"):
        MandateFactory(starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1))


def test_network_membership_is_unique_and_not_with_oneself():
    membership = NetworkMembershipFactory()
    with transaction.atomic(), refused("network_membership_unique"):
        NetworkMembershipFactory(head=membership.head, member=membership.member)
    with refused("network_membership_not_oneself"):
        NetworkMembershipFactory(head=membership.head, member=membership.head)


def test_changes_of_a_structure_are_recorded_whatever_the_way():
    structure = StructureFactory(name="Avant")
    Structure.objects.filter(pk=structure.pk).update(name="Après")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE directory_structure SET name = 'Enfin' WHERE id = %s", [structure.pk])
    history = Structure.pgh_event_models["update"].objects.order_by("pgh_id")
    assert list(history.values_list("name", flat=True)) == ["Après", "Enfin"]
