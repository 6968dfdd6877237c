"""The words of a source that answer, as the reader found them in its search text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from index.search_text import search_text
from index.sentences import stripped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from assistant.answer import Citation
    from assistant.close_reading import CloseReading, OpenWindow, WindowScore
    from index.document import Document

Span = tuple[int, int]
"""Character offsets, half-open."""


LEAST = 6.0
"""By how much words must be likelier the answer than none to stand out: wrong ones in bold mislead, none do not."""


@dataclass(frozen=True)
class AnswerPlace:
    """Words that answer: `document.text[start:end]` of a source."""

    source_id: str
    start: int
    end: int
    score: float
    """Of its window and of the words; scores of one question compare."""
    answer: float = 0.0
    """By how much the words are likelier than none, a logit difference."""


def answer_places(
    reading: CloseReading, document: Callable[[str], Document], least: float = LEAST
) -> list[AnswerPlace]:
    """The likeliest answer in each window that was read, as far as it is `least` likelier than none; best first."""
    found = []
    for window, score in reading.windows:
        if score.answer < least:
            continue
        source_id = window.found.passage.source_id
        place = _place(window, score, document(source_id).text)
        if place is not None:
            found.append(AnswerPlace(source_id, *place, score.relevance + score.answer, score.answer))
    return sorted(found, key=lambda place: -place.score)


def with_answers(cited: Sequence[Citation], places: Sequence[AnswerPlace]) -> list[Citation]:
    """Citations that name the likeliest of the places within their quotations, as offsets into these."""
    named = []
    for citation in cited:
        held = (
            (place.start - citation.start, place.end - citation.start)
            for place in places
            if place.source_id == citation.source_id
            if citation.start <= place.start and place.end <= citation.end
        )
        named.append(citation.model_copy(update={"answer": next(held, None)}))
    return named


def original_span(original: str, searched: str, span: Span) -> Span | None:
    """Where words of a search text stand in the text that it was made from; None where that cannot be told.

    Both are aligned by the fewest changes (Levenshtein, 1966). What is found has, but for its spaces, the same search
    text.
    """
    start = end = None
    for change in Levenshtein.opcodes(searched, original):
        if change.src_start <= span[0] < change.src_end:
            start = min(change.dest_start + span[0] - change.src_start, change.dest_end)
        if change.src_start < span[1] <= change.src_end:
            end = min(change.dest_start + span[1] - change.src_start, change.dest_end)
    if start is None or end is None or start >= end:
        return None
    start, end = stripped(original, start, end)
    same = _closed_up(search_text(original[start:end])) == _closed_up(searched[slice(*span)])
    return (start, end) if same and start < end else None


def _place(window: OpenWindow, score: WindowScore, text: str) -> Span | None:
    if score.best is None:
        return None
    begin = 0
    for (start, end), searched in zip(window.spans, window.texts, strict=True):
        low, high = max(score.best[0], begin), min(score.best[1], begin + len(searched))
        if low < high:
            found = original_span(text[start:end], searched, (low - begin, high - begin))
            return (start + found[0], start + found[1]) if found else None
        begin += len(searched) + 1
    return None


def _closed_up(text: str) -> str:
    return "".join(text.split())
