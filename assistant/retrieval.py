"""The passages for a question: dense and lexical search, fused."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.fusion import reciprocal_rank_fusion
from index.language_statistics import ANY_LANGUAGE

if TYPE_CHECKING:
    from assistant.question import Question
    from assistant.scope import Scope
    from index.document import Passage
    from index.generation import Generation
    from index.glossary import Glossary

Embed = Callable[[str], Sequence[float]]
"""Gives the vector (unit length) of a question."""
_FEW = 0.01
"""A language with less than this share of the passages is searched together with the other rare ones."""


@dataclass(frozen=True)
class FoundPassage:
    """A passage with what speaks for it."""

    passage: Passage
    score: float
    """Reciprocal rank fusion."""
    similarity: float | None
    """Cosine with the question, in the passage's language as far as the glossary reaches."""
    standing: float | None
    """Standard deviations by which the cosine stands out among the passages of its language."""
    lexical: float | None
    """BM25."""


@dataclass(frozen=True)
class Retrieved:
    """The passages for a question, best first, with the question's vectors by language and the time spent, in ms."""

    passages: tuple[FoundPassage, ...]
    vectors: dict[str, Sequence[float]]
    timings: dict[str, float]


class Retriever:
    """Searches one generation: dense per language, so that no language crowds out another, and lexical, fused."""

    def __init__(self, generation: Generation, glossary: Glossary, embed: Embed, candidates: int = 30) -> None:
        self._generation = generation
        self._glossary = glossary
        self._embed = embed
        self._candidates = candidates
        self._languages = _searched_languages(generation.content.languages())

    def retrieve(self, question: Question, k: int, within: Scope | None = None) -> Retrieved:
        """The best `k` passages for a question, best first; `within` keeps the search to some of them."""
        clock = _Clock()
        candidates = max(k, self._candidates)
        languages = self._languages if within is None or within.languages is None else sorted(within.languages)
        vectors = self._vectors(question, languages)
        clock.lap("embed_ms")
        dense = self._dense(vectors, languages, candidates, within)
        clock.lap("dense_ms")
        lexical = dict(self._lexical(question, candidates, within))
        clock.lap("lexical_ms")
        ranking = reciprocal_rank_fusion([(1.0, list(dense)), (1.0, list(lexical))])[:k]
        passages = self._generation.content.passages([name for name, _ in ranking])
        found = []
        for name, score in ranking:
            similarity, standing = dense.get(name, (None, None))
            found.append(FoundPassage(passages[name], score, similarity, standing, lexical.get(name)))
        clock.lap("fuse_ms")
        return Retrieved(tuple(found), vectors, clock.laps)

    def _vectors(self, question: Question, languages: Sequence[str | None]) -> dict[str, Sequence[float]]:
        """The question's vector for passages of each language: names are written as that language writes them."""
        by_text: dict[str, Sequence[float]] = {}
        vectors = {}
        for language in languages:
            text = question.search_text
            if language and language != question.language.split("-")[0]:
                text = self._glossary.in_language(text, language)
            if text not in by_text:
                by_text[text] = self._embed(text)
            vectors[language or ANY_LANGUAGE] = by_text[text]
        return vectors

    def _dense(
        self,
        vectors: dict[str, Sequence[float]],
        languages: Sequence[str | None],
        candidates: int,
        within: Scope | None,
    ) -> dict[str, tuple[float, float]]:
        """Cosine and standing of the nearest passages of every language, best standing first."""
        found: dict[str, tuple[float, float]] = {}
        sources = within.sources if within else None
        for language in languages:
            vector = vectors[language or ANY_LANGUAGE]
            # The spread of a rare language is that of too few passages to tell.
            own = language if language in self._languages else None
            spread = self._generation.spreads.get(own or ANY_LANGUAGE)
            for name, cosine in self._generation.vectors.query(vector, candidates, language, sources):
                standing = spread.standard_score(vector, cosine) if spread else 0.0
                found.setdefault(name, (cosine, standing))
        best = sorted(found.items(), key=lambda item: -item[1][1])
        return dict(best[:candidates])

    def _lexical(self, question: Question, candidates: int, within: Scope | None) -> list[tuple[str, float]]:
        allowed = self._generation.content.allowed(within.sources, within.languages) if within else None
        lexical = self._generation.lexical
        rows = lexical.search(lexical.with_similar(question.terms, question.expansions), candidates, allowed)
        passages = self._generation.content.numbered([row for row, _ in rows])
        return [(passages[row].passage_id, score) for row, score in rows]


class _Clock:
    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name] = round((now - self._last) * 1000, 2)
        self._last = now


def _searched_languages(counts: dict[str, int]) -> list[str | None]:
    """The languages that are searched one by one; None, for any language, when rare ones are left over."""
    total = sum(counts.values())
    frequent = [language for language, count in counts.items() if count >= _FEW * total]
    rest: list[Any] = [None] if len(frequent) < len(counts) else []
    return [*frequent, *rest]
