"""In which order the pieces of a page are read: columns one after the other, what stands above or between them first.

A recursive cut, for PDF pages and pictures alike.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, TypeVar

from index.readers.fragments import Fragment, Placed

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T", bound=Placed)
_DEEPEST = 8
_MOST_PLACED = 5_000
"""Pieces of a page beyond which they are read from top to bottom; a page of small type has some hundred."""
_NARROWEST_GUTTER = 0.7
_NARROWEST_COLUMN = 6.0
"""Widths in the height of the type."""
_FULL_LINE = 0.7
"""How much of a column a line of running text fills, and how many of its lines do at least half."""


@dataclass(frozen=True)
class _Cut:
    """Columns to the left and right of `at`; what crosses it stands above, between or below them."""

    at: float
    facing: float
    """Lines that have columns on both sides."""


def regions(pieces: Sequence[T], depth: int = 0) -> list[list[T]]:
    """The pieces of a page in parts that are each read line by line, in reading order."""
    whole = sorted(pieces, key=lambda piece: (piece.top, piece.left))
    if len(whole) < 4 or len(whole) > _MOST_PLACED or depth > _DEEPEST or not _side_by_side(whole):
        return [whole] if whole else []
    size = median(piece.size for piece in whole)
    if cut := _best_cut(whole, size):
        parts = [side for band in _bands(whole, cut.at) for side in _sides(band, cut.at) if side]
        if len(parts) > 1:
            return [region for part in parts for region in regions(part, depth + 1)]
    if halves := _halves(whole, size):
        found = [regions(half, depth + 1) for half in halves]
        if any(len(half) > 1 for half in found):
            return [region for half in found for region in half]
    return [whole]


def _side_by_side(whole: list[T]) -> bool:
    reach = float("-inf")
    for piece in whole:
        if piece.top + 0.3 * (piece.bottom - piece.top) < reach:
            return True
        reach = max(reach, piece.bottom)
    return False


def _best_cut(whole: list[T], size: float) -> _Cut | None:
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


def _judged(whole: list[T], at: float, size: float) -> _Cut | None:
    """The cut at a strip when both sides are columns of text there, and no table that is read row by row."""
    lefts: list[T] = []
    rights: list[T] = []
    facing = 0.0
    for band in _bands(whole, at):
        crossing, left, right = _sides(band, at)
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
    return _Cut(at, facing)


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
    digits = sum(char.isdigit() for char in text)
    return digits > 0 and 2 * digits >= sum(char.isalnum() for char in text)


def _bands(whole: list[T], at: float) -> list[list[T]]:
    """The pieces from top to bottom, in runs that cross a strip and runs that do not."""
    crossing = sorted((piece for piece in whole if piece.left < at < piece.right), key=_middle)
    heights = [_middle(piece) for piece in crossing]
    between: list[list[T]] = [[] for _ in range(len(crossing) + 1)]
    for piece in whole:
        if not piece.left < at < piece.right:
            between[bisect_right(heights, _middle(piece))].append(piece)
    bands: list[list[T]] = []
    run: list[T] = []
    for index, beside in enumerate(between):
        if beside:
            bands += [band for band in (run, beside) if band]
            run = []
        if index < len(crossing):
            run.append(crossing[index])
    return _with_captions([*bands, run] if run else bands, at)


def _with_captions(bands: list[list[T]], at: float) -> list[list[T]]:
    """A heading of what crosses the strip that does not cross it itself: it goes with what it stands above."""
    found: list[list[T]] = []
    for band, below in zip(bands, [*bands[1:], []], strict=True):
        _, left, right = _sides(band, at)
        tail: list[T] = []
        for side, other in ((left, right), (right, left)):
            if below and side and other and not tail:
                tail = _tail(side, max(piece.bottom for piece in other), min(piece.top for piece in below))
        found += [[piece for piece in band if piece not in tail]] + ([tail] if tail else [])
    return found


def _tail(side: list[T], above: float, below: float) -> list[T]:
    """The last one or two lines of a column that are nearer to what follows than to the column's text."""
    lines = lines_of(side)
    for count in (1, 2):
        if len(lines) <= count or lines[-count][0].top < above:
            return []
        gap = lines[-count][0].top - max(piece.bottom for piece in lines[-count - 1])
        if gap > max(1.2 * lines[-count][0].size, 1.5 * (below - lines[-1][0].bottom)):
            return [piece for line in lines[-count:] for piece in line]
    return []


def _sides(band: list[T], at: float) -> tuple[list[T], list[T], list[T]]:
    crossing = [piece for piece in band if piece.left < at < piece.right]
    left = [piece for piece in band if piece.right <= at]
    return crossing, left, [piece for piece in band if piece.left >= at]


def _middle(piece: Placed) -> float:
    return (piece.top + piece.bottom) / 2


def _halves(whole: list[T], size: float) -> tuple[list[T], list[T]] | None:
    """The pieces above and below the widest level gap, if it is wide."""
    best, place, reach = 1.2 * size, 0, whole[0].bottom
    for index, piece in enumerate(whole):
        if piece.top - reach > best:
            best, place = piece.top - reach, index
        reach = max(reach, piece.bottom)
    return (whole[:place], whole[place:]) if place else None


def lines_of(pieces: Sequence[T]) -> list[list[T]]:
    """Pieces in lines from top to bottom, each from left to right."""
    lines: list[list[T]] = []
    for piece in sorted(pieces, key=lambda each: (each.top + each.bottom) / 2):
        last = lines[-1] if lines else None
        if last and _overlap(last[-1], piece) >= 0.5:
            last.append(piece)
        else:
            lines.append([piece])
    return [sorted(line, key=lambda each: each.left) for line in lines]


def _overlap(one: Placed, other: Placed) -> float:
    least = min(one.bottom - one.top, other.bottom - other.top)
    return (min(one.bottom, other.bottom) - max(one.top, other.top)) / least if least > 0 else 0.0
