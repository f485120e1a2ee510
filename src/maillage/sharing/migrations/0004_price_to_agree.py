from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0001_initial'),
        ("sharing", "0003_contact"),
        ('territory', '0001_initial'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='listing',
            name='listing_price_fits_conditions',
        ),
        migrations.AddConstraint(
            model_name='listing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('conditions', 'free'), ('price_cents__isnull', True)), models.Q(models.Q(('conditions', 'free'), _negated=True), ('price_cents__gt', 0), ('price_cents__isnull', False)), models.Q(models.Q(('conditions', 'free'), _negated=True), ('price_cents__isnull', True), models.Q(('direction', 'need'), ('conditions', 'cost_share'), _connector='OR')), _connector='OR'), name='listing_price_fits_conditions', violation_error_message='Une annonce gratuite n’a pas de montant. Une offre qui a un prix en a un, plus grand que zéro.'),
        ),
    ]
