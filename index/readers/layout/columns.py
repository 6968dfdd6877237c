"""Where a page, or a part of it, has columns of text side by side."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TypeVar

import regex

from index.readers.layout.bands import bands_of, lines_of, sides_of
from index.readers.layout.fragments import Fragment, Placed

_DIGIT = regex.compile(r"\p{N}")
_SIGN = regex.compile(r"[\p{L}\p{N}]")
T = TypeVar("T", bound=Placed)
_NARROWEST_GUTTER = 0.7
_NARROWEST_COLUMN = 6.0
"""Widths in the height of the type."""
_FULL_LINE = 0.7
"""How much of a column a line of running text fills, and how many of its lines do at least half."""


@dataclass(frozen=True)
class Cut:
    """Columns to the left and right of `at`; what crosses it stands above, between or below them."""

    at: float
    facing: float
    """Lines that have columns on both sides."""


def best_cut(whole: list[T], size: float) -> Cut | None:
    """Where columns are longest side by side, None when there are none; `size` is the height of the type."""
    cuts = [cut for at in _candidates(whole, size) if (cut := _judged(whole, at, size))]
    return max(cuts, key=lambda cut: cut.facing, default=None)


def _candidates(whole: list[T], size: float) -> list[float]:
    """The middles of the upright strips that fewer pieces cover than to both sides of them."""
    left = min(piece.left for piece in whole)
    step = size / 4
    count = int((max(piece.right for piece in whole) - left) / step) + 2
    if not 2 * _NARROWEST_COLUMN * size <= count * step <= 10_000 * step:
        return []
    change = [0] * (count + 1)
    for piece in whole:
        change[int((piece.left - left) / step)] += 1
        change[int((piece.right - left) / step)] -= 1
    cover, covered = [], 0
    for difference in change:
        covered += difference
        cover.append(covered)
    most = max(cover) * 0.6
    found, start = [], 0
    for index in range(1, count + 1):
        if index < count and cover[index] == cover[start]:
            continue
        low = cover[start] <= most and start > 0 and index < count
        if (
            low
            and cover[start - 1] > cover[start] < cover[index]
            and (index - start) * step >= _NARROWEST_GUTTER * size
        ):
            found.append(left + (start + index) / 2 * step)
        start = index
    return found


def _judged(whole: list[T], at: float, size: float) -> Cut | None:
    """The cut at a strip when both sides are columns of text there, and no table that is read row by row."""
    lefts: list[T] = []
    rights: list[T] = []
    facing = 0.0
    for band in bands_of(whole, at):
        crossing, left, right = sides_of(band, at)
        if crossing or not left or not right:
            continue
        top = max(min(piece.top for piece in side) for side in (left, right))
        bottom = min(max(piece.bottom for piece in side) for side in (left, right))
        if bottom - top >= 2 * size:
            facing += (bottom - top) / size
            lefts += [piece for piece in left if piece.bottom > top - size and piece.top < bottom + size]
            rights += [piece for piece in right if piece.bottom > top - size and piece.top < bottom + size]
    if facing < 3.5 or not lefts or not rights:
        return None
    if not (_is_column(lefts, rights, size) and _is_column(rights, lefts, size)):
        return None
    return Cut(at, facing)


def _is_column(side: list[T], other: list[T], size: float) -> bool:
    """Whether a side is running text: wide, mostly words, its lines full or at other heights than those beside it."""
    left, right = min(piece.left for piece in side), max(piece.right for piece in side)
    if right - left < _NARROWEST_COLUMN * size:
        return False
    if any(not isinstance(piece, Fragment) for piece in side):
        return True
    if 2 * sum(is_figure(getattr(piece, "text", "")) for piece in side) >= len(side):
        return False
    lines = [(min(p.left for p in line), max(p.right for p in line), line[0].bottom) for line in lines_of(side)]
    full = sum(end - start >= _FULL_LINE * (right - left) for start, end, _ in lines)
    if len(lines) >= 3 and 2 * full >= len(lines):
        return True
    heights = sorted(piece.bottom for piece in other)
    beside = sum(_has_near(heights, line[2], 0.2 * size) for line in lines)
    return len(lines) >= 4 and 2 * beside < len(lines)


def _has_near(sorted_values: list[float], value: float, tolerance: float) -> bool:
    index = bisect_right(sorted_values, value - tolerance)
    return index < len(sorted_values) and sorted_values[index] <= value + tolerance


def is_figure(text: str) -> bool:
    """Whether a piece of text is more digits than letters."""
    digits = len(_DIGIT.findall(text))
    return digits > 0 and 2 * digits >= len(_SIGN.findall(text))
