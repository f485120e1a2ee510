"""What an import found, as numbers and codes; sentences are made where it is shown."""

from dataclasses import asdict, dataclass, field


@dataclass
class Report:
    layout: str = ""
    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    skipped_reasons: dict = field(default_factory=dict)
    noted_reasons: dict = field(default_factory=dict)
    first_lines: dict = field(default_factory=dict)  # {reason: up to ten line numbers}

    def as_dict(self):
        return asdict(self)

    def summary(self):
        """The part that scripts read: ``--json`` prints it as its last line."""
        return {
            name: getattr(self, name)
            for name in ("read", "created", "updated", "unchanged", "skipped", "skipped_reasons")
        }

    def fill(self, outcomes, reasons):
        for outcome, count in outcomes.items():
            setattr(self, outcome, count)
        for outcome, reason, count, lines in reasons:
            kind = self.skipped_reasons if outcome == "skipped" else self.noted_reasons
            kind[reason] = count
            self.first_lines[reason] = list(lines)
        self.skipped = sum(self.skipped_reasons.values())
