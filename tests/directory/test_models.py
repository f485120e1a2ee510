"""What the database refuses, whatever the way in."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from maillage.directory.models import Mandate, Structure
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


def test_mandate_ends_after_it_starts():
    with refused("mandate_ends_after_it_starts"):
        MandateFactory(starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1))


@pytest.mark.parametrize("role", dict(Mandate.TEAM_ROLES))
@pytest.mark.parametrize(
    ("starts_on", "ends_on"), [((2025, 3, 31), None), ((2024, 6, 1), (2025, 1, 1)), ((2020, 1, 1), None)]
)
def test_mandates_of_a_person_for_a_structure_do_not_overlap(role, starts_on, ends_on):
    first = MandateFactory(starts_on=date(2025, 1, 1), ends_on=date(2025, 3, 31))
    with refused("mandate_no_overlap"):
        MandateFactory(
            user=first.user,
            structure=first.structure,
            role=role,
            starts_on=date(*starts_on),
            ends_on=ends_on and date(*ends_on),
        )


def test_the_same_role_is_held_again_after_an_end():
    first = MandateFactory(starts_on=date(2025, 1, 1), ends_on=date(2025, 3, 31))
    again = MandateFactory(user=first.user, structure=first.structure, starts_on=date(2025, 4, 1))
    assert list(Mandate.objects.filter(user=first.user).order_by("starts_on")) == [first, again]


def test_only_a_representative_commits_the_structure():
    MandateFactory(may_commit=True)
    with refused("mandate_commits_as_representative"):
        MandateFactory(role=Mandate.Role.CONTRIBUTOR, may_commit=True)


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
