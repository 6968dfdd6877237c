"""Languages that are searched apart, and how the vectors of each are spread, so that their cosines compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

ANY_LANGUAGE = "any"
"""The group of all languages that are rare."""
_RARE = 0.01
"""Share of the passages below which a language is rare."""
_LEAST_SPREAD = 0.012
"""Standard deviation of cosines taken for a language with few or very similar passages; e5-small's is about 0.02."""


@dataclass(frozen=True)
class Spread:
    """Mean (d,) and covariance (d, d) of the vectors of one language's passages."""

    mean: NDArray[np.float32]
    covariance: NDArray[np.float32]

    def standard_score(self, vector: Sequence[float], cosine: float) -> float:
        """How many standard deviations a passage's cosine lies above what this question has with the language's
        passages on average: (cos - q·μ) / sqrt(qᵀΣq).
        """
        question = np.asarray(vector, dtype=np.float32)
        # Of passages that are all alike, single precision may leave a little less than nothing.
        variance = max(float(question @ self.covariance @ question), 0.0)
        return float((cosine - question @ self.mean) / max(variance**0.5, _LEAST_SPREAD))


def language_groups(counts: Mapping[str, int]) -> dict[str, str]:
    """The group in which each language is searched: its own, or that of the rare ones. `counts` are passages."""
    total = sum(counts.values())
    return {name: name if count >= _RARE * total else ANY_LANGUAGE for name, count in counts.items()}


class LanguageStatistics:
    """Sums over vectors by group of languages, which vectors join and leave, and the spreads that follow from them."""

    def __init__(self) -> None:
        self._sums: dict[str, list[Any]] = {}

    def add(self, group: str, vectors: Sequence[Sequence[float]]) -> None:
        """Count vectors (n, d) of a group's windows."""
        self._count(group, vectors, 1)

    def remove(self, group: str, vectors: Sequence[Sequence[float]]) -> None:
        """Count vectors (n, d) of a group no more."""
        self._count(group, vectors, -1)

    def spreads(self) -> dict[str, Spread]:
        """Mean and covariance of every group that has vectors."""
        found = {}
        for group, (count, total, products) in sorted(self._sums.items()):
            if count > 0:
                mean = total / count
                covariance = products / count - np.outer(mean, mean)
                found[group] = Spread(mean.astype(np.float32), covariance.astype(np.float32))
        return found

    def save(self, path: Path) -> None:
        """Write the sums into an .npz file."""
        arrays: dict[str, Any] = {}
        for group, (count, total, products) in self._sums.items():
            if count > 0:
                arrays |= {f"{group}.count": np.array(count), f"{group}.sum": total, f"{group}.products": products}
        np.savez_compressed(path, **arrays)

    @classmethod
    def load(cls, path: Path) -> LanguageStatistics:
        """The sums that `save` wrote."""
        statistics = cls()
        with np.load(path, allow_pickle=False) as arrays:
            for name in arrays.files:
                if name.endswith(".count"):
                    group = name.removesuffix(".count")
                    sums = [int(arrays[name]), arrays[f"{group}.sum"], arrays[f"{group}.products"]]
                    statistics._sums[group] = sums
        return statistics

    def _count(self, group: str, vectors: Sequence[Sequence[float]], sign: int) -> None:
        if not len(vectors):
            return
        block = np.asarray(vectors, dtype=np.float64)
        count, total, products = self._sums.setdefault(group, [0, 0.0, 0.0])
        self._sums[group] = [
            count + sign * len(block),
            total + sign * block.sum(axis=0),
            products + sign * (block.T @ block),
        ]


def load_spreads(path: Path) -> dict[str, Spread]:
    """The spreads of the sums that `LanguageStatistics.save` wrote, by group."""
    return LanguageStatistics.load(path).spreads()
