"""A document's text cut into what the viewer draws: parts that are drawn when they come into view, marks, headings."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.web.links import Span
    from index.document import Document, Heading

PART = 4_000
"""Characters after which a new part begins at the next line."""
LONGEST_LINE = 20_000
"""Characters after which a line is cut where there is no end of it: a browser lays lines out as a whole."""
_LINE = 70
"""Characters on a line of the page, more in Latin letters and fewer in Chinese."""
_GAP = regex.compile(r"[\s。！？，；]")
_UNPRINTED = {0: "\ufffd", 13: " "}
"""A browser drops the one and joins the other with a line end, and offsets would no longer count."""


@dataclass(frozen=True)
class Piece:
    """Characters that look alike."""

    text: str
    mark: str = ""
    """`current`, `other` or nothing."""
    anchors: tuple[str, ...] = ()
    """Names of the quotations that begin here."""
    current: bool = False
    """Whether the quotation that the address names begins here."""


@dataclass(frozen=True)
class Run:
    """Pieces that are a heading, or none."""

    pieces: tuple[Piece, ...]
    level: int = 0
    """1 to 6 for a heading, else 0."""
    anchor: str = ""
    """The name of the heading, where it begins."""


@dataclass(frozen=True)
class Part:
    """A stretch of the text that is drawn on its own. Joined, the parts are the text, character for character."""

    start: int
    runs: tuple[Run, ...]
    page: int | None
    """The page it lies on, in a document of several pages."""
    begins: bool
    """Whether that page begins here."""
    height: int = 5
    """About how many lines it takes, before a browser knows: 5, 10, 20 and so on."""


def parts(
    source: Document, headings: Sequence[Heading], current: Span | None, others: Sequence[Span]
) -> Iterator[Part]:
    """The text of a document from its beginning to its end."""
    text, drawing = source.text, _Drawing(source.text, headings, current, others)
    pages = source.page_starts if source.pages > 1 else ()
    cuts = list(_cuts(text, pages))
    for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True):
        # Pages without text begin where the next one does; the last of them is the page that the text is on.
        first, page = bisect_left(pages, start), bisect_right(pages, start)
        for empty in range(first + 1, page):
            yield Part(start, (), empty, begins=True)
        runs = tuple(drawing.runs(start, end))
        yield Part(start, runs, page or None, first < page, _height(text, start, end))


def _cuts(text: str, pages: Sequence[int]) -> Iterator[int]:
    starts = sorted({0, *(page for page in pages if page < len(text) or not text)})
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield start
        at = start
        while end - at > PART * 1.5 and (at := _next(text, at, end)) < end:
            yield at
    if any(page == len(text) for page in pages) and text:
        yield len(text)


def _height(text: str, start: int, end: int) -> int:
    lines = text.count("\n", start, end) + (end - start) / _LINE
    return next((height for height in (5, 10, 20, 40, 80, 160) if lines < height * 1.5), 320)


def _next(text: str, start: int, end: int) -> int:
    line = text.find("\n", start + PART, min(end, start + LONGEST_LINE))
    if line >= 0:
        return line + 1
    at = start + LONGEST_LINE
    if at >= end:
        return end
    gaps = [match.end() for match in _GAP.finditer(text, at - 500, at)]
    at = gaps[-1] if gaps else at
    while at < end and unicodedata.category(text[at])[0] == "M":
        at += 1
    return at


class _Drawing:
    """Knows what lies where: headings and quotations."""

    def __init__(self, text: str, headings: Sequence[Heading], current: Span | None, others: Sequence[Span]) -> None:
        self._text = text.translate(_UNPRINTED) if "\0" in text or "\r" in text else text
        self._headings = headings
        self._ends = [heading.end for heading in headings]
        self._current = current
        self._places = sorted({*others, *((current,) if current else ())})
        spans = [*self._places, *((heading.start, heading.end) for heading in headings)]
        self._cuts = sorted({offset for span in spans for offset in span})

    def runs(self, start: int, end: int) -> Iterator[Run]:
        """The runs of a stretch of the text."""
        inner = self._cuts[bisect_right(self._cuts, start) : bisect_left(self._cuts, end)]
        pieces = ((at, to) for at, to in zip([start, *inner], [*inner, end], strict=True) if at < to)
        for heading, group in groupby(pieces, key=lambda piece: self._heading(piece[0])):
            spans = list(group)
            shown = tuple(self._piece(*span) for span in spans)
            if heading is None:
                yield Run(shown)
            else:
                anchor = f"s{heading.start}" if spans[0][0] == heading.start else ""
                yield Run(shown, min(max(heading.level, 1), 6), anchor)

    def _heading(self, at: int) -> Heading | None:
        index = bisect_right(self._ends, at)
        return self._headings[index] if index < len(self._headings) and self._headings[index].start <= at else None

    def _piece(self, start: int, end: int) -> Piece:
        over = [place for place in self._places if place[0] <= start < place[1]]
        mark = ("current" if self._current in over else "other") if over else ""
        anchors = tuple(f"{place[0]}-{place[1]}" for place in over if place[0] == start)
        begins = self._current in over and self._current is not None and self._current[0] == start
        return Piece(self._text[start:end], mark, anchors, begins)
