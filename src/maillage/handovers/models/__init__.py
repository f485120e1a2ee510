from maillage.handovers.models.extensions import Extension
from maillage.handovers.models.incidents import Incident, IncidentWord
from maillage.handovers.models.reminders import LoanReminder
from maillage.handovers.models.reports import ConditionPhoto, ConditionReport, Side

__all__ = ["ConditionPhoto", "ConditionReport", "Extension", "Incident", "IncidentWord", "LoanReminder", "Side"]
