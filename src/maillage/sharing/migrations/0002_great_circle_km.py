from django.db import migrations

# The distance of engine.geo.distance_km, in SQL; PostgreSQL puts its body in place of each call.
CREATE = """
CREATE FUNCTION great_circle_km(lat1 float8, lon1 float8, lat2 float8, lon2 float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 12742.0176 * asin(least(1, sqrt(
        power(sin(radians(lat1 - lat2) / 2), 2)
        + cos(radians(lat1)) * cos(radians(lat2)) * power(sin(radians(lon1 - lon2) / 2), 2)
    )))
$$
"""


class Migration(migrations.Migration):
    dependencies = [("sharing", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP FUNCTION great_circle_km(float8, float8, float8, float8)")]
