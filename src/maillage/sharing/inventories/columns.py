"""Which column holds what: told by its heading, whatever the case, the accents, the order and the usual variants."""

from dataclasses import dataclass, field

from maillage.engine.text import fold

MOST_LINES_ABOVE = 15  # a title, a date, a logo may stand above the headings
NAMES = {
    "title": (
        *("quoi", "objet", "designation", "article", "materiel", "nom", "intitule", "libelle", "equipement", "bien"),
        *("denomination", "titre"),
    ),
    "quantity": ("combien", "quantite", "qte", "nombre", "nb", "nbre", "effectif", "stock"),
    "category": ("famille ou categorie", "categorie", "famille", "rubrique", "type", "genre", "nature"),
    "text": (
        *("description", "descriptif", "detail", "details", "precision", "precisions", "remarque", "remarques"),
        *("observation", "observations", "commentaire", "commentaires", "note", "notes", "etat", "caracteristiques"),
    ),
    "commune": ("commune", "ville"),
    "postal_code": ("code postal", "cp"),
    "place": ("rangement", "emplacement", "lieu", "ou", "local", "localisation", "stockage"),
    "mode": (
        *("pret location ou don", "pret location don", "pret ou location", "pret ou don", "modalite", "modalites"),
        *("mode", "mise a disposition", "condition", "conditions", "pret"),
    ),
    "deposit": ("caution", "depot de garantie"),
    "price": ("prix", "tarif", "montant", "cout", "loyer", "participation"),
    "unit": ("pour", "unite du prix", "unite", "duree"),
    "value": ("valeur", "prix d achat", "cout d achat", "prix unitaire"),
    "reference": (
        "reference",
        "ref",
        "numero d inventaire",
        "n inventaire",
        "numero",
        "n",
        "code",
        "identifiant",
        "id",
    ),
}
# (heading, what one writes below it, an example) of our template: each heading is one of NAMES.
TEMPLATE = (
    (
        "Quoi",
        "Le nom de la chose. Une chose par ligne. C’est la seule colonne obligatoire.",
        "Chaises",
    ),
    ("Combien", "Un nombre entier. Vide\u00a0: 1.", "40"),
    ("Catégorie", "Une catégorie de la feuille «\u00a0Catégories\u00a0». Vide\u00a0: nous la devinons.", ""),
    (
        "Description",
        "Ce qu’il faut savoir\u00a0: état, accès, permis. Ce texte est public.",
        "Pliantes, en bois, bon état.",
    ),
    ("Rangement", "Où la chose est rangée, si cela aide qui l’emprunte.", "Armoire du foyer"),
    ("Commune", "Vide\u00a0: celle de votre association.", "Revel"),
    ("Prêt, location ou don", "Un de ces trois mots. Vide\u00a0: vos conditions habituelles.", "prêt"),
    ("Caution", "Un montant\u00a0: il sera écrit dans la description.", "50 €"),
    ("Prix", "Un montant, et pour quelle durée. Vide\u00a0: gratuit pour un prêt ou un don.", "2,50 € par jour"),
    ("Valeur", "Ce que la chose vaut\u00a0: un montant, écrit dans la description.", "600 €"),
    ("Référence", "Votre numéro d’inventaire\u00a0: il aide à reconnaître la chose au prochain import.", "CH-01"),
)
GUIDE, CATEGORIES = "Mode d’emploi", "Catégories"  # the other sheets of our template, which hold no inventory
_WHAT = {name: what for what, names in NAMES.items() for name in names}


@dataclass(frozen=True)
class Columns:
    """places  {what: positions in a row}; a description may be spread over several columns."""

    places: dict
    line_number: int = 0
    unknown: list = field(default_factory=list)

    @classmethod
    def of_a_plain_list(cls, rows):
        """Of a file without headings: the first column is the thing, or how many when it holds but numbers."""
        width = max(len(cells) for _, cells in rows)
        first = 1 if width > 1 and all(cells[0].isdecimal() for _, cells in rows) else 0
        counted = {"quantity": (0,)} if first else {}
        return cls({**counted, "title": (first,), "loose": tuple(range(first + 1, width))})

    def read(self, cells):
        """{what: text} of a row, for the columns that the file has."""
        return {
            what: "\n".join(filter(None, (cells[place] for place in places if place < len(cells))))
            for what, places in self.places.items()
        }


def find_heading(rows):
    """The Columns that one of the first rows tells best, the name of the thing among them; None when none does."""
    found = [_read_heading(*row) for row in rows[:MOST_LINES_ABOVE]]
    named = [columns for columns in found if "title" in columns.places]
    return max(named, key=lambda columns: len(columns.places), default=None)


def _read_heading(line_number, cells):
    places: dict = {}
    unknown = []
    is_alone = sum(map(bool, cells)) == 1  # « Matériel du foyer » above a table is no heading, « Matériel » is one
    for position, cell in enumerate(cells):
        what = _WHAT.get(fold(cell)) if is_alone else _what(cell)
        if what == "text" or (what and what not in places):
            places[what] = (*places.get(what, ()), position)
        elif cell:
            unknown.append(cell)
    return Columns(places, line_number, unknown)


def _what(heading):
    """« Quantité », « QTE (pièces) » -> "quantity"; the longest name that the heading is, or begins with."""
    if len(heading) > 60:
        return None
    spoken = fold(heading).split()
    for length in range(len(spoken), 0, -1):
        if what := _WHAT.get(" ".join(spoken[:length])):
            return what
    return None
