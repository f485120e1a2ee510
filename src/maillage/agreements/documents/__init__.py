"""The documents that Maillage can write: one file a family, each Kind under its nature."""

from maillage.agreements.documents import equipment, premises, service, staff, volunteers

KINDS = {
    kind.nature: kind for kind in (*equipment.KINDS, *premises.KINDS, *service.KINDS, *staff.KINDS, *volunteers.KINDS)
}
