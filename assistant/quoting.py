"""The embedded engine's hand: picks the sentences that answer, word for word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from rapidfuzz import fuzz

from index.search_text import search_text
from index.sections import plain_heading

if TYPE_CHECKING:
    from assistant.question import Question
    from assistant.retrieval import FoundPassage, Retrieved
    from index.document import Document, Passage

EmbedTexts = Callable[[list[str]], Sequence[Sequence[float]]]
"""Gives the vectors (unit length) of sentences."""
_PASSAGES = 5
_MOST_QUOTATIONS = 5
_MARGIN = 0.04
"""How far below the best sentence's score another may lie; e5-small's cosines of sentences spread by about 0.03."""
_RANK_WEIGHT = 3.6
"""Weight of a passage's fused score (at most 2/61) beside a sentence's cosine."""
_HEADING_PENALTY = 0.04
"""A heading is near to any question about its section and seldom answers one."""
_SHORTEST = 4
"""Characters of search text that a sentence needs to say something."""
_LONGEST_LIST = 1500
_SAME = 90.0
"""Percent of equal characters (Levenshtein) from which two sentences say the same."""


@dataclass(frozen=True)
class Quotation:
    """A span of a source that is quoted, and other places that say the same."""

    source_id: str
    start: int
    end: int
    score: float
    also: tuple[tuple[str, int, int], ...] = ()


@dataclass
class _Chosen:
    passage: Passage
    start: int
    end: int
    score: float
    text: str
    also: list[tuple[str, int, int]] = field(default_factory=list)


def quotations(
    question: Question,
    retrieved: Retrieved,
    embed: EmbedTexts,
    document: Callable[[str], Document],
    length: int,
) -> list[Quotation]:
    """The few sentences that answer, in reading order: sources by their best sentence, within a source by place.

    A sentence's score is its cosine with the question plus its passage's weight. When a list is asked for, a sentence
    inside a list block stands for the whole block. `length` bounds the characters taken, lists excepted.
    """
    scored = _scored(retrieved, embed, document)
    chosen: list[_Chosen] = []
    taken = 0
    for candidate in scored:
        if len(chosen) == _MOST_QUOTATIONS or candidate.score < scored[0].score - _MARGIN:
            break
        whole = _whole_list(candidate) if question.asks_for_list else None
        start, end = whole or (candidate.start, candidate.end)
        if any(_covers(other, candidate.passage.source_id, start, end) for other in chosen):
            continue
        if twin := _twin(candidate, chosen):
            if twin.passage.source_id != candidate.passage.source_id:
                twin.also.append((candidate.passage.source_id, candidate.start, candidate.end))
            continue
        if chosen and taken + end - start > (_LONGEST_LIST if whole else length):
            continue
        chosen.append(_Chosen(candidate.passage, start, end, candidate.score, candidate.text))
        taken += 0 if whole else end - start
    return _in_reading_order(chosen, document)


def nearest_sentence(
    found: FoundPassage, retrieved: Retrieved, embed: EmbedTexts, document: Callable[[str], Document]
) -> Quotation:
    """The sentence of a passage that is nearest to the question, for a refusal that shows where to look."""
    only = type(retrieved)((found,), retrieved.vectors, {})
    best = max(_scored(only, embed, document), key=lambda candidate: candidate.score, default=None)
    start, end = (best.start, best.end) if best else (found.passage.start, found.passage.end)
    return Quotation(found.passage.source_id, start, end, best.score if best else 0.0)


def _scored(retrieved: Retrieved, embed: EmbedTexts, document: Callable[[str], Document]) -> list[_Chosen]:
    candidates: list[_Chosen] = []
    questions: list[Sequence[float]] = []
    for found in retrieved.passages[:_PASSAGES]:
        text = document(found.passage.source_id).text
        for start, end in found.passage.units:
            normal = search_text(text[start:end])
            prior = _RANK_WEIGHT * found.score - _HEADING_PENALTY * _is_heading(text[start:end], found.passage)
            if len(normal) >= _SHORTEST:
                candidates.append(_Chosen(found.passage, start, end, prior, normal))
                questions.append(retrieved.vectors[found.nearness.group])
    vectors = embed([candidate.text for candidate in candidates]) if candidates else []
    for candidate, vector, question in zip(candidates, vectors, questions, strict=True):
        candidate.score += float(np.dot(vector, question))
    return sorted(candidates, key=lambda candidate: -candidate.score)


def _is_heading(content: str, passage: Passage) -> bool:
    return plain_heading(content) in passage.heading


def _whole_list(candidate: _Chosen) -> tuple[int, int] | None:
    for start, end in candidate.passage.lists:
        if start <= candidate.start and candidate.end <= end and end - start <= _LONGEST_LIST:
            return start, end
    return None


def _covers(chosen: _Chosen, source_id: str, start: int, end: int) -> bool:
    return chosen.passage.source_id == source_id and chosen.start < end and start < chosen.end


def _twin(candidate: _Chosen, chosen: list[_Chosen]) -> _Chosen | None:
    return next(
        (other for other in chosen if fuzz.ratio(candidate.text, other.text, score_cutoff=_SAME) >= _SAME), None
    )


def _in_reading_order(chosen: list[_Chosen], document: Callable[[str], Document]) -> list[Quotation]:
    """Sources in the order of their best sentence; sentences that follow each other become one quotation."""
    sources = list(dict.fromkeys(item.passage.source_id for item in chosen))
    ordered = sorted(chosen, key=lambda item: (sources.index(item.passage.source_id), item.start))
    joined: list[Quotation] = []
    for item in ordered:
        source_id = item.passage.source_id
        last = joined[-1] if joined else None
        if last and last.source_id == source_id and not document(source_id).text[last.end : item.start].strip():
            also = (*last.also, *item.also)
            joined[-1] = Quotation(source_id, last.start, item.end, max(last.score, item.score), also)
        else:
            joined.append(Quotation(source_id, item.start, item.end, item.score, tuple(item.also)))
    return joined
