"""Tables of HTML → one paragraph a row that still says which value belongs to which row and column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from index.readers.web.markup_text import seen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from index.readers.web.markup_text import Element

_LONGEST_HEADER = 60
_LARGEST_COPY = 20
"""Times the length of its cells that a table's text may have by repeating headers and merged cells."""
_DATA = regex.compile(r"[\p{P}\p{S}\s]*\p{N}[\p{N}\p{P}\p{S}\s]*(?:\p{L}{1,3})?[\p{P}\p{S}\s]*|[\p{P}\p{S}\s]+")
"""A number, perhaps with a unit, or a sign that stands for none."""
_YEAR = regex.compile(r"(?:พ\.ศ\.\s*)?(?:19|20|24|25)\d\d\s*[年]?(?:\s*[-–/]\s*\d{2,4})?")
_ENDED = regex.compile(r"[。！？；.!?;។။]$")
_WIDE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")


@dataclass(frozen=True)
class _Cell:
    text: str
    header: bool
    bold: bool
    columns: int = 1
    rows: int = 1


_NOTHING = _Cell("", header=False, bold=False)


@dataclass(frozen=True)
class _Row:
    cells: tuple[_Cell, ...]
    in_head: bool


def nested_in(root: Element) -> frozenset[Element]:
    """The tables below an element that have a table within them: they lay a page out."""
    from lxml import etree

    around: list[Element] = []
    found: set[Element] = set()
    for event, table in etree.iterwalk(root, events=("start", "end"), tag="table"):
        if event == "start":
            if around:
                found.add(around[-1])
            around.append(table)
        else:
            around.pop()
    return frozenset(found)


def table_paragraphs(table: Element, cell_text: Callable[[Element], str]) -> list[str] | None:
    """The caption and the rows of a table without tables in it; None when it only lays a page out."""
    if table.get("role") in {"presentation", "none"}:
        return None
    captions = [cell_text(caption) for caption in table.iterchildren("caption")]
    rows = [row for row in _rows(table, cell_text) if row.cells]
    if not captions and _lays_out(rows):
        return None
    head = _headers(rows)
    grid = _grid(rows, head)
    if grid is None:
        return [*captions, *filter(None, (_joined(row.cells) for row in rows))]
    names = [_column_name(column) for column in zip(*grid[:head], strict=True)]
    return [*captions, *filter(None, (_line(places, names) for places in grid[head:]))]


def _rows(table: Element, cell_text: Callable[[Element], str]) -> Iterator[_Row]:
    for row in table.iter("tr"):
        parent = row.getparent()
        if seen(row) and seen(parent):
            in_head = parent.tag == "thead"
            cells = (cell for cell in row.iterchildren("td", "th") if seen(cell))
            yield _Row(tuple(_cell(cell, cell_text(cell)) for cell in cells), in_head)


def _cell(cell: Element, text: str) -> _Cell:
    columns, rows = (_span(cell.get(name)) for name in ("colspan", "rowspan"))
    bold = any(True for _ in cell.iter("b", "strong"))
    return _Cell(text, cell.tag == "th", bold, columns, rows or 100_000)


def _span(value: str | None) -> int:
    return int(value) if value and regex.fullmatch(r"\s*\d{1,5}\s*", value) else 1


def _lays_out(rows: Sequence[_Row]) -> bool:
    """One cell a row, or one cell that holds most of the words, or one row of whole texts."""
    cells = [cell for row in rows for cell in row.cells]
    if any(cell.header for cell in cells) or any(row.in_head for row in rows):
        return False
    lengths = [len(cell.text) for cell in cells]
    longest, all_of_them = max(lengths, default=0), sum(lengths)
    if all(sum(bool(cell.text) for cell in row.cells) <= 1 for row in rows):
        return True
    if len(rows) == 1 and longest > 100:
        return True
    return longest > 300 and longest > 0.6 * all_of_them


def _headers(rows: Sequence[_Row]) -> int:
    """How many of the first rows name the columns."""
    marked = 0
    for row in rows:
        if not (row.in_head or all(cell.header for cell in row.cells)):
            break
        marked += 1
    if marked:
        return marked if marked < len(rows) else 0
    return int(len(rows) > 1 and _names_columns(rows[0], rows[1:]))


