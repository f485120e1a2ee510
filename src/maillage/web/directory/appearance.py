"""How the page of a structure looks and is told when it has written nothing yet: from the facts of the register."""

from maillage.directory.register.nomenclature import family_code
from maillage.engine.french import date_fr, of_fr, typo
from maillage.kernel.letters import cut

LONGEST_DESCRIPTION = 160  # signs that a page of results shows

# family of purposes: (knitted sample, icon)
SAMPLES = {
    "002000": ("reflection", "lightbulb"),
    "003000": ("reflection", "scale"),
    "005000": ("information", "newspaper"),
    "006000": ("skills", "palette"),
    "007000": ("audiences", "dices"),
    "009000": ("rooms", "party-popper"),
    "010000": ("rooms", "landmark"),
    "011000": ("vehicles", "volleyball"),
    "013000": ("equipment", "trees"),
    "014000": ("volunteers", "heart-handshake"),
    "015000": ("trainings", "school"),
    "017000": ("volunteers", "heart-pulse"),
    "018000": ("volunteers", "hand-heart"),
    "019000": ("services", "hand-helping"),
    "020000": ("volunteers", "hand-heart"),
    "021000": ("audiences", "baby"),
    "022000": ("jobs", "briefcase"),
    "023000": ("jobs", "handshake"),
    "024000": ("equipment", "sprout"),
    "030000": ("jobs", "briefcase-business"),
    "032000": ("services", "house"),
    "034000": ("purchases", "map"),
    "036000": ("purchases", "life-buoy"),
}
ANY_OTHER = ("information", "users-round")


def appearance_of(structure, listings=()):
    """(knitted sample, icon) that stand for a cover: of the first declared purpose that has one, else of a listing."""
    families = map(family_code, structure.purpose_codes)
    of_listings = ((listing.kind.sample, ANY_OTHER[1]) for listing in listings)
    return next((SAMPLES[family] for family in families if family in SAMPLES), next(of_listings, ANY_OTHER))


def summary_of(structure):
    """Two sentences at most: those that the structure wrote, else what the register knows."""
    if structure.summary:
        return typo(structure.summary)
    place = f" {of_fr(structure.commune.name)}" if structure.commune else ""
    born = f", créée le {date_fr(structure.created_on)}" if structure.created_on else ""
    who = "Association" if structure.kind == structure.Kind.ASSOCIATION else structure.get_kind_display().capitalize()
    return f"{who}{place}{born}."


def described(structure):
    """One line for pages of results and for those who share the address."""
    text = typo(" ".join((structure.summary or structure.presentation).split())) or summary_of(structure)
    return cut(text, LONGEST_DESCRIPTION)
