"""Which lines of a PDF are headings: those that its outline names, else those in larger type."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import regex

from index.readers.layout.fragments import joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.readers.layout.fragments import Line

_LARGER = 1.15
"""How much larger than the text the type of a heading is."""
_LONGEST = 160
_MOST_LINES = 4
_DEEPEST = 6
_FEWEST_MATCHES = 2
_NUMBER = regex.compile(r"^(?:\d+[.)、]?)+")
_LETTER = regex.compile(r"\p{L}")
_SENTENCE = regex.compile(r"[。！？;；,，]$|\.{4,}")
Outline = list[tuple[str, int, int | None]]
Marks = dict[tuple[int, int], tuple[int, int]]
"""By page and line, from 0: the level of the heading that begins there, and how many lines it has."""


def headings(pages: Sequence[Sequence[Line]], outline: Outline) -> Marks:
    """The headings of a document. An outline that finds less than two of its titles on the pages is not believed."""
    named = _by_outline(pages, outline)
    return named if len(named) >= _FEWEST_MATCHES else _by_size(pages)


def _by_outline(pages: Sequence[Sequence[Line]], outline: Outline) -> Marks:
    found: Marks = {}
    titles: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for title, level, page in outline:
        if page is not None and 0 < page <= len(pages) and _folded(title):
            titles[page - 1].append((_folded(title), min(level, _DEEPEST)))
    for page, wanted in titles.items():
        index = 0
        while index < len(pages[page]):
            level, count = _named(pages[page], index, wanted)
            if level:
                found[page, index] = (level, count)
            index += count
    return found


def _named(lines: Sequence[Line], index: int, wanted: list[tuple[str, int]]) -> tuple[int, int]:
    """The level of the title that stands at a line and how many lines it has; level 0 and one line for none."""
    text = ""
    for count, line in enumerate(lines[index : index + _MOST_LINES], start=1):
        if line.kind == "row" or line.confidence is not None:
            break
        text += line.text
        match = next((entry for entry in wanted if entry[0] == _folded(text)), None)
        if match:
            wanted.remove(match)
            return match[1], count
    return 0, 1


def _by_size(pages: Sequence[Sequence[Line]]) -> Marks:
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            if line.confidence is None:
                sizes[_rounded(line.size)] += len(line.text)
    if not sizes:
        return {}
    body = sizes.most_common(1)[0][0]
    found: dict[tuple[int, int], tuple[float, int]] = {}
    for number, page in enumerate(pages):
        index = 0
        while index < len(page):
            count = _run(page, index, body)
            if count:
                found[number, index] = (_rounded(page[index].size), count)
            index += max(1, count)
    ranks = {
        size: rank for rank, size in enumerate(sorted({size for size, _ in found.values()}, reverse=True), start=1)
    }
    return {place: (min(ranks[size], _DEEPEST), count) for place, (size, count) in found.items()}


def _run(page: Sequence[Line], index: int, body: float) -> int:
    """How many lines from `index` on are one heading in larger type, 0 for none."""
    first, count = page[index], 0
    for line in page[index : index + _MOST_LINES + 1]:
        large = line.kind == "text" and line.confidence is None and line.size >= _LARGER * body
        if not large or abs(line.size - first.size) > 0.3 or (count and not 0 < line.leading <= 1.8):
            break
        count += 1
    text = joined([line.text for line in page[index : index + count]])
    if not count or count > _MOST_LINES or len(text) > _LONGEST or not _LETTER.search(text) or _SENTENCE.search(text):
        return 0
    return count


def _rounded(size: float) -> float:
    return round(2 * size) / 2


def _folded(text: str) -> str:
    """A title as it is compared: without its number, which an outline may leave out."""
    plain = "".join(text.split()).casefold()
    return _NUMBER.sub("", plain) or plain
