"""The door's topic « groups »: people, and who met or goes with whom, in; groups out."""

from dataclasses import dataclass, field

from maillage.engine.documents import (
    Refused,
    identifier,
    many,
    mapping,
    members,
    number,
    optional,
    pair,
    record,
    text,
    whole,
)
from maillage.engine.french import NBSP, count_fr, join_fr
from maillage.engine.groups import Impossible, form_groups

MOST_PEOPLE = 10_000
MOST_CELLS = 10_000_000  # groups × different values of traits: what is counted
MOST_NAMED = 5

HELP = """\
Des groupes pour un atelier : de nouvelles rencontres d’abord, puis des groupes aussi mêlés que possible.

On donne :
  people          les personnes (10 000 au plus)
  size            le nombre de personnes par groupe, au plus
  met             des paires [id, id] qui se sont déjà rencontrées (aucune si rien n’est dit)
  apart           des paires à séparer
  together        des paires à réunir ; si A va avec B et B avec C, tous trois vont ensemble
  seed            un entier : un autre tirage (0 si rien n’est dit)

Une personne :
  id              un texte ou un nombre ; 7 et « 7 » sont le même
  traits          ce qu’il faut mêler : { nom: valeur }, la valeur étant un texte, un nombre, true, false ou null (rien
                  si rien n’est dit) ; un trait qui manque vaut « non précisé »

Il y a aussi peu de groupes que le permet size, et leurs tailles diffèrent d’une personne au plus. Les paires apart et
together sont toujours respectées ; si c’est impossible, la réponse nomme la première qui ne peut pas l’être avec celles
qui la précèdent, together venant avant apart. Une paire qui se retrouve compte plus que tout ce qu’un échange de deux
personnes apporte au mélange.

On reçoit :
  groups          les groupes, et dans chacun les id, dans l’ordre des id, les nombres d’abord
  repeated_pairs  combien de paires de met se retrouvent dans un groupe
  imbalance       pour chaque trait, combien de personnes un groupe a en trop ou en moins, en moyenne ; sa juste part de
                  chaque valeur est celle de l’ensemble, arrondie au-dessus ou au-dessous ; 0 : rien à mieux mêler
"""

EXAMPLE = """\
{
  "people": [
    {"id": "Awa", "traits": {"canton": "Revel", "salariée": true}},
    {"id": "Bruno", "traits": {"canton": "Revel", "salariée": false}},
    {"id": "Chloé", "traits": {"canton": "Revel", "salariée": false}},
    {"id": "Driss", "traits": {"canton": "Muret", "salariée": true}},
    {"id": "Élise", "traits": {"canton": "Muret", "salariée": false}},
    {"id": "Farid", "traits": {"canton": "Muret"}},
    {"id": "Gaëlle"}
  ],
  "size": 4,
  "met": [["Awa", "Driss"], ["Awa", "Élise"], ["Bruno", "Farid"]],
  "apart": [["Bruno", "Chloé"]],
  "together": [["Awa", "Gaëlle"]]
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Person:
    id: str | int
    traits: dict = field(default_factory=dict)


def answer(document):
    person = record({"id": identifier(), "traits": optional(_traits, {})}, build=_Person)
    pairs = many(pair(identifier(), "[id, id]"))
    given = members(
        document,
        {
            "people": many(person, unique="id"),
            "size": whole(1, MOST_PEOPLE),
            "met": optional(pairs, []),
            "apart": optional(pairs, []),
            "together": optional(pairs, []),
            "seed": optional(whole(0), 0),
        },
    )
    people = {person.id: person.traits for person in given["people"]}
    _refuse_too_many(people, given["size"])
    id_of = {str(person): person for person in people}
    met, apart, together = (_pairs_of_ids(given[name], name, id_of) for name in ("met", "apart", "together"))
    try:
        found = form_groups(people, given["size"], met=met, apart=apart, together=together, seed=given["seed"])
    except Impossible as refusal:
        raise _refused(refusal) from None
    return {
        "groups": [list(group) for group in found.groups],
        "repeated_pairs": found.repeated_pairs,
        "imbalance": found.imbalance,
    }


def _refuse_too_many(people, size):
    if len(people) > MOST_PEOPLE:
        raise Refused(f"Il y a trop de personnes{NBSP}: {count_fr(MOST_PEOPLE, 'personne')} au plus.", "/people")
    values = {trait for traits in people.values() for trait in traits.items()}
    if len(people) / size * len(values) > MOST_CELLS:
        message = (
            f"Les traits ont trop de valeurs différentes{NBSP}: retirez ceux qui changent d’une personne à l’autre."
        )
        raise Refused(message, "/people")


def _pairs_of_ids(pairs, name, id_of):
    pairs = [tuple(map(str, couple)) for couple in pairs]
    for index, couple in enumerate(pairs):
        for place, person in enumerate(couple):
            if person not in id_of:
                raise Refused(f"{_quoted(person)} n’est pas dans «{NBSP}people{NBSP}».", f"/{name}/{index}/{place}")
        if couple[0] == couple[1]:
            message = f"Une paire est faite de deux personnes{NBSP}: {_quoted(couple[0])} y est deux fois."
            raise Refused(message, f"/{name}/{index}")
    return [(id_of[one], id_of[other]) for one, other in pairs]


def _traits(value, where):
    """{name: value as a text}, without those that are null."""
    traits = mapping(_trait, named=text(200))(value, where)
    return {name: trait for name, trait in traits.items() if trait is not None}


def _trait(value, where):
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        raise Refused("Un texte, un nombre, true, false ou null est attendu ici.", where)
    return text(200)(value, where) if isinstance(value, str) else f"{number()(value, where):.15g}"


def _refused(refusal):
    """The sentence and the place that say which pair cannot be kept."""
    people = [_quoted(person) for person in refusal.people]
    if len(people) > MOST_NAMED:
        people = [*people[:MOST_NAMED], count_fr(len(people) - MOST_NAMED, "autre")]
    people = join_fr(people)
    if refusal.reason is None:
        told = "Aucun partage qui respecte toutes les paires n’a été trouvé, sans preuve qu’il n’y en ait pas"
        return Refused(f"{told}{NBSP}: retirez des paires à séparer ou à réunir.", "/apart")
    if refusal.reason == "crowded":
        told = f"{people} vont ensemble, mais aucun groupe n’est aussi grand"
        mend = "retirez une de leurs paires, ou agrandissez les groupes"
    elif refusal.reason == "both":
        told, mend = f"{people} sont à la fois à séparer et à réunir", "retirez une de leurs paires"
    else:
        verb = "séparer" if refusal.rule == "apart" else "réunir"
        told = f"Impossible de {verb} {people} en plus des paires qui précèdent"
        mend = "retirez cette paire ou une autre, ou changez la taille des groupes"
    return Refused(f"{told}{NBSP}: {mend}.", f"/{refusal.rule}/{refusal.index}")


def _quoted(person):
    return f"«{NBSP}{person}{NBSP}»"
