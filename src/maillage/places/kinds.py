"""The kinds of places: a closed list, each with a plain label, one sentence, and the words that files use for it."""

from dataclasses import dataclass

from maillage.engine.text import fold


@dataclass(frozen=True)
class Kind:
    """``words``: what tells it in a file, folded, beside its code and label; ``supports``: one is helped there."""

    code: str
    label: str
    explanation: str
    icon: str
    words: tuple = ()
    supports: bool = False


KINDS = (
    Kind(
        "support_point",
        "Point d’appui à la vie associative",
        "Une personne y répond aux questions des associations, gratuitement.",
        "life-buoy",
        ("pava", "guid asso", "guidasso", "crib", "point appui vie associative", "appui a la vie associative"),
        supports=True,
    ),
    Kind(
        "departement",
        "Conseil du Département aux associations",
        "L’équipe du Département qui conseille les associations et leurs projets.",
        "landmark",
        ("dept", "conseil departemental", "cellule de conseil"),
        supports=True,
    ),
    Kind(
        "third_place",
        "Tiers-lieu",
        "Un lieu ouvert à tous pour travailler, apprendre, fabriquer et se rencontrer.",
        "laptop",
        ("tiers lieu", "tiers lieux", "fablab", "coworking"),
    ),
    Kind(
        "social_life_space",
        "Espace de vie sociale",
        "Un petit lieu de quartier ou de village, porté par une association, pour les familles et les voisins.",
        "heart-handshake",
        ("evs", "espace de vie sociale"),
    ),
    Kind(
        "youth_culture_house",
        "Maison des jeunes et de la culture",
        "Des activités culturelles, éducatives et de loisirs pour tous les âges.",
        "drama",
        ("mjc", "maison des jeunes"),
    ),
    Kind(
        "rural_home",
        "Foyer rural",
        "L’association du village qui organise activités, fêtes et culture.",
        "house",
        ("foyer rural", "foyers ruraux"),
    ),
    Kind(
        "association_house",
        "Maison des associations",
        "Des salles, du matériel et des conseils pour les associations de la commune.",
        "building-2",
        ("mda", "maison des associations", "maison associative", "maison de la vie associative"),
    ),
    Kind(
        "neighbourhood_house",
        "Maison de quartier",
        "Un équipement de la ville où se retrouvent les habitants et les associations d’un quartier.",
        "door-open",
        ("maison de quartier", "maison de proximite"),
    ),
    Kind(
        "social_centre",
        "Centre social",
        "Un lieu d’accueil et d’activités pour les habitants, décidées avec eux.",
        "users-round",
        ("cs", "centre social", "centre socio culturel", "centre socioculturel"),
    ),
    Kind(
        "sports_office",
        "Office des sports",
        "Il réunit les clubs de la commune et répartit les équipements sportifs.",
        "trophy",
        ("oms", "office des sports", "office municipal des sports"),
    ),
    Kind(
        "culture_office",
        "Office de la culture",
        "Il réunit les associations culturelles de la commune.",
        "palette",
        ("omc", "office de la culture", "office municipal de la culture"),
    ),
    Kind(
        "local_council",
        "Conseil local de la vie associative",
        "Les associations et la commune y parlent ensemble de la vie associative.",
        "messages-square",
        ("clva", "conseil local de la vie associative", "comite consultatif"),
    ),
    Kind(
        "citizen_council",
        "Conseil citoyen ou de quartier",
        "Des habitants et des associations y donnent leur avis sur leur quartier.",
        "megaphone",
        ("conseil citoyen", "conseil de quartier"),
    ),
    Kind(
        "cooperation_hub",
        "Pôle territorial de coopération économique",
        "Associations, entreprises et collectivités y montent ensemble des projets pour l’emploi local.",
        "handshake",
        ("ptce", "pole territorial de cooperation"),
    ),
    Kind(
        "epci",
        "Service de l’intercommunalité",
        "La communauté de communes ou d’agglomération, pour les projets à plusieurs communes.",
        "layers",
        ("epci", "communaute de communes", "communaute d agglomeration", "intercommunalite", "siege epci"),
    ),
    Kind(
        "town_service",
        "Service municipal de la vie associative",
        "Le service de la mairie qui suit les associations : salles, matériel, subventions.",
        "briefcase",
        ("muni", "service de la vie associative", "service vie associative"),
    ),
    Kind(
        "town_hall",
        "Mairie",
        "L’accueil de la commune\u00a0: réserver une salle, demander une autorisation, savoir à qui parler.",
        "flag",
        ("mairie", "mairie annexe", "hotel de ville"),
    ),
    Kind(
        "france_services",
        "France services",
        "Une personne y aide chacun dans ses démarches, en ligne ou sur papier.",
        "id-card",
        ("france services", "maison france services", "espace france services", "msap"),
    ),
    Kind(
        "network_head",
        "Tête de réseau",
        "Une fédération ou une union qui accompagne ses associations membres.",
        "network",
        ("tete de reseau", "federation departementale", "union departementale"),
    ),
)
BY_CODE = {kind.code: kind for kind in KINDS}
CHOICES = [(kind.code, kind.label) for kind in KINDS]
SUPPORT = tuple(kind.code for kind in KINDS if kind.supports)


def recognise(text):
    """The Kind that ``text`` names (« MJC », « Centre social », « mjc de quartier »), or None.

    A short code must be the whole text; the words of a name may stand inside it, the longest first.
    """
    plain = fold(text)
    if not plain:
        return None
    known = {fold(word): kind for kind in KINDS for word in (kind.code, kind.label, *kind.words)}
    if plain in known:
        return known[plain]
    inside = [word for word in known if len(word) > 5 and f" {word} " in f" {plain} "]
    return known[max(inside, key=len)] if inside else None
