"""Reading of register files: bytes in, official facts or reasons out. docs/registers.md tells the traps.

files -> records -> layouts -> rows (values, communes, display_name) -> staging -> services.import_register
"""


class RegisterRefused(Exception):
    """The file can't be imported and nothing was written; the text, in French, is shown to the user."""
