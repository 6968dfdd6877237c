"""The passages for a question: dense and lexical search, fused."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.dense import DenseSearch
from assistant.fusion import balanced, fused_scores
from index.windows import windows

if TYPE_CHECKING:
    from assistant.dense import Nearness
    from assistant.question import Question
    from assistant.scope import Scope
    from index.document import Passage
    from index.generation import Generation
    from index.glossary import Glossary

Embed = Callable[[str], Sequence[float]]
"""Gives the vector (unit length) of a question."""
_WINDOWS_PER_PASSAGE = 4
"""Few passages have more, so that the nearest windows are of as many passages as are asked for."""


@dataclass(frozen=True)
class FoundPassage:
    """A passage with what speaks for it."""

    passage: Passage
    score: float
    """Standing and share of the best BM25 score, with the echo of the best passage after the first ones."""
    nearness: Nearness
    """Of its nearest window, with the question in the passage's language as far as the glossary reaches."""
    lexical: float | None
    """BM25."""
    read: float | None = None
    """What the reader says of its best window, a logit; None for a passage that it did not read."""


@dataclass(frozen=True)
class Retrieved:
    """The passages for a question, best first, with the question's vectors by language and the time spent, in ms."""

    passages: tuple[FoundPassage, ...]
    vectors: dict[str, Sequence[float]]
    timings: dict[str, float]


class Retriever:
    """Searches one generation: dense per language, so that no language crowds out another, and lexical, fused."""

    def __init__(self, generation: Generation, glossary: Glossary, embed: Embed, candidates: int = 40) -> None:
        self._content = generation.content
        self._lexical_index = generation.lexical
        self._dense = DenseSearch(generation)
        self._glossary = glossary
        self._embed = embed
        self._candidates = candidates

    def retrieve(self, question: Question, k: int, within: Scope | None = None) -> Retrieved:
        """The best `k` passages for a question, best first; `within` keeps the search to some of them."""
        clock = _Clock()
        candidates = max(_WINDOWS_PER_PASSAGE * k, self._candidates)
        vectors = self._vectors(question, self._dense.searched(within))
        clock.lap("embed_ms")
        near = self._dense.nearest(vectors, candidates, within)
        clock.lap("dense_ms")
        lexical = self._lexical(question, candidates, list(near), within)
        clock.lap("lexical_ms")
        near |= self._measured([name for name in lexical if name not in near], vectors)
        scores = fused_scores({name: one.standing for name, one in near.items()}, lexical)
        echoes = self._echoes(next(iter(scores), None), near, candidates, within)
        ranking = balanced(scores, echoes, {name: one.group for name, one in near.items()}, k)
        passages = self._content.passages([name for name, _ in ranking])
        found = [FoundPassage(passages[name], score, near[name], lexical.get(name)) for name, score in ranking]
        clock.lap("fuse_ms")
        return Retrieved(tuple(found), vectors, clock.laps)

    def _vectors(self, question: Question, groups: Sequence[str]) -> dict[str, Sequence[float]]:
        """The question's vector for passages of each language: names are written as that language writes them."""
        by_text: dict[str, Sequence[float]] = {}
        vectors = {}
        for group in groups:
            text = question.search_text
            if group != question.language.split("-")[0]:
                text = self._glossary.in_language(text, group)
            if text not in by_text:
                by_text[text] = self._embed(text)
            vectors[group] = by_text[text]
        return vectors

    def _lexical(
        self, question: Question, candidates: int, near: Sequence[str], within: Scope | None
    ) -> dict[str, float]:
        """BM25 scores above 0 of the best passages and of those that are near."""
        allowed = self._content.allowed(within.sources, within.languages) if within else None
        index = self._lexical_index
        scores = index.scores(index.with_similar(question.terms, question.expansions), allowed)
        best = self._content.ids(index.best(scores, candidates))
        rows = {**self._content.numbers(near), **{name: row for row, name in best.items()}}
        return {name: float(scores[row]) for name, row in rows.items() if scores[row] > 0}

    def _measured(self, names: Sequence[str], vectors: dict[str, Sequence[float]]) -> dict[str, Nearness]:
        """How near passages are that lexical search alone has found."""
        by_group: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
        for name, passage in self._content.passages(names).items():
            by_group[self._dense.group_of(passage.language)][name] = [window.window_id for window in windows(passage)]
        found: dict[str, Nearness] = {}
        for group, parts in by_group.items():
            found |= self._dense.measured(parts, group, vectors[group])
        return found

    def _echoes(
        self, best: str | None, near: dict[str, Nearness], candidates: int, within: Scope | None
    ) -> dict[str, float]:
        if best is None or len(self._dense.searched(within)) < 2:
            return {}
        parts = [window.window_id for window in windows(self._content.passages([best])[best])]
        return self._dense.echoes(parts, near[best].group, candidates, within)


class _Clock:
    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round((now - self._last) * 1000, 2)
        self._last = now
