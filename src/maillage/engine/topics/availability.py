"""The door's topic « availability »: a stock, its bookings and a request in, what is free out."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from maillage.engine.availability import Booking, timeline
from maillage.engine.documents import Refused, as_is, instant, many, members, optional, record, time_zone, whole
from maillage.engine.instants import local_text

HELP = """\
Combien d’exemplaires d’un bien sont libres pendant une période, réservations déduites.

On donne :
  quantity       combien d’exemplaires il y a (0 ou plus)
  bookings       les réservations : start, end et quantity (1 si rien n’est dit)
  buffers        before_min et after_min : les minutes que prend aussi chaque réservation, pour préparer et pour ranger
                 (0 si rien n’est dit ; une minute dure une minute, même la nuit du changement d’heure)
  request        la demande : start, end et quantity (1 si rien n’est dit), prise telle quelle, sans ces minutes
  timezone       le fuseau des heures (Europe/Paris si rien n’est dit)
  Une fin n’est pas comprise : ce qui finit à 18 h laisse la place à ce qui commence à 18 h.

On reçoit :
  possible       true quand la demande tient, d’un bout à l’autre
  free           le plus petit nombre d’exemplaires libres au cours de la demande (0 quand il y a trop de réservations)
  timeline       ce qui est libre au fil de la demande : start, end et free, en heures du fuseau ; au retour à l’heure
                 d’hiver, la deuxième des deux heures porte son décalage, comme 2026-10-25T02:30+01:00
"""

EXAMPLE = """\
{
  "quantity": 7,
  "bookings": [{"start": "2026-11-07T08:00", "end": "2026-11-07T18:00", "quantity": 3},
               {"start": "2026-11-07T14:00", "end": "2026-11-08T12:00", "quantity": 2}],
  "buffers": {"before_min": 0, "after_min": 60},
  "request": {"start": "2026-11-07T12:00", "end": "2026-11-07T22:00", "quantity": 3}
}
"""

LONGEST_BUFFER = 366 * 24 * 60  # minutes


def answer(document):
    given = members(
        document,
        {
            "quantity": whole(0),
            "bookings": as_is,
            "buffers": optional(BUFFERS, (timedelta(0), timedelta(0))),
            "request": as_is,
            "timezone": optional(time_zone, ZoneInfo("Europe/Paris")),
        },
    )
    zone = given["timezone"]
    bookings = many(_booking(zone))(given["bookings"], "/bookings")
    request = _booking(zone)(given["request"], "/request")
    segments = timeline(given["quantity"], bookings, request.start, request.end, *given["buffers"])
    free = min(segment.free for segment in segments)
    return {
        "possible": free >= request.quantity,
        "free": free,
        "timeline": [
            {
                "start": local_text(segment.start, zone),
                "end": local_text(segment.end, zone),
                "free": segment.free,
            }
            for segment in segments
        ],
    }


MINUTES = optional(whole(0, LONGEST_BUFFER), 0)
BUFFERS = record(
    {"before_min": MINUTES, "after_min": MINUTES},
    build=lambda before_min, after_min: (timedelta(minutes=before_min), timedelta(minutes=after_min)),
)


def _booking(zone):
    kinds = {"start": instant(zone), "end": instant(zone), "quantity": optional(whole(1), 1)}

    def read(value, where):
        booking = Booking(**members(value, kinds, where))
        if booking.end <= booking.start:
            raise Refused("La fin doit venir après le début.", f"{where}/end")
        return booking

    return read
