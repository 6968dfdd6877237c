"""Outcomes as columns of numbers, so that a thousand resamples are quick."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from evals.outcome import Outcome


class Columns:
    """One value a question in every column, NaN where it does not apply. Unknown columns are all NaN."""

    def __init__(self, values: dict[str, NDArray[np.float64]], size: int) -> None:
        self._values = values
        self._size = size

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> Columns:
        """The columns of some outcomes, in their order."""
        rows = [_row(outcome) for outcome in outcomes]
        names = dict.fromkeys(name for row in rows for name in row)
        values = {name: np.array([row.get(name, math.nan) for row in rows], dtype=np.float64) for name in names}
        return cls(values, len(rows))

    def __len__(self) -> int:
        return self._size

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        found = self._values.get(name)
        return np.full(self._size, math.nan) if found is None else found

    def flags(self, name: str) -> NDArray[np.bool_]:
        """A column of 0 and 1 as flags; NaN counts as no."""
        return np.equal(self[name], 1.0)

    def take(self, positions: NDArray[np.intp], names: Iterable[str]) -> Columns:
        """The questions at some positions, with the named columns only."""
        return Columns({name: self[name][positions] for name in names}, len(positions))

    def mean(self, name: str) -> float:
        """Mean over the questions that have a value, NaN without any."""
        known = self._known(name)
        return float(known.mean()) if known.size else math.nan

    def percentile(self, name: str, percent: float) -> float:
        """Percentile (linear between neighbours) over the questions that have a value, NaN without any."""
        known = self._known(name)
        return float(np.percentile(known, percent)) if known.size else math.nan

    def count(self, name: str) -> int:
        """Number of questions that have a value."""
        return int(self._known(name).size)

    def _known(self, name: str) -> NDArray[np.float64]:
        column = self[name]
        return column[~np.isnan(column)]


def _row(outcome: Outcome) -> dict[str, float]:
    row = {**outcome.scores, "error": float(bool(outcome.error))}
    if "total_ms" in outcome.timings:
        row["total_ms"] = outcome.timings["total_ms"]
    if outcome.answered:
        row |= {
            "answerable": float(outcome.answerable),
            "refused": float(outcome.refused),
            "right": float(bool(outcome.right)),
            "evidence": math.nan if outcome.evidence is None else outcome.evidence,
        }
        if not outcome.refused and not outcome.error:
            row["length"] = float(len(outcome.answer))
    return row
