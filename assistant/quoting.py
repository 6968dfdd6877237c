"""The embedded engine's hand: picks the sentences that answer, word for word."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import regex
from rapidfuzz import fuzz

from assistant.coverage import Coverage

if TYPE_CHECKING:
    from collections.abc import Callable

    from assistant.close_reading import CloseReading, ReadSentence
    from assistant.question import Question
    from assistant.retrieval import FoundPassage
    from index.document import Document, Passage

_MOST_QUOTATIONS = 9
_MARGIN = 7.0
"""How far below the best sentence's score, a logit, another may lie, with what it gains by the words it brings in."""
_FRAGMENT_MARGIN = 3.0
"""The same for what is no sentence."""
_CLOSE, _CLOSE_ROOM = 1.5, 1.4
"""A sentence whose score is so near to the best one's is as likely the answer: for it there is so much more room."""
_LONGEST_LIST = 1500
_SAME = 90.0
"""Percent of equal characters (Levenshtein) from which two sentences say the same."""
_LEANS_BACK = regex.compile(
    r"^(?:该|此|其|这|那|它|他|她|上述|对此|因此|为此|同时|(?:It|Its|They|Their|He|His|She|Her|This|These|Such)\b"
    r"|Nó\b|Họ\b|Điều\ này|Ông\b|Bà\b)",
    regex.VERBOSE,
)
"""Sentences that begin like this speak of what the sentence before names."""


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
    question: Question, reading: CloseReading, document: Callable[[str], Document], length: int
) -> list[Quotation]:
    """The few sentences that answer, in reading order: sources by their best sentence, within a source by place.

    When a list is asked for, a sentence inside a list block stands for the whole block; a sentence that leans on the
    one before it brings that along. `length` bounds the characters taken, lists excepted, and sentences that are as
    good as the best one.
    """
    chosen: list[_Chosen] = []
    taken = 0
    sentences = reading.sentences()
    coverage = Coverage(question.terms, sentences)
    while len(chosen) < _MOST_QUOTATIONS and (sentence := coverage.take(_MARGIN)):
        if not sentence.tells and sentence.score < sentences[0].score - _FRAGMENT_MARGIN:
            continue
        passage = sentence.found.passage
        whole = _whole_list(sentence) if question.asks_for_list else None
        start, end = whole or (sentence.start, sentence.end)
        if any(_covers(other, passage.source_id, start, end) for other in chosen):
            continue
        if twin := _twin(sentence, chosen):
            if twin.passage.source_id != passage.source_id:
                twin.also.append((passage.source_id, sentence.start, sentence.end))
            continue
        room = length * (_CLOSE_ROOM if sentence.score >= sentences[0].score - _CLOSE else 1)
        if chosen and taken + end - start > (_LONGEST_LIST if whole else room):
            continue
        if not whole and not any(other.end == start for other in chosen):
            start = _with_subject(sentence, document(passage.source_id).text, length - taken)
        coverage.quote(sentence)
        chosen.append(_Chosen(passage, start, end, sentence.score, sentence.text))
        taken += 0 if whole else end - start
    return _in_reading_order(chosen, document)


def nearest_sentence(found: FoundPassage, reading: CloseReading) -> Quotation:
    """The sentence of a passage that answers best, for a refusal that shows where to look."""
    passage = found.passage
    own = [one for one in reading.sentences() if one.found.passage.passage_id == passage.passage_id]
    if own:
        return Quotation(passage.source_id, own[0].start, own[0].end, own[0].score)
    return Quotation(passage.source_id, passage.start, passage.end, found.score)


def _whole_list(sentence: ReadSentence) -> tuple[int, int] | None:
    for start, end in sentence.found.passage.lists:
        if start <= sentence.start and sentence.end <= end and end - start <= _LONGEST_LIST:
            return start, end
    return None


def _with_subject(sentence: ReadSentence, text: str, room: int) -> int:
    """Where a sentence begins, with the one before it when that names what it speaks of and there is room."""
    if _LEANS_BACK.match(text[sentence.start : sentence.end]):
        before = [span for span in sentence.found.passage.units if span[1] <= sentence.start]
        if before and sentence.end - before[-1][0] <= room:
            return before[-1][0]
    return sentence.start


def _covers(chosen: _Chosen, source_id: str, start: int, end: int) -> bool:
    return chosen.passage.source_id == source_id and chosen.start < end and start < chosen.end


def _twin(sentence: ReadSentence, chosen: list[_Chosen]) -> _Chosen | None:
    return next((other for other in chosen if fuzz.ratio(sentence.text, other.text, score_cutoff=_SAME) >= _SAME), None)


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
