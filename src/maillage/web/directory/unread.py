"""What the pages that lead to writing say of a structure whose messages nobody reads."""

from maillage.directory.models import Structure
from maillage.directory.visitor_letters import readers_of
from maillage.places.queries import nearest_support


def is_read(structure):
    """Whether someone acts for ``structure`` today, and reads what other structures write to it."""
    return structure.state == Structure.State.ACTIVE and structure.mandates.current().exists()


def reading_of(structure):
    """Who reads what is written to ``structure``, and the place that may help when nobody does."""
    commune, someone_reads = structure.commune, is_read(structure)
    return {
        "is_read": someone_reads,
        "reads_visitors": someone_reads and readers_of(structure).exists(),
        "support": None if someone_reads or commune is None else nearest_support(commune.latitude, commune.longitude),
    }
