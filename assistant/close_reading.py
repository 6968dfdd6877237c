"""The first passages, read closely: how well each of their windows answers the question, and each sentence in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate, zip_longest
from typing import TYPE_CHECKING, Protocol

from assistant.fragments import is_fragment
from index.search_text import search_text
from index.sections import plain_heading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assistant.question import Question
    from assistant.retrieval import FoundPassage, Retrieved
    from index.document import Document, Passage

PASSAGES = 8
"""Passages of which something is read."""
WINDOWS = 10
"""Windows that are read; more find no more on the development questions and take longer."""
_LATER = 2
"""Ranks by which a passage's other windows come after its nearest one."""
RELEVANCE_WEIGHT = 0.7
"""Weight of the best window's relevance beside a passage's score; 0.5 to 1 rank alike."""
_HEADING_PENALTY = 5.0
"""A heading is near to any question about its section and seldom answers one."""
_FRAGMENT_PENALTY = 3.0
"""A line that tells nothing by itself is as near, and is quoted only where little else is; 1 to 5 do alike."""
_SHORTEST = 4
"""Characters of search text that a sentence needs to say something."""


@dataclass(frozen=True)
class OpenWindow:
    """A window with its sentences: where they stand in the document, and their search texts.

    `context` is what stands above it: its document's title and its section's heading.
    """

    found: FoundPassage
    number: int
    spans: tuple[tuple[int, int], ...]
    texts: tuple[str, ...]
    context: str = ""

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(self.texts)


@dataclass(frozen=True)
class WindowScore:
    """What a scorer says of a window, in the scale of a logit."""

    relevance: float
    """How well the window answers."""
    answer: float
    """By how much the best words in it are likelier to be the answer than none."""
    sentences: tuple[float, ...]
    """What each sentence adds to its window's relevance."""
    best: tuple[int, int] | None = None
    """Characters of the window's text that are the likeliest answer, if not a likely one; None where none are told."""
    alone: float | None = None
    """The highest relevance of its sentences that were read by themselves; None where none were."""


class WindowScorer(Protocol):
    """Reads windows for an answer."""

    name: str
    """`reader`, `cosine`, or `cross-encoder` for any model of the user's: by it the evidence is computed."""
    reorders: bool
    """Whether its relevance tells passages apart, so that a search without an answer has use for it."""

    def score(
        self,
        question: Question,
        vectors: Mapping[str, Sequence[float]],
        windows: Sequence[OpenWindow],
        *,
        sentences: bool = True,
    ) -> list[WindowScore]:
        """Score windows; `vectors` holds the question's by group of languages.

        Without `sentences` only the windows' own scores are wanted, and a scorer may save itself the rest.
        """


@dataclass(frozen=True)
class ReadSentence:
    """A sentence of a passage with its score; scores of all passages compare."""

    found: FoundPassage
    start: int
    end: int
    text: str
    """Its search text."""
    score: float
    tells: bool = True
    """Whether it is a sentence, no heading and no fragment, which have lost in score."""


@dataclass(frozen=True)
class CloseReading:
    """The passages in their new order, best first, and what was read in them."""

    passages: tuple[FoundPassage, ...]
    windows: tuple[tuple[OpenWindow, WindowScore], ...]
    scorer: str

    def sentences(self) -> list[ReadSentence]:
        """Every sentence that was read and says something, best first."""
        found = [
            ReadSentence(
                window.found,
                *span,
                text,
                window.found.score + score.relevance + added - penalty,
                tells=not penalty,
            )
            for window, score in self.windows
            for span, text, added in zip(window.spans, window.texts, score.sentences, strict=True)
            if len(text) >= _SHORTEST
            for penalty in [_penalty(window.found.passage, text)]
        ]
        return sorted(found, key=lambda sentence: -sentence.score)


def read_closely(
    question: Question,
    retrieved: Retrieved,
    opened: Sequence[OpenWindow],
    scorer: WindowScorer,
    *,
    sentences: bool = True,
) -> CloseReading:
    """Read the opened windows of the first passages and order these by what was read; the others stay behind them.

    Without `sentences` the passages' order alone is wanted.
    """
    passages = retrieved.passages
    scores = scorer.score(question, retrieved.vectors, opened, sentences=sentences) if opened else []
    best: dict[str, float] = {}
    for window, score in zip(opened, scores, strict=True):
        name = window.found.passage.passage_id
        best[name] = max(best.get(name, score.relevance), score.relevance)
    unread = min(best.values(), default=0.0)
    weighed = [
        replace(
            found,
            score=found.score + RELEVANCE_WEIGHT * best.get(found.passage.passage_id, unread),
            read=best.get(found.passage.passage_id) if scorer.reorders else None,
        )
        for found in passages[:PASSAGES]
    ]
    ordered = sorted(weighed, key=lambda found: -found.score)
    floor = ordered[-1].score if ordered else 0.0
    rest = [replace(found, score=min(found.score, floor)) for found in passages[PASSAGES:]]
    return CloseReading((*ordered, *rest), tuple(zip(opened, scores, strict=True)), scorer.name)


def merged(readings: Sequence[CloseReading]) -> CloseReading:
    """What was read for the parts of a question, as one: passages by turns, each part's best sentence as good."""
    turns = [one for rank in zip_longest(*(reading.passages for reading in readings)) for one in rank if one]
    passages = {found.passage.passage_id: found for found in reversed(turns)}
    ordered = [passages[name] for name in dict.fromkeys(found.passage.passage_id for found in turns)]
    floors = accumulate((found.score for found in ordered), min)
    tops = [max((one.score for one in reading.sentences()), default=0.0) for reading in readings]
    windows = tuple(
        (window, replace(score, sentences=tuple(added + max(tops) - top for added in score.sentences)))
        for reading, top in zip(readings, tops, strict=True)
        for window, score in reading.windows
    )
    lowered = tuple(replace(found, score=score) for found, score in zip(ordered, floors, strict=True))
    return CloseReading(lowered, windows, readings[0].scorer)


def open_windows(
    passages: Sequence[FoundPassage],
    document: Callable[[str], Document],
    ocr_spellings: dict[str, str],
    title: Callable[[str], str],
    most: int = WINDOWS,
) -> list[OpenWindow]:
    """The windows of the first passages that are to be read, the likeliest first: every passage's nearest one, its
    others `_LATER` ranks later.
    """
    places = [
        (rank + (0 if number == found.nearness.window else _LATER), rank, number)
        for rank, found in enumerate(passages[:PASSAGES])
        for number in range(len(found.passage.windows))
    ]
    return [
        _opened(passages[rank], number, document, ocr_spellings, title) for _, rank, number in sorted(places)[:most]
    ]


def _penalty(passage: Passage, text: str) -> float:
    """What a unit's score loses for telling little: a heading, or a fragment."""
    if plain_heading(text) in search_text(passage.heading):
        return _HEADING_PENALTY
    return _FRAGMENT_PENALTY * is_fragment(text)


def _opened(
    found: FoundPassage,
    number: int,
    document: Callable[[str], Document],
    ocr_spellings: dict[str, str],
    title: Callable[[str], str],
) -> OpenWindow:
    text = document(found.passage.source_id).text
    start, end = found.passage.windows[number]
    spans = tuple((a, b) for a, b in found.passage.units if start <= a and b <= end)
    above = [search_text(part, ocr_spellings) for part in (title(found.passage.source_id), found.passage.heading)]
    context = above[1] if above[1].startswith(above[0]) else ": ".join(part for part in above if part)
    return OpenWindow(found, number, spans, tuple(search_text(text[a:b], ocr_spellings) for a, b in spans), context)
