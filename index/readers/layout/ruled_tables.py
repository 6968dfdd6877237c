"""Tables that are drawn with lines: where they lie on a page, and which fragment is in which cell."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from index.readers.layout.bands import lines_of
from index.readers.layout.fragments import joined
from index.readers.layout.table_rows import line_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.readers.layout.fragments import Fragment, Rule

_TOUCH = 4.0
"""Points between lines that meet, and between lines that are one."""
_MOST_CELLS = 4_000
_LARGEST_COPY = 20
"""Times the length of its text that a table may have by repeating what a cell over several rows says."""


@dataclass(frozen=True)
class Grid:
    """A ruled table; `xs` and `ys` are where its lines run."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    rules: tuple[Rule, ...]
    size: float = 1.0

    @property
    def left(self) -> float:
        """Its left border."""
        return self.xs[0]

    @property
    def right(self) -> float:
        """Its right border."""
        return self.xs[-1]

    @property
    def top(self) -> float:
        """Its upper border."""
        return self.ys[0]

    @property
    def bottom(self) -> float:
        """Its lower border."""
        return self.ys[-1]

    def holds(self, fragment: Fragment) -> bool:
        """Whether a fragment lies in it."""
        x, y = (fragment.left + fragment.right) / 2, (fragment.top + fragment.bottom) / 2
        return self.left <= x <= self.right and self.top <= y <= self.bottom

    def rows(self, fragments: Sequence[Fragment]) -> list[list[str]]:
        """The text of its cells, row by row; what a cell over several rows says stands in each of them."""
        columns, lines = len(self.xs) - 1, len(self.ys) - 1
        cells: dict[tuple[int, int], list[Fragment]] = {}
        for fragment in fragments:
            row = min(lines, max(1, bisect_right(self.ys, (fragment.top + fragment.bottom) / 2))) - 1
            column = min(columns, max(1, bisect_right(self.xs, fragment.left + 0.3 * fragment.size))) - 1
            cells.setdefault(self._first(row, column), []).append(fragment)
        found: list[list[str]] = []
        left = _LARGEST_COPY * sum(len(fragment.text) for fragment in fragments)
        for row in range(lines):
            held = [cells.get(self._first(row, column), []) for column in range(columns)]
            left -= sum(len(fragment.text) for part in held for fragment in part)
            if left < 0:
                held = [cells.get((row, column), []) for column in range(columns)]
            own = [part if self._first(row, column)[1] == column else [] for column, part in enumerate(held)]
            found += _unfolded([[line_text(line) for line in lines_of(part)] for part in own], own)
        return [row for row in found if any(row)]

    def _first(self, row: int, column: int) -> tuple[int, int]:
        """The upper left cell of those that a cell is one with."""
        while row > 0 and not self._is_parted(row, column, level=True):
            row -= 1
        while column > 0 and not self._is_parted(row, column, level=False):
            column -= 1
        return row, column

    def _is_parted(self, row: int, column: int, *, level: bool) -> bool:
        """Whether a line runs above a cell, or to the left of it."""
        at = self.ys[row] if level else self.xs[column]
        middle = (self.xs[column] + self.xs[column + 1]) / 2 if level else (self.ys[row] + self.ys[row + 1]) / 2
        return any(
            rule.level == level and abs(rule.at - at) <= _TOUCH and rule.start - 1 <= middle <= rule.end + 1
            for rule in self.rules
        )


def grids(rules: Sequence[Rule]) -> list[Grid]:
    """The ruled tables of a page: two columns at least, and lines both ways that meet."""
    found = []
    for group in _meeting(rules):
        level = [rule for rule in group if rule.level]
        upright = [rule for rule in group if not rule.level]
        if not level or not upright:
            continue
        xs = _places([rule.at for rule in upright] + [edge for rule in level for edge in (rule.start, rule.end)])
        ys = _places([rule.at for rule in level] + [edge for rule in upright for edge in (rule.start, rule.end)])
        if len(xs) >= 3 and len(ys) >= 2 and (len(xs) - 1) * (len(ys) - 1) <= _MOST_CELLS:
            found.append(Grid(xs, ys, tuple(group)))
    return found


def _meeting(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules in groups that touch one another, directly or through others."""
    parent = list(range(len(rules)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    upright = sorted((rule.at, index) for index, rule in enumerate(rules) if not rule.level)
    places = [at for at, _ in upright]
    for index, rule in enumerate(rules):
        if not rule.level:
            continue
        first = bisect_right(places, rule.start - _TOUCH)
        for at, other in upright[first:]:
            if at > rule.end + _TOUCH:
                break
            if rules[other].start - _TOUCH <= rule.at <= rules[other].end + _TOUCH:
                parent[root(other)] = root(index)
    groups: dict[int, list[Rule]] = {}
    for index, rule in enumerate(rules):
        groups.setdefault(root(index), []).append(rule)
    return list(groups.values())


def _places(values: list[float]) -> tuple[float, ...]:
    """Where lines run: values that lie close together are one."""
    values.sort()
    starts = [values[0]] + [after for before, after in pairwise(values) if after - before > _TOUCH]
    return tuple(starts)


def _unfolded(texts: list[list[str]], cells: list[list[Fragment]]) -> list[list[str]]:
    """The rows within one ruled row: several when all its cells have lines at the same heights, and figures in them."""
    counts = {len(lines) for lines in texts if lines}
    if len(counts) == 1 and (count := counts.pop()) > 1 and sum(map(bool, texts)) > 1:
        heights = [[line[0].bottom for line in lines_of(cell)] for cell in cells if cell]
        level = all(max(row) - min(row) <= 2.0 for row in zip(*heights, strict=True))
        figures = any(
            all(any(char.isdigit() for char in line) and len(line) <= 12 for line in lines) for lines in texts if lines
        )
        if level and figures:
            return [[lines[index] if lines else "" for lines in texts] for index in range(count)]
    return [[joined(lines) for lines in texts]]
