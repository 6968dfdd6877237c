"""Rows of a table as text, each saying which value belongs to which heading; and tables that are only aligned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from index.readers.layout.columns import is_figure
from index.readers.layout.fragments import joined, separator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.readers.layout.fragments import Fragment

_WIDE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")
_YEAR = regex.compile(r"(?:19|20|25)\d\d(?:\s*[年-].{0,6})?|[๑-๙២០-៩]{4}")
_SENTENCE = regex.compile(r"[。！？;；]|[.!?](?:\s|$)")
_LEADERS = regex.compile(r"\s*(?:\.\s?){6,}")
"""The dots of a table of contents."""
_LONGEST_HEADING = 60
_MOST_EMPTY = regex.compile(r"[-–—/.…n/aN]*")


def line_text(line: Sequence[Fragment]) -> str:
    """The text of fragments on one line."""
    text, right = "", 0.0
    for fragment in line:
        text += separator(text, fragment.text, fragment.left - right, fragment.size) + fragment.text
        right = fragment.right
    return _LEADERS.sub(" ....... ", text)


def written_rows(rows: list[list[str]]) -> list[str]:
    """Each row as one line: `Heading: value; …` where the first row is a heading, else its cells between ` | `."""
    if has_heading(rows):
        return [_with_headings(rows[0], row) for row in rows[1:]]
    return [" | ".join(cell for cell in row if cell) for row in rows]


def has_heading(rows: list[list[str]]) -> bool:
    """Whether the first row names what stands below it: short, no sentence, and unlike the rows below."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return False
    first, others = rows[0], rows[1:]
    named = all(first[1:]) and len(set(first)) == len(first)
    if not named or any(len(cell) > _LONGEST_HEADING or _SENTENCE.search(cell) for cell in first):
        return False
    if any(is_figure(cell) and not _YEAR.fullmatch(cell) for cell in first):
        return False
    for column in range(1, len(first)):
        values = [row[column] for row in others if row[column] and not _MOST_EMPTY.fullmatch(row[column])]
        if values and 2 * sum(is_figure(value) for value in values) > len(values):
            return True
    longest = max(map(len, first))
    mean = sum(len(cell) for row in others for cell in row) / (len(others) * len(first))
    return len(first) >= 3 and longest <= 30 and mean >= 1.3 * sum(map(len, first)) / len(first)


def _named(heading: str, value: str) -> str:
    if not heading:
        return value
    return f"{heading.rstrip('：: ')}{'：' if _WIDE.search(heading) else ': '}{value}"


def _with_headings(headings: list[str], row: list[str]) -> str:
    text = ""
    for heading, cell in zip(headings, row, strict=True):
        if cell:
            mark = "；" if _WIDE.search(heading) else "; "
            text += (mark if text else "") + _named(heading, cell)
    return text


def aligned_rows(lines: Sequence[list[Fragment]]) -> int:
    """How many of the lines, from the first on, are rows of a table whose columns are only aligned; 0 for none."""
    count, figures = 0, 0
    for end in range(1, len(lines) + 1):
        if not _goes_on(lines, end) or len(columns_of(lines[:end])) < 2:
            break
        count = end
        figures += any(is_figure(fragment.text) for fragment in lines[end - 1][1:])
    while count and len(lines[count - 1]) == 1:
        count -= 1
    columns = columns_of(lines[:count])
    rows = sum(len(line) > 1 for line in lines[:count])
    if not count or not all(_is_aligned(lines[:count], column) for column in columns):
        return 0
    tabular = rows >= 3 and (len(columns) >= 3 or 2 * figures >= rows)
    return count if tabular or (rows == 2 and len(columns) >= 3 and figures) else 0


def is_row_of_figures(line: list[Fragment]) -> bool:
    """Whether a line can be nothing but a row of a table: a short name and two figures or more."""
    figures = sum(is_figure(each.text) or bool(_MOST_EMPTY.fullmatch(each.text)) for each in line)
    return len(line) >= 3 and figures >= max(2, len(line) - 2) and all(len(each.text) <= 25 for each in line[1:])


def _is_aligned(lines: Sequence[list[Fragment]], column: tuple[float, float]) -> bool:
    """Whether what stands in a column begins, ends or has its middle at one place, or is figures."""
    held = [each for line in lines for each in line if column[0] <= each.left and each.right <= column[1]]
    size = held[0].size
    lefts, rights = [each.left for each in held], [each.right for each in held]
    middles = [each.left + each.right for each in held]
    figures = 2 * sum(is_figure(each.text) for each in held) >= len(held)
    return figures or any(
        max(places) - min(places) <= 0.35 * size * scale for places, scale in ((lefts, 1), (rights, 1), (middles, 2))
    )


def _goes_on(lines: Sequence[list[Fragment]], end: int) -> bool:
    """Whether the line before `end` can be a row: several cells, or the rest of a cell that is not the first."""
    line = lines[end - 1]
    if end > 1 and line[0].top - lines[end - 2][0].bottom > 2.5 * line[0].size:
        return False
    if len(line) > 1:
        return True
    before = columns_of(lines[: end - 1]) if end > 1 else []
    return len(before) > 1 and line[0].left >= before[0][1] and line[0].top - lines[end - 2][0].bottom < line[0].size


def columns_of(lines: Sequence[list[Fragment]]) -> list[tuple[float, float]]:
    """Left and right edges of the columns that no fragment reaches across."""
    columns: list[tuple[float, float]] = []
    for fragment in sorted((each for line in lines for each in line), key=lambda each: each.left):
        if columns and fragment.left - columns[-1][1] < 0.7 * fragment.size:
            columns[-1] = (columns[-1][0], max(columns[-1][1], fragment.right))
        else:
            columns.append((fragment.left, fragment.right))
    return columns


def aligned_cells(lines: Sequence[list[Fragment]]) -> list[list[str]]:
    """The cells of an aligned table, row by row; a line without a first cell goes on with the row before it."""
    columns = columns_of(lines)
    rows: list[list[list[str]]] = []
    for line in lines:
        cells = [line_text([each for each in line if left <= each.left <= right]) for left, right in columns]
        if rows and len(line) == 1 and not cells[0]:
            for held, cell in zip(rows[-1], cells, strict=True):
                held.extend([cell] if cell else [])
        else:
            rows.append([[cell] if cell else [] for cell in cells])
    return [[joined(cell) for cell in row] for row in rows]
