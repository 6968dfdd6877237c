"""The fragments of a page → its lines in reading order, with paragraphs and the rows of tables."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

import regex

from index.readers.layout.bands import lines_of
from index.readers.layout.fragments import Fragment, Line
from index.readers.layout.page_order import regions
from index.readers.layout.ruled_tables import grids
from index.readers.layout.table_rows import aligned_cells, aligned_rows, is_row_of_figures, line_text, written_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.readers.layout.fragments import Rule

_INDENT = 0.8
_OTHER_SIZE = 1.12
_WIDEST_LEADING = 2.6
"""From line to line of one paragraph, in the height of its type; double spacing is 2.4."""
_MOST_ROWS = 200
_ENDS = regex.compile(r"[。！？]$")
_ITEM = regex.compile(r"[•●・·▪◦‣○■□*–—-]\s|[(（]?[\dA-Za-z一二三四五六七八九十]{1,4}[.)、．）]")


@dataclass(frozen=True, slots=True)
class _Table:
    """A table's place on the page, and its rows as lines."""

    left: float
    top: float
    right: float
    bottom: float
    size: float
    lines: tuple[Line, ...]


def page_lines(fragments: Sequence[Fragment], rules: Sequence[Rule] = ()) -> list[Line]:
    """The lines of a page in reading order: columns one by one, tables row by row."""
    ruled, free = _ruled_tables(fragments, rules)
    aligned, free = _tables_of_figures(free)
    found: list[Line] = []
    pieces: list[Fragment | _Table] = [*ruled, *aligned, *free]
    for region in regions(pieces):
        found.extend(_region_lines(region))
    return found


def _ruled_tables(fragments: Sequence[Fragment], rules: Sequence[Rule]) -> tuple[list[_Table], list[Fragment]]:
    """The tables that are drawn, and what is in none of them; a frame around text is no table."""
    drawn = grids(rules)
    held: list[list[Fragment]] = [[] for _ in drawn]
    free: list[Fragment] = []
    for fragment in fragments:
        inside = [those for grid, those in zip(drawn, held, strict=True) if grid.holds(fragment)]
        (inside[-1] if inside else free).append(fragment)
    found = []
    for grid, those in zip(drawn, held, strict=True):
        rows = grid.rows(those)
        if sum(len([cell for cell in row if cell]) > 1 for row in rows) >= 2:
            found.append(_Table(grid.left, grid.top, grid.right, grid.bottom, those[0].size, _rows(rows, those)))
        else:
            free.extend(those)
    return found, free


def _tables_of_figures(fragments: list[Fragment]) -> tuple[list[_Table], list[Fragment]]:
    """The tables whose columns are only aligned and hold figures, with their headings; and what is in none of them."""
    lines, found, free, index = lines_of(fragments), [], [], 0
    while index < len(lines):
        coming = lines[index : index + _MOST_ROWS]
        begins = any(map(is_row_of_figures, coming[:2])) and len(coming[0]) > 1
        if begins and (count := aligned_rows(coming)):
            found.append(_aligned_table(coming[:count]))
            index += count
        else:
            free.extend(lines[index])
            index += 1
    return found, free


def _aligned_table(lines: list[list[Fragment]]) -> _Table:
    those = [each for line in lines for each in line]
    return _Table(
        min(each.left for each in those),
        min(each.top for each in those),
        max(each.right for each in those),
        max(each.bottom for each in those),
        those[0].size,
        _rows(aligned_cells(lines), those),
    )


def _rows(rows: list[list[str]], fragments: Sequence[Fragment]) -> tuple[Line, ...]:
    size = median(each.size for each in fragments)
    sure = [each.confidence for each in fragments if each.confidence is not None]
    confidence = sum(sure) / len(sure) if sure else None
    return tuple(Line(text, size, begins=True, kind="row", confidence=confidence) for text in written_rows(rows))


def _region_lines(region: Sequence[Fragment | _Table]) -> Iterator[Line]:
    """The lines of a part of the page that is read from top to bottom."""
    run: list[Fragment] = []
    for piece in sorted(region, key=lambda each: each.top):
        if isinstance(piece, _Table):
            yield from _text_lines(lines_of(run))
            yield from piece.lines
            run = []
        else:
            run.append(piece)
    yield from _text_lines(lines_of(run))


def _text_lines(lines: list[list[Fragment]]) -> Iterator[Line]:
    start, index = 0, 0
    while index < len(lines):
        count = aligned_rows(lines[index : index + _MOST_ROWS]) if len(lines[index]) > 1 else 0
        if count:
            yield from _paragraphs(lines[start:index])
            yield from _aligned_table(lines[index : index + count]).lines
            start = index = index + count
        else:
            index += 1
    yield from _paragraphs(lines[start:])


def _paragraphs(lines: list[list[Fragment]]) -> Iterator[Line]:
    """Lines of text; a paragraph begins after a gap, at an indent, and where the size changes."""
    if not lines:
        return
    edge = _left_edge(lines)
    gaps = [after[0].bottom - before[0].bottom for before, after in pairwise(lines)]
    usual = sorted(gaps)[len(gaps) // 3] if gaps else 0.0
    for index, line in enumerate(lines):
        size = _size(line)
        gap = gaps[index - 1] if index else 0.0
        around = min([usual, *gaps[max(0, index - 2) : index - 1], *gaps[index : index + 1]])
        wide = gap > min(1.3 * max(around, 1.1 * size), _WIDEST_LEADING * size)
        begins = not index or wide or _begins(lines[index - 1], line, edge)
        sure = [each.confidence for each in line if each.confidence is not None]
        yield Line(line_text(line), size, begins, confidence=min(sure, default=None), leading=gap / size)


def _begins(previous: list[Fragment], line: list[Fragment], edge: float) -> bool:
    size, before = _size(line), _size(previous)
    if max(size, before) > _OTHER_SIZE * min(size, before) and line[0].confidence is None:
        return True
    if line[0].left - edge <= _INDENT * size or _ITEM.match(line_text(previous[:2]) + " "):
        return False
    return previous[0].left - edge <= 0.5 * _INDENT * size or bool(_ENDS.search(previous[-1].text))


def _left_edge(lines: list[list[Fragment]]) -> float:
    """Where most lines begin: an indent is measured from there."""
    lefts = sorted(line[0].left for line in lines)
    return lefts[len(lefts) // 4]


def _size(line: list[Fragment]) -> float:
    return max(line, key=lambda each: len(each.text)).size
