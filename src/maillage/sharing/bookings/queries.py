"""Which offers are wholly taken on a day: searches leave them out, in one query whatever their number."""

from datetime import timedelta

from django.db.models.expressions import RawSQL
from django.utils import timezone

from maillage.sharing.bookings.stock import OVERDUE_TAKES

# Of each offer that something takes on the day: the instants at which more of it may be free (its opening hour, and the
# end of all that takes it), and the most that is free at one of them. An offer is out when that is none; a whole, when
# one of its parts never has enough.
_TAKEN = """
    WITH RECURSIVE
    busy AS (
        SELECT listing_id, quantity, period FROM sharing_occupation
        WHERE period && tstzrange(%s::timestamp AT TIME ZONE %s, %s::timestamp AT TIME ZONE %s)
        UNION ALL
        SELECT o.listing_id, o.quantity, tstzrange(upper(o.period), greatest(upper(o.period), %s) + %s)
        FROM sharing_occupation o JOIN sharing_booking b ON b.id = o.booking_id
        WHERE b.handed_at IS NOT NULL AND b.returned_at IS NULL AND upper(b.period) < %s
    ),
    opening AS (
        SELECT id, quantity AS owned, tstzrange(
            (%s::date + coalesce(starts_at, time '0:00')) AT TIME ZONE %s,
            coalesce(%s::date + ends_at, %s::timestamp) AT TIME ZONE %s
        ) AS hours
        FROM sharing_listing WHERE id IN (SELECT listing_id FROM busy)
    ),
    moments AS (
        SELECT id, owned, lower(hours) AS moment FROM opening
        UNION
        SELECT id, owned, upper(period) FROM opening JOIN busy ON busy.listing_id = id WHERE hours @> upper(period)
    ),
    most_free AS (
        SELECT id, max(free) AS free FROM (
            SELECT id, owned - coalesce(sum(quantity), 0) AS free
            FROM moments LEFT JOIN busy ON listing_id = id AND period @> moment GROUP BY id, owned, moment
        ) AS at_each_moment GROUP BY id
    ),
    out AS (
        SELECT id FROM most_free WHERE free < 1
        UNION
        SELECT whole_id FROM sharing_part part JOIN most_free ON most_free.id = part_id WHERE free < part.quantity
        UNION
        SELECT whole_id FROM sharing_part JOIN out ON out.id = part_id
    )
    SELECT id FROM out
"""


def taken_on(day):
    """The offers (ids, for a filter) of which nothing is free at any hour of ``day``."""
    zone, now, next_day = timezone.get_current_timezone_name(), timezone.now(), day + timedelta(days=1)
    between = (day, zone, next_day, zone)
    overdue = (now, OVERDUE_TAKES, now)
    return RawSQL(_TAKEN, (*between, *overdue, day, zone, day, next_day, zone))  # noqa: S611
