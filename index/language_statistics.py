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
        variance = float(question @ self.covariance @ question)
        return float((cosine - question @ self.mean) / max(variance**0.5, _LEAST_SPREAD))


def language_groups(counts: Mapping[str, int]) -> dict[str, str]:
    """The group in which each language is searched: its own, or that of the rare ones. `counts` are passages."""
    total = sum(counts.values())
    return {name: name if count >= _RARE * total else ANY_LANGUAGE for name, count in counts.items()}


class LanguageStatistics:
    """Collects vectors by language and gives each language's spread."""

    def __init__(self) -> None:
        self._sums: dict[str, list[Any]] = {}

    def add(self, language: str, vectors: Sequence[Sequence[float]]) -> None:
        """Count vectors (n, d) of passages in a language."""
        block = np.asarray(vectors, dtype=np.float64)
        count, total, products = self._sums.setdefault(language, [0, 0.0, 0.0])
        self._sums[language] = [count + len(block), total + block.sum(axis=0), products + block.T @ block]

    def save(self, path: Path) -> None:
        """Write the spreads into an .npz file."""
        arrays = {}
        for language, (count, total, products) in self._sums.items():
            mean = total / count
            arrays[f"{language}.mean"] = mean.astype(np.float32)
            arrays[f"{language}.covariance"] = (products / count - np.outer(mean, mean)).astype(np.float32)
        np.savez_compressed(path, **arrays)


def load_spreads(path: Path) -> dict[str, Spread]:
    """The spreads that `LanguageStatistics.save` wrote, by language."""
    with np.load(path, allow_pickle=False) as arrays:
        languages = {name.removesuffix(".mean") for name in arrays.files if name.endswith(".mean")}
        return {name: Spread(arrays[f"{name}.mean"], arrays[f"{name}.covariance"]) for name in sorted(languages)}
