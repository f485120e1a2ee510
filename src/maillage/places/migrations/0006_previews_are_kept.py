from django.db import migrations


def forget_waiting(apps, schema_editor):
    """Their lines were not kept: the page would say that they do nothing. Nothing of them was written."""
    apps.get_model("places", "PlaceImport").objects.filter(state="waiting").delete()


class Migration(migrations.Migration):

    dependencies = [("places", "0005_town_halls_and_france_services")]

    operations = [migrations.RunPython(forget_waiting, migrations.RunPython.noop)]
