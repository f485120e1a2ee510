from django.db import migrations


def make_pictures_of_photos(apps, schema_editor):
    Listing, Picture = apps.get_model("sharing", "Listing"), apps.get_model("sharing", "Picture")
    photos = Listing.objects.exclude(photo="").values_list("pk", "photo", "photo_description")
    Picture.objects.bulk_create(
        Picture(listing_id=pk, image=photo, description=description, position=0)
        for pk, photo, description in photos.iterator()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('sharing', '0006_drafts_and_pictures'),
    ]

    operations = [
        migrations.RunPython(make_pictures_of_photos, migrations.RunPython.noop),
    ]
