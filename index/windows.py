"""The parts of a passage that are embedded: a vector of few sentences is nearer to a question than one of many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.document import Passage
    from index.sentences import Span

LIMIT = 96
"""Tokens of the embedding model; on development questions 40 to 128 were tried, see docs/decisions/006."""


def window_spans(units: Sequence[Span], tokens: Callable[[int, int], int], limit: int = LIMIT) -> tuple[Span, ...]:
    """Cut a passage's units, in reading order, into runs of at most `limit` tokens; a longer unit stands alone.

    `tokens` counts the tokens between two offsets.
    """
    spans: list[Span] = []
    for start, end in units:
        if spans and tokens(spans[-1][0], end) <= limit:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return tuple(spans)


@dataclass(frozen=True)
class Window:
    """One part of a passage that has a vector of its own."""

    passage: Passage
    number: int
    """From 0."""

    @property
    def window_id(self) -> str:
        """Its passage's id and its number."""
        return f"{self.passage.passage_id}-{self.number}"

    @property
    def text(self) -> str:
        """The passage's words in it."""
        start, end = self.passage.windows[self.number]
        return self.passage.text[start - self.passage.start : end - self.passage.start]


def windows(passage: Passage) -> list[Window]:
    """A passage's windows, in reading order."""
    return [Window(passage, number) for number in range(len(passage.windows))]


def passage_and_number(window_id: str) -> tuple[str, int]:
    """The id of the passage that a window is part of, and the window's number."""
    passage_id, _, number = window_id.partition("-")
    return passage_id, int(number)