def _names_columns(first: _Row, later: Sequence[_Row]) -> bool:
    """Whether an unmarked first row names the columns.

    A table of two columns may as well have names on the left and values on the right: there, it must stand out.
    """
    cells = first.cells
    texts = [cell.text for cell in cells]
    if len(cells) < 2 or len({*texts}) < len(texts) or any(cell.columns > 1 or cell.header for cell in cells):
        return False
    if not all(_is_name(text) for text in texts[1:]) or not (_is_name(texts[0]) or (len(cells) > 2 and not texts[0])):
        return False
    if any(len(row.cells) > len(cells) for row in later):
        return False
    if all(cell.bold for cell in cells) and not all(cell.bold for row in later for cell in row.cells):
        return True
    values = [row.cells[-1].text for row in later]
    return len(cells) > 2 or (len(later) > 1 and all(_DATA.fullmatch(value) for value in values))


def _is_name(text: str) -> bool:
    if not text or len(text) > _LONGEST_HEADER:
        return False
    return not _DATA.fullmatch(text) or bool(_YEAR.fullmatch(text))


def _grid(rows: Sequence[_Row], head: int) -> list[list[_Cell]] | None:
    """The cell of every place, merged ones in each place they cover; None when that would be far too much."""
    budget = _LARGEST_COPY * sum(len(cell.text) + 10 for row in rows for cell in row.cells) + 10_000
    names = 0
    grid: list[list[_Cell]] = []
    hanging: dict[int, tuple[int, _Cell]] = {}
    for row in rows:
        places, hanging = _placed(row, hanging, budget)
        size = sum(len(cell.text) + 2 for cell in places)
        if len(grid) < head:
            names += size
            budget -= size
        else:
            budget -= size + names
        if budget < 0:
            return None
        grid.append(places)
    width = max(map(len, grid), default=0)
    if width * len(grid) > budget + 100_000:
        return None
    return [places + [_NOTHING] * (width - len(places)) for places in grid]


def _placed(
    row: _Row, hanging: dict[int, tuple[int, _Cell]], budget: int
) -> tuple[list[_Cell], dict[int, tuple[int, _Cell]]]:
    """The places of one row, and the cells that hang into the next by column, with the rows they still cover."""
    places: list[_Cell] = []
    after = {column: (rows - 1, cell) for column, (rows, cell) in hanging.items() if rows > 1}
    for cell in row.cells:
        while len(places) in hanging:
            places.append(hanging[len(places)][1])
        for _ in range(max(1, min(cell.columns, 1000))):
            if cell.rows > 1:
                after[len(places)] = (cell.rows - 1, cell)
            places.append(cell)
        if len(places) * 2 > budget:
            break
    while len(places) in hanging:
        places.append(hanging[len(places)][1])
    return places, after


def _column_name(names: Sequence[_Cell]) -> str:
    return " / ".join(dict.fromkeys(name.text for name in names if name.text))


def _line(places: Sequence[_Cell], names: Sequence[str]) -> str:
    """One row as a paragraph."""
    cells = [cell for at, cell in enumerate(places) if at == 0 or cell is not places[at - 1]]
    cells = [cell for cell in cells if cell.text]
    if not names:
        pair = len(cells) == 2 and cells[0].header and not cells[1].header
        return _named(cells[0].text, cells[1].text) if pair else _joined(cells)
    if len(cells) == 1 and cells[0].columns > 1:
        return cells[0].text
    return _sentence([_named(name, cell.text) for name, cell in zip(names, places, strict=True) if cell.text])


def _named(name: str, value: str) -> str:
    if not name:
        return value
    mark = "：" if _WIDE.search(name) else ": "
    return f"{name.rstrip('：: ')}{mark}{value}"


def _sentence(values: Sequence[str]) -> str:
    text = ""
    for value in values:
        if text and _ENDED.search(text):
            text += "" if text.endswith(("。", "；", "！", "？")) else " "
        elif text:
            text += "；" if _WIDE.search(value.split("：", 1)[0]) else "; "
        text += value
    return text


def _joined(cells: Sequence[_Cell]) -> str:
    return " | ".join(cell.text for cell in cells if cell.text)
