"""Two runs of one question set, side by side."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from evals.metrics.bootstrap import interval, mcnemar
from evals.metrics.columns import Columns
from evals.metrics.measures import MEASURES
from index.errors import WrongCallError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evals.metrics.measures import Measure
    from evals.outcome import Outcome
    from evals.report.model import Report

YES_OR_NO = ("right", "answer_contained", "recall@1", "recall@3", "recall@10")
"""What a question has or has not; a part of what is needed counts as not."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Difference(_Value):
    """A measure in both runs; `low` to `high` is the 95 % interval of `second - first` over the same questions."""

    measure: str
    first: float
    second: float
    low: float | None
    high: float | None

    @property
    def difference(self) -> float:
        """How much more the second run has."""
        return self.second - self.first

    @property
    def significant(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)


class Disagreement(_Value):
    """Questions of which only one run has something, and McNemar's exact p."""

    outcome: str
    only_first: int
    only_second: int
    p: float


class Flip(_Value):
    """A question that one run got right and the other not."""

    id: str
    language: str
    kind: str
    question: str
    now_right: bool
    """Whether it is the second run that got it right."""


class Comparison(_Value):
    """What differs between two runs."""

    set: str
    questions: int
    left_out: int
    """Questions that only one of the runs has."""
    stamps_differ: tuple[str, ...]
    differences: tuple[Difference, ...]
    disagreements: tuple[Disagreement, ...]
    flips: tuple[Flip, ...]


def compare(first: Report, second: Report) -> Comparison:
    """Compare two runs on the questions that both have. Raises WrongCallError for runs of different sets."""
    if first.stamp.set != second.stamp.set:
        raise WrongCallError(f"these are runs of different question sets ({first.set} and {second.set}): run one again")
    ours = {outcome.id: outcome for outcome in first.outcomes}
    theirs = {outcome.id: outcome for outcome in second.outcomes}
    common = [name for name in ours if name in theirs]
    if not common:
        raise WrongCallError("the runs have no question in common: run them with the same --split, --only and --limit")
    pairs = [(ours[name], theirs[name]) for name in common]
    return Comparison(
        set=first.set,
        questions=len(common),
        left_out=len(ours) + len(theirs) - 2 * len(common),
        stamps_differ=tuple(first.stamp.differences(second.stamp)),
        differences=tuple(_differences([a for a, _ in pairs], [b for _, b in pairs])),
        disagreements=tuple(found for name in YES_OR_NO if (found := _disagreement(name, pairs))),
        flips=tuple(_flip(b) for a, b in pairs if {a.right, b.right} == {True, False}),
    )


def _differences(first: Sequence[Outcome], second: Sequence[Outcome]) -> list[Difference]:
    ours, theirs = Columns.of(first), Columns.of(second)
    found = []
    for measure in MEASURES.values():
        a, b = measure.compute(ours), measure.compute(theirs)
        if not math.isnan(a) and not math.isnan(b):
            low, high = _paired_interval(measure, ours, theirs)
            found.append(Difference(measure=measure.name, first=a, second=b, low=low, high=high))
    return found


def _paired_interval(measure: Measure, ours: Columns, theirs: Columns) -> tuple[float | None, float | None]:
    low, high = interval(
        lambda drawn: (
            measure.compute(theirs.take(drawn, measure.columns)) - measure.compute(ours.take(drawn, measure.columns))
        ),
        len(ours),
    )
    return (None, None) if math.isnan(low) else (low, high)


def _disagreement(name: str, pairs: Sequence[tuple[Outcome, Outcome]]) -> Disagreement | None:
    both = [(_has(name, first), _has(name, second)) for first, second in pairs]
    known = [(a, b) for a, b in both if a is not None and b is not None]
    if not known:
        return None
    only_first, only_second = sum(a and not b for a, b in known), sum(b and not a for a, b in known)
    return Disagreement(
        outcome=name, only_first=only_first, only_second=only_second, p=mcnemar(only_first, only_second)
    )


def _has(name: str, outcome: Outcome) -> bool | None:
    if name == "right":
        return outcome.right
    return outcome.scores[name] == 1 if name in outcome.scores else None


def _flip(outcome: Outcome) -> Flip:
    return Flip(
        id=outcome.id,
        language=outcome.language,
        kind=outcome.kind,
        question=outcome.question,
        now_right=bool(outcome.right),
    )
