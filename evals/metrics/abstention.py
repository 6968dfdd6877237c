"""Whether the assistant refuses what the sources do not answer, and nothing else.

Refusing is the positive class: a true positive is an unanswerable question that was refused.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Numbers = NDArray[np.float64]

WRONG_REFUSALS = 0.05
"""Share of the answerable questions that may be refused where refusals are compared at equal cost."""


def precision_recall_f1(refused: Flags, answerable: Flags) -> tuple[float, float, float]:
    """Precision, recall and F1 of refusing, 0 to 1; NaN where there is nothing to divide by.

    As SQuAD 2.0 looks at its unanswerable questions (Rajpurkar et al., ACL 2018).
    """
    right = float(np.sum(refused & ~answerable))
    precision = _share(right, float(np.sum(refused)))
    recall = _share(right, float(np.sum(~answerable)))
    return precision, recall, _share(2 * right, float(np.sum(refused) + np.sum(~answerable)))


def auroc(evidence: Numbers, answerable: Flags) -> float:
    """Probability that an answerable question has more evidence than an unanswerable one, ties counting half.

    The area under the ROC curve as the Mann-Whitney statistic (Hanley & McNeil, Radiology 143 1982); NaN without
    both kinds of question.
    """
    from scipy.stats import rankdata  # type: ignore[import-untyped]

    known = ~np.isnan(evidence)
    evidence, answerable = evidence[known], answerable[known]
    positive, negative = int(np.sum(answerable)), int(np.sum(~answerable))
    if not positive or not negative:
        return math.nan
    ranks = float(np.sum(rankdata(evidence)[answerable]))
    return (ranks - positive * (positive + 1) / 2) / (positive * negative)


def curve(evidence: Numbers, answerable: Flags) -> tuple[Numbers, Numbers, Numbers]:
    """Thresholds with the shares of answerable (wrongly) and unanswerable (rightly) questions that they refuse.

    A question is refused when its evidence lies below the threshold. Arrays of one length, thresholds rising.
    """
    known = ~np.isnan(evidence)
    evidence, answerable = evidence[known], answerable[known]
    thresholds = np.append(np.unique(evidence), np.inf)
    wrong = np.searchsorted(np.sort(evidence[answerable]), thresholds) / max(1, int(np.sum(answerable)))
    right = np.searchsorted(np.sort(evidence[~answerable]), thresholds) / max(1, int(np.sum(~answerable)))
    return thresholds, wrong, right


def refused_at_cost(evidence: Numbers, answerable: Flags, cost: float = WRONG_REFUSALS) -> float:
    """Largest share of the unanswerable that a threshold refuses while wrongly refusing at most `cost`, 0 to 1."""
    known = ~np.isnan(evidence)
    if not np.any(answerable[known]) or np.all(answerable[known]):
        return math.nan
    _, wrong, right = curve(evidence, answerable)
    return float(np.max(right[wrong <= cost], initial=0.0))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
