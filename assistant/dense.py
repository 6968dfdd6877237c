"""Dense search of one generation: how near its passages are to a question, comparable across languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.language_statistics import ANY_LANGUAGE
from index.windows import passage_and_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from assistant.scope import Scope
    from index.generation import Generation


@dataclass(frozen=True)
class Nearness:
    """How near a passage is to a question, by its nearest window."""

    similarity: float
    """Cosine."""
    standing: float
    """Standard deviations by which the cosine stands out among the windows of its language."""
    window: int
    """The window's number in its passage."""
    group: str
    """The language it is searched in."""


class DenseSearch:
    """Searches the windows of a generation, language by language."""

    def __init__(self, generation: Generation) -> None:
        self._vectors = generation.vectors
        self._spreads = generation.spreads
        self.groups = self._vectors.groups

    def group_of(self, language: str) -> str:
        """The group that a language's passages are in."""
        return language if language in self.groups else ANY_LANGUAGE

    def searched(self, within: Scope | None) -> list[str]:
        """The groups that hold what a search is kept to."""
        if within is None or within.languages is None:
            return list(self.groups)
        return sorted({self.group_of(language) for language in within.languages})

    def nearest(
        self, vectors: Mapping[str, Sequence[float]], k: int, within: Scope | None = None
    ) -> dict[str, Nearness]:
        """Passages by id with one of the `k` nearest windows of a group; `vectors` has the question's by group."""
        found: dict[str, Nearness] = {}
        sources = within.sources if within else None
        for group, vector in vectors.items():
            languages = within.languages if within and group == ANY_LANGUAGE else None
            for window_id, cosine in self._vectors.query(group, vector, k, sources, languages):
                passage_id, number = passage_and_number(window_id)
                if passage_id not in found:
                    found[passage_id] = self._nearness(group, vector, cosine, number)
        return found

    def measured(
        self, windows: Mapping[str, Sequence[str]], group: str, vector: Sequence[float]
    ) -> dict[str, Nearness]:
        """How near given passages of a group (id → window ids) are to a question."""
        stored = self._vectors.vectors([name for names in windows.values() for name in names], group)
        question = np.asarray(vector, dtype=np.float32)
        found = {}
        for passage_id, names in windows.items():
            cosines = [(float(np.asarray(stored[name]) @ question), number) for number, name in enumerate(names)]
            cosine, number = max(cosines)
            found[passage_id] = self._nearness(group, vector, cosine, number)
        return found

    def echoes(self, windows: Sequence[str], group: str, k: int, within: Scope | None = None) -> dict[str, float]:
        """Standings of the passages of other languages that are nearest to a passage, given by its windows: what says
        the same in another language is moved up by it when it is a candidate that the question alone ranks too low.
        """
        stored = self._vectors.vectors(windows, group)
        mean = np.mean([stored[name] for name in windows], axis=0)
        vector = [float(x) for x in mean / np.linalg.norm(mean)]
        others = {name: vector for name in self.searched(within) if name != group}
        return {name: near.standing for name, near in self.nearest(others, k, within).items()}

    def _nearness(self, group: str, vector: Sequence[float], cosine: float, number: int) -> Nearness:
        return Nearness(cosine, self._spreads[group].standard_score(vector, cosine), number, group)
