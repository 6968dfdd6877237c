"""One ranking out of several."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

RRF_CONSTANT = 60
"""k of reciprocal rank fusion, as in Cormack, Clarke & Büttcher, SIGIR 2009."""


def reciprocal_rank_fusion(rankings: Iterable[tuple[float, Sequence[str]]]) -> list[tuple[str, float]]:
    """Fuse weighted rankings of ids, best first: score(d) = Σ weight / (60 + rank of d), rank from 1.

    Ties keep the order in which the ids first came.
    """
    scores: defaultdict[str, float] = defaultdict(float)
    for weight, ranking in rankings:
        for rank, name in enumerate(ranking, start=1):
            scores[name] += weight / (RRF_CONSTANT + rank)
    return sorted(scores.items(), key=lambda item: -item[1])
