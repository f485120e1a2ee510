"""What the pages that lead to writing say of a structure whose messages nobody reads."""

from maillage.directory.models import Mandate, Structure
from maillage.directory.visitor_letters import readers_of
from maillage.places.queries import nearest_support


def reading_of(structure):
    """Who reads what is written to ``structure``, and the place that may help when nobody does."""
    is_active = structure.state == Structure.State.ACTIVE
    is_read = is_active and Mandate.objects.current().filter(structure=structure).exists()
    commune = structure.commune
    return {
        "is_read": is_read,
        "reads_visitors": is_read and readers_of(structure).exists(),
        "support": None if is_read or commune is None else nearest_support(commune.latitude, commune.longitude),
    }
