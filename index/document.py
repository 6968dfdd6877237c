"""The values that pass between the rooms of the index."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256


@dataclass(frozen=True)
class Heading:
    """A heading that the file itself marks as one: offsets of its words, and its level, 1 for the outermost."""

    start: int
    end: int
    level: int


@dataclass(frozen=True)
class ScannedLine:
    """A line that was read off a picture: offsets of its words, and how sure the reading is, 0 to 1."""

    start: int
    end: int
    confidence: float


@dataclass(frozen=True)
class Facts:
    """What a file says of itself; what it does not say is empty."""

    title: str = ""
    publisher: str = ""
    date: str = ""
    """`2007`, `2007-12` or `2007-12-14`."""


@dataclass(frozen=True)
class Document:
    r"""The canonical text of one source: decoded, NFC, `\n` line ends.

    Every offset in the project is a character offset into `text`, half-open: `text[start:end]`.
    """

    source_id: str
    """Path of the file below the sources folder, with `/`."""
    text: str
    page_starts: tuple[int, ...] = (0,)
    """Offset of the first character of each page; a source without page marks is one page."""
    encoding: str = "utf-8"
    warnings: tuple[str, ...] = ()
    format: str = "text"
    """What it was read from: `text`, `html`, `pdf`, `image` or `docx`."""
    headings: tuple[Heading, ...] = ()
    """Headings that the file marks, in reading order; others are found by `index/structure.py`."""
    scanned: tuple[ScannedLine, ...] = ()
    """Lines that were read off pictures, in reading order."""
    facts: Facts = Facts()

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical text, in hexadecimal."""
        return sha256(self.text.encode("utf-8")).hexdigest()

    @property
    def pages(self) -> int:
        """Number of pages."""
        return len(self.page_starts)

    def page_at(self, offset: int) -> int | None:
        """Page number (from 1) of an offset, or None when the source has no page marks."""
        if len(self.page_starts) < 2:
            return None
        return bisect_right(self.page_starts, offset)

    def scanned_within(self, start: int, end: int) -> tuple[ScannedLine, ...]:
        """The lines read off a picture that have part of `[start, end)`."""
        first = bisect_right(self.scanned, start, key=lambda line: line.end)
        last = bisect_left(self.scanned, end, key=lambda line: line.start)
        return self.scanned[first:last]

    def confidence(self, start: int, end: int) -> float | None:
        """Mean confidence, by length, of the lines read off a picture in `[start, end)`; None where there are none."""
        lines = self.scanned_within(start, end)
        length = sum(line.end - line.start for line in lines)
        return round(sum(line.confidence * (line.end - line.start) for line in lines) / length, 3) if length else None

    def page_span(self, page: int) -> tuple[int, int]:
        """Offsets of a page, from 1."""
        ends = (*self.page_starts[1:], len(self.text))
        return self.page_starts[page - 1], ends[page - 1]


@dataclass(frozen=True)
class Passage:
    """A span of a Document, the unit of retrieval."""

    source_id: str
    start: int
    end: int
    text: str
    """`document.text[start:end]`, character for character."""
    language: str
    """BCP 47 tag of most of its text: zh, en, vi, th, km, lo, my …, `und` when it cannot be told."""
    heading: str = ""
    """The headings above it, outermost first, joined by ` › `; empty when the source does not tell."""
    page: int | None = None
    units: tuple[tuple[int, int], ...] = field(default=())
    """Offsets of what can be quoted from it: sentences, list items and headings, in reading order."""
    windows: tuple[tuple[int, int], ...] = field(default=())
    """Offsets of the parts that have a vector each: whole units, together all of them, in reading order."""
    lists: tuple[tuple[int, int], ...] = field(default=())
    """Offsets of the whole list blocks it has part of: the line that introduces a list together with its items."""

    @property
    def passage_id(self) -> str:
        """A name that is the same whenever the same words stand at the same place in the same source."""
        key = f"{self.source_id}\0{self.start}\0{self.end}\0{self.text}\0{self.heading}"
        return sha256(key.encode("utf-8")).hexdigest()[:32]
