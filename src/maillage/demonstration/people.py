"""Who the invented people are and which structures they act for."""

from dataclasses import dataclass
from datetime import date, timedelta

from maillage.demonstration.parts import chance, parts
from maillage.engine.text import fold

DOMAIN = "demonstration.example"
DRAWN_PEOPLE = 27
REPRESENTATIVES_IN_TEN = 7


@dataclass(frozen=True)
class DrawnMandate:
    structure: int  # position among the drawn structures
    role: str
    starts_on: date


@dataclass(frozen=True)
class DrawnPerson:
    """``persona``: who it is, in a few words, for the people one is invited to sign in as."""

    name: str
    email: str
    persona: str = ""
    is_agent: bool = False
    mandates: tuple = ()


def personas():
    """(e-mail address, name, who it is) of the people one is invited to sign in as."""
    anchors = parts("anchors")
    people = [person for structure in anchors["structure"] for person in structure.get("person", ())]
    return [(one["email"], one["name"], one["persona"]) for one in people + anchors["agent"] if "persona" in one]


def draw_people(*, seed, today, structures):
    rng = chance(seed, "people")
    anchors = parts("anchors")
    drawn = [
        DrawnPerson(person["name"], person["email"], person.get("persona", ""), is_agent=True)
        for person in anchors["agent"]
    ]
    for position, anchor in enumerate(anchors["structure"][: len(structures)]):
        for person in anchor.get("person", ()):
            mandate = DrawnMandate(position, person["role"], _past_day(rng, today))
            drawn.append(DrawnPerson(person["name"], person["email"], person.get("persona", ""), mandates=(mandate,)))
    taken = {person.email for person in drawn}
    others = range(len(anchors["structure"]), len(structures))
    for position in rng.sample(others, min(DRAWN_PEOPLE, len(others))):
        name = _draw_name(rng)
        while _email(name) in taken:
            name = _draw_name(rng)
        taken.add(_email(name))
        drawn.append(DrawnPerson(name, _email(name), mandates=_mandates(rng, today, position, others)))
    return drawn


def _mandates(rng, today, position, others):
    """One mandate, and in one case in five a second one, as a contributor elsewhere."""
    role = "representative" if rng.randrange(10) < REPRESENTATIVES_IN_TEN else "contributor"
    mandates = [DrawnMandate(position, role, _past_day(rng, today))]
    elsewhere = rng.choice(others)
    if rng.randrange(5) == 0 and elsewhere != position:
        mandates.append(DrawnMandate(elsewhere, "contributor", _past_day(rng, today)))
    return tuple(mandates)


def _draw_name(rng):
    names = parts("names")
    return f"{rng.choice(names['women'] + names['men'])} {rng.choice(names['surnames'])}"


def _email(name):
    first_name, _, surname = name.partition(" ")
    return f"{fold(first_name).replace(' ', '-')}.{fold(surname).replace(' ', '-')}@{DOMAIN}"


def _past_day(rng, today):
    return today - timedelta(days=rng.randrange(100, 1500))
