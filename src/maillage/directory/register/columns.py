"""The columns of Structure that belong to the register."""

OFFICIAL_COLUMNS = (
    "state",
    "official_title",
    "official_acronym",
    "official_purpose",
    "official_website",
    "official_commune_label",
    "purpose_codes",
    "is_public_utility",
    "created_on",
    "published_on",
    "dissolved_on",
    "register_updated_at",
    "siret",
    "commune_id",
    "search_name",
)
KEY_COLUMNS = ("register_id", "rna_id")
RESTORED_COLUMNS = (*OFFICIAL_COLUMNS, *KEY_COLUMNS, "register_digest", "replaced_by_id")  # by an import undone
