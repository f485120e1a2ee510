"""Places read from a table: SCDL « équipements collectifs » or our own. docs/places.md tells the columns and the rules.

bytes -> records (directory.register) -> columns -> rows -> plan (compared with what is there) -> services
"""


class ImportRefused(Exception):
    """The file can't be imported and nothing was written; the text, in French, is shown to the user."""
