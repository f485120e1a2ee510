from maillage.handovers.models.reports import ConditionPhoto, ConditionReport, Side

__all__ = ["ConditionPhoto", "ConditionReport", "Side"]
