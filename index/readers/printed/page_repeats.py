"""Headers, footers and page numbers: what stands at the same height on page after page."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import regex

from index.readers.layout.ruled_tables import grids

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.readers.layout.fragments import Fragment, Layer

_FEWEST_PAGES = 3
_MARGIN = 0.17
"""How much of a page's height, at the top and at the bottom, a header or footer may stand in."""
_MOST_LINES = 4
"""How many lines, counted from the edge of the text."""
_SAME_HEIGHT = 6.0
"""Points."""
_NUMBER = regex.compile(r"\d{1,4}|[๐-๙]{1,4}|[០-៩]{1,4}|\b[ivxl]{1,7}\b", regex.I)
_ALONE = regex.compile(
    r"[-–—·.\s|/]*(?:(?:page|p\.|trang|หน้า|ទំព័រ|ໜ້າ|第)\s*)?#(?:\s*(?:/|of|页|頁|共)?\s*#)?(?:\s*[页頁])?[-–—·.\s|/]*",
    regex.I,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50}
_Key = tuple[str, int, int]


def repeated(pages: Sequence[dict[int, Layer]]) -> list[set[int]]:
    """For each page the `id` of the fragments that are header, footer or page number.

    A document of less than three pages has none; a text must stand on half of all pages, or of the odd or even ones,
    at the same height, its page number counting on.
    """
    found: list[set[int]] = [set() for _ in pages]
    if len(pages) < _FEWEST_PAGES:
        return found
    keys = [
        [(id(piece), list(_keys(piece, where, number))) for piece, where in _edges(page)]
        for number, page in enumerate(pages)
    ]
    everywhere: Counter[_Key] = Counter()
    by_side: dict[int, Counter[_Key]] = defaultdict(Counter)
    for number, page_keys in enumerate(keys):
        on_page = {near for _, those in page_keys for key in those for near in _near(key)}
        everywhere.update(on_page)
        by_side[number % 2].update(on_page)
    sides = {side: len(range(side, len(pages), 2)) for side in (0, 1)}
    for number, page_keys in enumerate(keys):
        side = by_side[number % 2]
        everywhere_enough = max(len(pages) / 2, _FEWEST_PAGES - 1)
        side_enough = max(sides[number % 2] / 2, _FEWEST_PAGES)
        for piece, those in page_keys:
            if any(everywhere[key] >= everywhere_enough or side[key] >= side_enough for key in those):
                found[number].add(piece)
    return found


def _edges(page: dict[int, Layer]) -> Iterator[tuple[Fragment, int]]:
    """The fragments near a page's upper and lower edge that are in no table, with their height there in steps."""
    for angle, layer in page.items():
        tables = [grid for grid in grids(layer.rules) if len(grid.ys) > 3]
        for upper in (True, False):
            near = sorted(
                (piece for piece in layer.fragments if _is_near(piece, layer.height, upper=upper)),
                key=lambda piece: piece.bottom if upper else -piece.bottom,
            )
            lines, last = 0, float("inf")
            for piece in near:
                if abs(piece.bottom - last) > 0.5 * piece.size:
                    lines, last = lines + 1, piece.bottom
                if lines > _MOST_LINES:
                    break
                if any(table.holds(piece) for table in tables):
                    continue
                height = piece.bottom if upper else layer.height - piece.bottom
                yield piece, (1 if upper else -1) * (int(height / _SAME_HEIGHT) + 1) * 4 + angle // 90


def _is_near(piece: Fragment, height: float, *, upper: bool) -> bool:
    return piece.bottom <= _MARGIN * height if upper else piece.top >= (1 - _MARGIN) * height


def _keys(piece: Fragment, where: int, number: int) -> Iterator[_Key]:
    """What a fragment must have in common with others to be the same header: its words, or all but a page number."""
    text = "".join(piece.text.split()).casefold()
    if len(text) > 200:
        return
    yield text, where, 0
    for match in _NUMBER.finditer(piece.text.casefold()):
        masked = piece.text.casefold()[: match.start()] + "#" + piece.text.casefold()[match.end() :]
        yield "".join(masked.split()), where, _value(match[0]) - number
    if _ALONE.fullmatch(alone := _NUMBER.sub("#", piece.text)):
        yield "".join(alone.split()).casefold(), where, 10_000


def _near(key: _Key) -> Iterator[_Key]:
    """The key, and those of the heights beside: a height may lie at the border of two steps."""
    text, where, offset = key
    yield key
    yield text, where + 4, offset
    yield text, where - 4, offset


def _value(number: str) -> int:
    if number.isdecimal():
        return int(number)
    values = [_ROMAN[letter] for letter in number]
    return sum(-value if value < max(values[index:]) else value for index, value in enumerate(values))
