"""The documents that Maillage can write: one file a family, each Kind under its nature."""

from maillage.agreements.documents import equipment, premises

KINDS = {kind.nature: kind for kind in (*equipment.KINDS, *premises.KINDS)}
