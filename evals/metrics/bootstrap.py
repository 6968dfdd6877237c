"""Confidence intervals by resampling questions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

RESAMPLES = 1000
_SEED = 20061129
_LEAST = 0.5
"""Least share of the resamples in which a statistic must exist (be no NaN) for an interval."""


def interval(
    statistic: Callable[[NDArray[np.intp]], float], size: int, resamples: int = RESAMPLES
) -> tuple[float, float]:
    """95 % percentile interval of a statistic of questions, given as positions 0 to `size` - 1, with replacement.

    Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13. The draws are the same in every call. For
    paired systems let the statistic be their difference on the same positions (Koehn, EMNLP 2004). NaN, NaN without
    questions, or when most draws give no number.
    """
    if not size:
        return math.nan, math.nan
    generator = np.random.default_rng(_SEED)
    drawn = np.array([statistic(generator.integers(0, size, size)) for _ in range(resamples)])
    drawn = drawn[~np.isnan(drawn)]
    if len(drawn) < _LEAST * resamples:
        return math.nan, math.nan
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided p of the exact McNemar test: questions that only the first, only the second run got right.

    McNemar, Psychometrika 12 1947; the exact form is a binomial test with p = 1/2. 1 when no question differs.
    """
    from scipy.stats import binomtest  # type: ignore[import-untyped]

    differing = only_first + only_second
    return float(binomtest(only_first, differing, 0.5).pvalue) if differing else 1.0
