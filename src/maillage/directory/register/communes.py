"""Which current commune a register means: its code, a former code, a district, or a postal code and a label."""

import re

from django.conf import settings

from maillage.directory.register.values import insee_code, postal_code
from maillage.engine.text import fold
from maillage.territory.models import Commune, FormerCommune

_DISTRICTS = re.compile(r"(751(?:0[1-9]|1\d|20))|(693(?:0[1-9]|8[1-9]))|(132(?:0[1-9]|1[0-6]))")
_CITIES = ("75056", "69123", "13055")
_AFTER_THE_NAME = re.compile(r"\b(cedex.*|\d.*|sp)$")


def label_key(label):
    """« Toulouse Cedex 9 » -> "toulouse", « ST-FELIX  LAURAGAIS » -> "saint felix lauragais"."""
    folded = _AFTER_THE_NAME.sub("", fold(label)).strip()
    return re.sub(r"\bste\b", "sainte", re.sub(r"\bst\b", "saint", folded))


class CommuneResolver:
    """Loaded once for an import: about 35,000 communes and 4,000 former codes."""

    def __init__(self):
        self._former = dict(FormerCommune.objects.values_list("code", "commune_id"))
        self._current = set()
        self._by_postal = {}
        self._by_departement = {}
        for code, name, departement, postal_codes in Commune.objects.values_list(
            "code", "search_name", "departement_id", "postal_codes"
        ).iterator():
            self._current.add(code)
            self._by_departement.setdefault((departement, name), []).append(code)
            for postal in postal_codes:
                self._by_postal.setdefault(postal, []).append((name, code))

    def resolve(self, code, postal, label):
        """The code of a current commune, or None; the arguments are cells as the file has them."""
        if code in self._current:
            return code
        code = insee_code(code)
        for candidate in (code, self._former.get(code), _city(code)):
            if candidate in self._current:
                return candidate
        return self._by_name(postal_code(postal), label_key(label), code)

    def _by_name(self, postal, name, code):
        if not name:
            return None
        same_postal = [found for candidate, found in self._by_postal.get(postal, ()) if candidate == name]
        if len(same_postal) == 1:
            return same_postal[0]
        said = [_departement(postal), code[:3] if code[:2] == "97" else code[:2]]
        for departement in said if any(said) else settings.TERRITORY:
            same_name = self._by_departement.get((departement, name), ())
            if len(same_name) == 1:
                return same_name[0]
        return None


def _city(code):
    match = _DISTRICTS.fullmatch(code)
    return _CITIES[match.lastindex - 1] if match and match.lastindex else None


def _departement(postal):
    """The département that a postal code most often says; a Corsican one says which half by its third digit."""
    if postal[:2] in ("97", "98"):
        return postal[:3]
    if postal[:2] == "20":
        return "2A" if postal[2] in "01" else "2B"
    return postal[:2]
