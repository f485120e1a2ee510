"""How many things a title tells of: « 40 chaises pliantes » are forty, « salle pour 40 personnes » is one."""

import re

from maillage.engine.text import fold

_SPELLED = "deux 2 trois 3 quatre 4 cinq 5 six 6 sept 7 huit 8 neuf 9 dix 10 douze 12 vingt 20 trente 30 cent 100"
SPELLED = dict(re.findall(r"([a-z]+) (\d+)", _SPELLED))
_MEASURES = """
    m m2 m3 cm mm km l litre litres cl kg g t tonne tonnes w kw watt watts v volts ch cv a e eme x mo go to
    place places personne personnes pers couvert couverts convive convives adulte adultes enfant enfants
    h heure heures min minutes jour jours semaine semaines mois an ans fois euro euros
    tasses cafes roues portes etages lumens pouces points postes
    janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
"""
MEASURES = frozenset(_MEASURES.split())
_BEFORE_A_SIZE = "pour a le la les du au aux des no n numero niveau type jusqu moins plus"
BEFORE_A_SIZE = frozenset(_BEFORE_A_SIZE.split())
YEARS = range(1900, 2100)
ONE_THING = ("technical.premises", "services.skills", "training")  # a room, a skill: not counted
_WORD = re.compile(r"[^\W_]+")


def counts(category):
    """Whether things of ``category`` are counted: a room or a skill is not."""
    return not any(f"{category}.".startswith(f"{one}.") for one in ONE_THING)


def count_in(title):
    """The number of things that ``title`` begins to tell of; 1 when it tells of none, or of a size."""
    said = _WORD.findall(fold(title.replace("²", "2").replace("³", "3").replace("%", " x ").replace("€", " euros ")))
    place = next((at for at, word in enumerate(said) if word.isdecimal() or word in SPELLED), None)
    if place is None:
        return 1
    before, number, after = said[place - 1] if place else "", said[place], said[place + 1 :][:1]
    count = int(SPELLED.get(number, number))
    is_size = not after or after[0] in MEASURES or after[0].isdecimal() or before in BEFORE_A_SIZE
    return 1 if is_size or count in YEARS or not 1 <= count <= 100_000 else count
