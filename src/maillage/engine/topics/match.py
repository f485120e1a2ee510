"""The door's topic « match »: needs and offers in, the best offers of each need out."""

from zoneinfo import ZoneInfo

from maillage.engine.documents import (
    as_is,
    identifier,
    many,
    members,
    nullable,
    number,
    optional,
    period,
    record,
    text,
    time_zone,
    whole,
)
from maillage.engine.match import Listing, match

HELP = """\
Les offres qui répondent à chaque besoin, la meilleure d’abord, avec les raisons.

On donne :
  needs, offers  deux listes d’annonces
  top            combien d’offres garder par besoin (20 si rien n’est dit)
  timezone       le fuseau des heures (Europe/Paris si rien n’est dit)

Une annonce :
  id             un texte ou un nombre, seul de sa liste
  structure      celle qui publie ; une structure ne reçoit jamais ses propres offres
  category       un code à points ; l’offre « technical.vehicles.van » répond au besoin « technical.vehicles »
  lat, lon       en degrés
  text           ce que dit l’annonce (vide si rien n’est dit)
  quantity       un entier d’au moins 1 (1 si rien n’est dit)
  radius_km      jusqu’où va la structure ; null ou rien : pas de limite
  windows        une liste de { start, end } ; vide : toujours
  price_cents    en centimes : demandés par l’offre, au plus pour le besoin ; null ou rien : à convenir

On reçoit :
  matches        pour chaque besoin, ses offres : offer, score (de 0 à 1), distance_km et reasons
"""

EXAMPLE = """\
{
  "needs": [{"id": "fete", "structure": "harmonie", "category": "technical.vehicles", "lat": 43.458, "lon": 2.005,
             "text": "Une camionnette pour transporter les instruments", "radius_km": 25, "price_cents": 5000,
             "windows": [{"start": "2026-11-07T08:00", "end": "2026-11-07T20:00"}]}],
  "offers": [{"id": "fourgon", "structure": "foyer", "category": "technical.vehicles.van", "lat": 43.449, "lon": 1.894,
              "text": "Camionnette 9 m³ du foyer rural", "price_cents": 3000}]
}
"""


def answer(document):
    given = members(
        document,
        {
            "needs": as_is,
            "offers": as_is,
            "top": optional(whole(1, 10_000), 20),
            "timezone": optional(time_zone, ZoneInfo("Europe/Paris")),
        },
    )
    listings = many(_listing(given["timezone"]), unique="id")
    needs, offers = listings(given["needs"], "/needs"), listings(given["offers"], "/offers")
    return {"matches": {str(need): _written(found) for need, found in match(needs, offers, given["top"]).items()}}


def _listing(zone):
    return record(
        {
            "id": identifier(),
            "structure": identifier(),
            "category": text(200, r"[\w-]+(\.[\w-]+)*", "un code comme technical.vehicles.van"),
            "lat": number(-90, 90),
            "lon": number(-180, 180),
            "text": optional(text(), ""),
            "quantity": optional(whole(1), 1),
            "radius_km": optional(nullable(number(0, 50_000)), None),
            "windows": optional(many(period(zone)), []),
            "price_cents": optional(nullable(whole(0)), None),
        },
        build=Listing,
    )


def _written(matches):
    return [
        {
            "offer": found.offer,
            "score": found.score,
            "distance_km": found.distance_km,
            "reasons": list(found.reasons),
        }
        for found in matches
    ]
