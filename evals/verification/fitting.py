"""Weights and floors of the support score, from development sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]

from assistant.writing.support import OTHER, SAME

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from evals.verification.scoring import Measured

_SIGNS = {
    "relevance": 1,
    "similarity": 1,
    "standing": 1,
    "overlap": 1,
    "quantities": -1,
    "names": -1,
    "loose_names": -1,
    "denied": -1,
    "affirmed": -1,
    "contrary": -1,
}
"""Which way each feature may speak: a chance of the sample must not turn it round."""
_PENALTY = 2.0
"""Of the squares of standardised weights."""
_FOLDS = 5
SURE = {SAME: 0.92, OTHER: 0.85}
"""Least share of true sentences among those called supported, were there as many corrupted ones as true ones. Where
claim and source can be compared word by word, more can be asked."""
OVERLAPPING = 0.98
"""Share of the true sentences in their source's language that share enough words with it."""
KEPT = 0.95
"""Share of the true sentences that are not called unsupported."""


def fitted(cases: Sequence[Measured]) -> dict[str, Any]:
    """What `support.json` holds, from development cases."""
    found = {}
    for related in (SAME, OTHER):
        chosen = [case for case in cases if case.related == related]
        rows = np.array([[case.features[name] for name in _SIGNS] for case in chosen])
        true = np.array([case.case.supported for case in chosen])
        intercept, weights = _fit(rows, true)
        found[related] = {
            "intercept": round(intercept, 4),
            "weights": dict(zip(_SIGNS, np.round(weights, 4).tolist(), strict=True)),
            "floors": {
                **_floors(_held_out_scores(rows, true, [case.case.name for case in chosen]), true, SURE[related]),
                "overlap": _least_overlap(chosen) if related == SAME else 0.0,
            },
        }
    return found


def _fit(rows: NDArray[np.float64], true: NDArray[np.bool_]) -> tuple[float, NDArray[np.float64]]:
    """Logistic regression in which true and corrupted cases weigh the same and every weight has its sign."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    standard = (rows - mean) / spread
    weight = np.where(true, 0.5 / true.sum(), 0.5 / (~true).sum())
    side = np.where(true, 1.0, -1.0)

    def loss(parameters: NDArray[np.float64]) -> float:
        margins = side * (parameters[0] + standard @ parameters[1:])
        return float((weight * np.logaddexp(0, -margins)).sum() + _PENALTY / len(rows) * (parameters[1:] ** 2).sum())

    bounds = [(None, None), *((0, None) if sign > 0 else (None, 0) for sign in _SIGNS.values())]
    best = minimize(loss, np.zeros(rows.shape[1] + 1), method="L-BFGS-B", bounds=bounds).x
    weights = best[1:] / spread
    return float(best[0] - (weights * mean).sum()), weights


def _held_out_scores(rows: NDArray[np.float64], true: NDArray[np.bool_], names: Sequence[str]) -> NDArray[np.float64]:
    """Scores of each case by a fit without it and its sisters."""
    order = {name: number % _FOLDS for number, name in enumerate(dict.fromkeys(names))}
    folds = np.array([order[name] for name in names])
    scores = np.zeros(len(rows))
    for fold in range(_FOLDS):
        intercept, weights = _fit(rows[folds != fold], true[folds != fold])
        scores[folds == fold] = 1 / (1 + np.exp(-(intercept + rows[folds == fold] @ weights)))
    return scores


def _least_overlap(cases: Sequence[Measured]) -> float:
    shares = [case.features["overlap"] for case in cases if case.case.supported]
    return round(float(np.quantile(shares, 1 - OVERLAPPING)), 4)


def _floors(scores: NDArray[np.float64], true: NDArray[np.bool_], sure: float) -> dict[str, float]:
    """The least score of "supported" and the least of "weak"."""
    weak = float(np.quantile(scores[true], 1 - KEPT))
    supported = 1.0
    for floor in sorted(set(scores.tolist()), reverse=True):
        held, wrong = (scores[true] >= floor).mean(), (scores[~true] >= floor).mean()
        if held and held / (held + wrong) >= sure:
            supported = floor
    return {"supported": round(max(supported, weak), 4), "weak": round(weak, 4)}
