from maillage.directory.models.dissolutions import Dissolution
from maillage.directory.models.helping import Assistance, HelpRequest
from maillage.directory.models.pages import PageAddress, Picture, VisitorLetter
from maillage.directory.models.registers import RegisterImport, RegisterImportChange, RegisterImportLine
from maillage.directory.models.structures import Mandate, NetworkMembership, NetworkRequest, Structure
from maillage.directory.models.teams import Claim, HandOver, Invitation

__all__ = [
    "Assistance",
    "Claim",
    "Dissolution",
    "HandOver",
    "HelpRequest",
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
