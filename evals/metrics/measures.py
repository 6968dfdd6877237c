"""Every measure by name: what it means, which way is better, how it is computed from columns of outcomes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from evals.metrics.abstention import auroc, precision_recall_f1, refused_at_cost
from evals.metrics.retrieval import CUTOFFS

if TYPE_CHECKING:
    from collections.abc import Callable

    from evals.metrics.columns import Columns


@dataclass(frozen=True)
class Measure:
    """A number that describes a set of outcomes."""

    name: str
    title: str
    family: str
    columns: tuple[str, ...]
    """What it is computed from; it is taken over the questions that have the first of them."""
    compute: Callable[[Columns], float]
    """Gives NaN when it cannot be computed."""
    more_is_better: bool = True
    unit: str = "share"
    """`share` (0 to 1), `characters`, `ms` or `questions`."""
    headline: bool = False


def _mean(name: str, title: str, family: str, *, headline: bool = False) -> Measure:
    return Measure(name, title, family, (name,), lambda columns: columns.mean(name), headline=headline)


def _refusing(part: int) -> Callable[[Columns], float]:
    def compute(columns: Columns) -> float:
        asked = ~np.isnan(columns["answerable"])
        return precision_recall_f1(columns.flags("refused")[asked], columns.flags("answerable")[asked])[part]

    return compute


def _ranking(function: Callable[..., float]) -> Callable[[Columns], float]:
    return lambda columns: function(columns["evidence"], columns.flags("answerable"))


def _wrong_refusals(columns: Columns) -> float:
    answerable = columns.flags("answerable")
    return float(columns.flags("refused")[answerable].mean()) if answerable.any() else math.nan


def _precision_when_answered(columns: Columns) -> float:
    answered = (columns["refused"] == 0) & (columns["error"] == 0)
    return float(columns.flags("right")[answered].mean()) if answered.any() else math.nan


def _percentile(name: str, percent: float) -> Callable[[Columns], float]:
    return lambda columns: columns.percentile(name, percent)


_DECISION = ("answerable", "refused")
_EVIDENCE = ("evidence", "answerable")
_FOUND, _SAID, _CITED, _REFUSED = "retrieval", "answer", "citations", "abstention"
_ALL = (
    *(_mean(f"recall@{k}", f"Gold among the first {k}", _FOUND, headline=k in {1, 3, 10}) for k in CUTOFFS),
    _mean("mrr", "Mean reciprocal rank", _FOUND, headline=True),
    _mean("ndcg@10", "nDCG@10", _FOUND, headline=True),
    _mean("coverage@10", "Languages covered by the first 10", _FOUND, headline=True),
    _mean("answer_contained", "Answer holds all that is wanted", _SAID, headline=True),
    _mean("parts_contained", "Parts of the answer held", _SAID),
    _mean("exact_match", "Exact match", _SAID),
    _mean("f1", "Token F1", _SAID),
    _mean("citation_precision", "Citations that point at gold", _CITED, headline=True),
    _mean("citation_recall", "Gold that is cited", _CITED, headline=True),
    _mean("citations_exact", "Citations that stand in the source", _CITED, headline=True),
    Measure("accuracy", "Right, over everything", _REFUSED, ("right",), lambda c: c.mean("right"), headline=True),
    Measure(
        "precision_when_answered",
        "Right, when answered",
        _REFUSED,
        ("right", "refused", "error"),
        _precision_when_answered,
        headline=True,
    ),
    Measure("refusal_precision", "Refusals that are right", _REFUSED, _DECISION, _refusing(0)),
    Measure("refusal_recall", "Unanswerable that is refused", _REFUSED, _DECISION, _refusing(1), headline=True),
    Measure("refusal_f1", "F1 of refusing", _REFUSED, _DECISION, _refusing(2), headline=True),
    Measure(
        "wrong_refusal_rate",
        "Answerable that is refused",
        _REFUSED,
        _DECISION,
        _wrong_refusals,
        more_is_better=False,
        headline=True,
    ),
    Measure("auroc", "AUROC of the evidence", _REFUSED, _EVIDENCE, _ranking(auroc), headline=True),
    Measure(
        "refused_at_5pct",
        "Unanswerable refused at 5 % wrong refusals",
        _REFUSED,
        _EVIDENCE,
        _ranking(refused_at_cost),
        headline=True,
    ),
    *(
        Measure(name, title, family, (column,), _percentile(column, percent), more_is_better=False, unit=unit)
        for name, title, family, column, percent, unit in (
            ("length_p50", "Answer's length, median", "length", "length", 50, "characters"),
            ("length_p95", "Answer's length, 95 %", "length", "length", 95, "characters"),
            ("latency_p50", "Time, median", "latency", "total_ms", 50, "ms"),
            ("latency_p95", "Time, 95 %", "latency", "total_ms", 95, "ms"),
        )
    ),
    Measure(
        "errors",
        "Errors",
        "errors",
        ("error",),
        lambda columns: float(columns.flags("error").sum()),
        more_is_better=False,
        unit="questions",
    ),
)
MEASURES = {measure.name: measure for measure in _ALL}
"""All measures, in the order in which they are shown."""


def shown(value: float | None, unit: str) -> str:
    """A measure's value for reading: shares with three decimals, others whole; a dash for none."""
    if value is None or math.isnan(value):
        return "–"
    # Adding 0.0 takes the sign off a rounded zero.
    return f"{round(value, 3) + 0.0:.3f}" if unit == "share" else f"{round(value):,}"
