from maillage.handovers.models.reminders import LoanReminder
from maillage.handovers.models.reports import ConditionPhoto, ConditionReport, Side

__all__ = ["ConditionPhoto", "ConditionReport", "LoanReminder", "Side"]
