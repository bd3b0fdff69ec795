"""What something was set to reach, and whether a run shows it. Each bench has goals of its own."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.benchmarks.results import Results, Table

Value = Callable[[Results], float | None]
"""What a run measured; None where it did not."""


@dataclass(frozen=True)
class Goal:
    """A value and the bound that it must keep: `least` or `most`."""

    label: str
    value: Value
    least: float | None = None
    most: float | None = None

    def row(self, results: Results) -> tuple[str, ...] | None:
        """The goal, what was reached, and whether that is enough; None where this run did not measure it."""
        value = self.value(results)
        if value is None:
            return None
        is_met = value >= self.least if self.least is not None else value <= (self.most or 0)
        bound = f"≥ {self.least:g}" if self.least is not None else f"≤ {self.most:g}"
        return self.label, bound, f"{value:.4g}", "yes" if is_met else "no"


def goals_table(goals: Iterable[Goal], results: Results) -> Table | None:
    """Every goal that this run can tell about; None where it can tell about none."""
    rows = tuple(row for goal in goals if (row := goal.row(results)))
    return Table("Goals", ("goal", "bound", "reached", "met"), rows) if rows else None
