"""A document's headings as a table of contents."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from index.blocks import Kind
from index.document import Heading
from index.sections import plain_heading
from index.structure import blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.document import Document

LONGEST_TEXT = 400_000
"""Characters up to which headings that no file marks are looked for, at some 2 s for a million."""
MOST_ENTRIES = 3_000
"""Entries beyond which the deepest headings are left out."""
_UNFOLDED = 40
"""Entries that are shown at once; deeper ones are folded where there are more."""
_LONGEST_TITLE = 160


@dataclass
class Entry:
    """A heading in the table of contents, with those below it."""

    start: int
    title: str
    depth: int
    entries: list[Entry] = field(default_factory=list)
    unfolded: bool = True


def headings_of(source: Document) -> tuple[Heading, ...]:
    """The headings of a document: those that its file marks, else those that its text shows; in reading order."""
    found = source.headings
    if not found and len(source.text) <= LONGEST_TEXT:
        found = _guessed(source.text)
    return tuple(heading for heading in found if source.text[heading.start : heading.end].strip())


def outline(text: str, headings: Sequence[Heading]) -> list[Entry]:
    """The outermost entries, none for a single heading. A level left out, such as an h3 below an h1, does not count."""
    roots: list[Entry] = []
    above: list[tuple[int, Entry]] = []
    depths: dict[int, int] = {}
    for heading in _kept(headings):
        while above and above[-1][0] >= heading.level:
            above.pop()
        title = plain_heading(text[heading.start : heading.end])
        shown = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}…"
        entry = Entry(heading.start, shown, len(above))
        depths[entry.depth] = depths.get(entry.depth, 0) + 1
        (above[-1][1].entries if above else roots).append(entry)
        above.append((heading.level, entry))
    _fold(roots, depths)
    return roots if sum(depths.values()) > 1 else []


def _kept(headings: Sequence[Heading]) -> Sequence[Heading]:
    levels = sorted({heading.level for heading in headings})
    while len(headings) > MOST_ENTRIES and len(levels) > 1:
        deepest = levels.pop()
        headings = [heading for heading in headings if heading.level < deepest]
    return headings


def _fold(roots: list[Entry], depths: dict[int, int]) -> None:
    """Fold entries whose own would make more than fit: depth by depth, as long as all are few enough."""
    shown, deepest = 0, -1
    for depth in sorted(depths):
        shown += depths[depth]
        if shown > _UNFOLDED:
            break
        deepest = depth
    waiting = list(roots)
    while waiting:
        entry = waiting.pop()
        entry.unfolded = entry.depth < deepest
        waiting += entry.entries


@lru_cache(maxsize=64)
def _guessed(text: str) -> tuple[Heading, ...]:
    return tuple(Heading(block.start, block.end, block.level) for block in blocks(text) if block.kind is Kind.HEADING)
