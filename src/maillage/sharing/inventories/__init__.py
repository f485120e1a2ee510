"""What a structure owns, read from its spreadsheet and made into offers. docs/inventories.md tells columns and rules.

bytes -> rows of texts (files) -> columns -> facts (rows) -> plan (compared with what is there) -> services
"""


class InventoryRefused(Exception):
    """The file can't be read and nothing was kept; the text, in French, is shown to the person."""
