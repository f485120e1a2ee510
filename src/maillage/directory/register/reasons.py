"""The codes of a report and the sentences that a page or a terminal shows for them."""

SKIPPED = {
    "dissolved": "association dissoute et encore inconnue ici",
    "suppressed": "association supprimée du registre et encore inconnue ici",
    "inactive": "association inactive et encore inconnue ici",
    "replaced": "ligne remplacée par un numéro RNA plus récent",
    "duplicate": "même identifiant qu’une ligne plus loin dans le fichier",
    "no_id": "pas d’identifiant",
    "bad_id": "identifiant qui n’a pas la forme d’un numéro du registre",
    "no_title": "pas de titre",
    "unknown_position": "position inconnue (ni active, ni dissoute, ni remplacée…)",
    "wrong_column_count": "nombre de colonnes différent de la première ligne",
}
NOTED = {
    "commune_unknown": "commune non reconnue\u00a0: la structure est gardée sans commune",
    "siret_invalid": "SIRET invalide, non repris",
    "website_refused": "adresse de site non reprise",
    "rna_id_invalid": "numéro RNA invalide, non repris",
}


def label(code):
    return SKIPPED.get(code) or NOTED.get(code) or code
