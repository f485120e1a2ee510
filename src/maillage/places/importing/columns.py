"""Which column of a table holds what: told by its header, whatever the case, the accents and the order."""

from maillage.engine.french import WEEKDAYS, join_fr
from maillage.engine.text import fold
from maillage.places.importing import ImportRefused

# Names of SCDL « équipements collectifs publics » first, then those of our template and their usual variants.
NAMES = {
    "key": ("equip_uid", "identifiant", "id"),
    "kind": ("equip_type", "sorte", "type", "sorte_de_lieu"),
    "name": ("equip_nom", "nom"),
    "number": ("adr_numero", "numero"),
    "street": ("adr_nomvoie", "adresse", "voie"),
    "postal_code": ("adr_codepostal", "code_postal", "cp"),
    "commune": ("adr_commune", "commune", "ville"),
    "insee_code": ("code_insee", "adr_codeinsee", "insee"),
    "interop_key": ("adr_cle_interop",),
    "latitude": ("equip_lat", "latitude", "lat"),
    "longitude": ("equip_long", "equip_lon", "longitude", "long", "lon"),
    "hours": ("equip_ouverture", "horaires", "opening_hours"),
    "hours_note": ("precision_sur_les_horaires", "precision_horaires"),
    "phone": ("equip_tel", "equip_telephone", "telephone", "tel"),
    "email": ("equip_email", "courriel", "email", "mail"),
    "website": ("equip_web", "site_internet", "site", "web", "url"),
    "contact_role": ("qui_demander",),
    "accessibility": ("equip_acces", "accessibilite"),
    "verified_on": ("verifie_le",),
    **{f"day_{day}": (name,) for day, name in enumerate(WEEKDAYS)},
}
LABELS = {"name": "le nom", "kind": "la sorte de lieu"}
WHERE = ("commune", "postal_code", "insee_code", "interop_key")

TEMPLATE = (
    ("identifiant", "lieu-1"),
    ("nom", "Maison des associations"),
    ("sorte", "Maison des associations"),
    ("adresse", "3, rue du Foyer"),
    ("code postal", "31250"),
    ("commune", "Revel"),
    ("latitude", "43.4586"),
    ("longitude", "2.0041"),
    *((day, "9h-12h, 14h-18h" if day in ("mardi", "jeudi") else "") for day in WEEKDAYS),
    ("précision sur les horaires", "Fermé en août."),
    ("téléphone", "05 61 00 00 00"),
    ("courriel", "contact@exemple.fr"),
    ("site internet", "www.exemple.fr"),
    ("qui demander", "l’animatrice de la vie associative"),
    ("accessibilité", "Entrée de plain-pied."),
    ("vérifié le", "15/01/2026"),
)


def find_columns(header):
    """{what: position in a record}; ImportRefused names what is missing."""
    names = ["_".join(fold(name.replace("_", " ")).split()) for name in header]
    columns = {
        what: next(names.index(name) for name in known if name in names)
        for what, known in NAMES.items()
        if any(name in names for name in known)
    }
    missing = [label for what, label in LABELS.items() if what not in columns]
    if not any(what in columns for what in WHERE):
        missing.append("la commune")
    if missing:
        seen = ", ".join(name for name in header if name)[:300]
        raise ImportRefused(
            f"Ligne 1\u00a0: il manque la colonne qui dit {join_fr(missing)}. Les colonnes de ce fichier sont\u00a0: "
            f"{seen or 'aucune'}. Partez de notre modèle, ou du format SCDL «\u00a0équipements collectifs\u00a0»."
        )
    return columns
