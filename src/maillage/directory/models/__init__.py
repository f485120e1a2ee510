from maillage.directory.models.pages import PageAddress, Picture, VisitorLetter
from maillage.directory.models.registers import RegisterImport, RegisterImportChange, RegisterImportLine
from maillage.directory.models.structures import Mandate, NetworkMembership, NetworkRequest, Structure
from maillage.directory.models.teams import Claim, HandOver, Invitation

__all__ = [
    "Claim",
    "HandOver",
    "Invitation",
    "Mandate",
    "NetworkMembership",
    "NetworkRequest",
    "PageAddress",
    "Picture",
    "RegisterImport",
    "RegisterImportChange",
    "RegisterImportLine",
    "Structure",
    "VisitorLetter",
]
