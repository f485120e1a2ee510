"""What the territory says of itself, read and changed. Kept in no memory: every process sees a change at once."""

from django.db import transaction

from maillage.kernel.models import THE_ONE, TerritorySettings, environment_says

FIELDS = ("host", "email", "phone", "phone_hours", "data_officer", "legal_notice", "welcome", "answered_within")


def said_by(row):
    """{field: the text shown}: of ``row``, whose fields may be None, else of the environment, else ""."""
    environment = environment_says()
    return {name: str(getattr(row, name) or environment.get(name, "")) for name in FIELDS}


def what_the_territory_says():
    return said_by(TerritorySettings.objects.first() or TerritorySettings())


def change_settings(**facts):
    """Keep ``facts``, among FIELDS; two people at once write one after the other, and the journal tells both."""
    with transaction.atomic():
        TerritorySettings.objects.bulk_create([TerritorySettings(id=THE_ONE)], ignore_conflicts=True)
        row = TerritorySettings.objects.select_for_update().get(pk=THE_ONE)
        for name, value in facts.items():
            setattr(row, name, value)
        row.save()
    return row
