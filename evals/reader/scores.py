"""How well scores part what they should: for abstention and calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

RIDGE = 1e-3
"""Keeps the logistic's slope finite where the classes are apart."""


def auroc(kept: Sequence[float], left: Sequence[float]) -> float:
    """Chance that a score of `kept` is above one of `left`; ties count half."""
    high, low = np.asarray(kept)[:, None], np.asarray(left)[None, :]
    return float((high > low).mean() + (high == low).mean() / 2)


def refused_at(kept: Sequence[float], left: Sequence[float], wrongly: float = 0.05) -> float:
    """Share of `left` below the threshold under which a share of `wrongly` of `kept` falls."""
    threshold = np.quantile(np.asarray(kept), wrongly)
    return float((np.asarray(left) < threshold).mean())


def logistic(scores: Sequence[float], right: Sequence[bool], steps: int = 50) -> tuple[float, float]:
    """Slope and shift of the logistic that makes scores probabilities of being right (Platt, 1999; Newton's method)."""
    design = np.stack([np.asarray(scores), np.ones(len(scores))], axis=1)
    target, weights = np.asarray(right, dtype=float), np.zeros(2)
    for _ in range(steps):
        expected = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        slope = design.T @ (expected - target) + RIDGE * weights
        curve = (design * (expected * (1 - expected))[:, None]).T @ design + RIDGE * np.eye(2)
        weights -= np.linalg.solve(curve, slope)
    return float(weights[0]), float(weights[1])
