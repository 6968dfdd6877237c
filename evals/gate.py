"""Whether a run holds the floors of its question set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from evals.metrics.measures import MEASURES, Measure

if TYPE_CHECKING:
    from evals.report.model import Report


@dataclass(frozen=True)
class Verdict:
    """One floor; of a measure where less is better it is the most that is allowed."""

    split: str
    measure: Measure
    floor: float
    value: float | None
    """None when the run does not give the measure, which does not hold the floor."""

    @property
    def held(self) -> bool:
        """Whether the value is as good as the floor, or better."""
        if self.value is None:
            return False
        return self.value >= self.floor if self.measure.more_is_better else self.value <= self.floor


def verdicts(report: Report) -> list[Verdict]:
    """Every floor of the report's set with what the run reached."""
    found = []
    for split, floors in report.floors.items():
        for name, floor in floors.items():
            estimate = report.splits.get(split, {}).get(name)
            found.append(Verdict(split, MEASURES[name], floor, estimate.value if estimate else None))
    return found
