"""The invented places where people meet: those of data/places.toml, laid on the communes of the territory."""

from maillage.demonstration.parts import parts
from maillage.engine.french import of_fr
from maillage.engine.hours import read_osm
from maillage.places.models import Place, stored_hours

SAME = ("kind", "phone", "contact_role", "accessibility", "hours_note")


def invented_places(communes, today):
    """Places to write: on the commune that each names, or else on the one of its rank by population.

    communes  those of the territory, at least one
    """
    by_name = {commune.name: commune for commune in communes}
    by_population = sorted(communes, key=lambda commune: (-commune.population, commune.code))
    return [
        _place(place, by_name.get(place["commune"]) or by_population[place["rank"] % len(by_population)], today)
        for place in parts("places")["place"]
    ]


def _place(place, commune, today):
    spans = read_osm(place["hours"])[0] if "hours" in place else []
    return Place(
        name=place["name"].format(of=of_fr(commune.name)),
        commune=commune,
        latitude=commune.latitude,
        longitude=commune.longitude,
        hours=stored_hours(spans),
        source="démonstration",
        verified_on=today,
        is_demonstration=True,
        **{name: place[name] for name in SAME if name in place},
    )
