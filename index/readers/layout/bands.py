"""The pieces of a page in lines, and in bands: with columns side by side, or with what stands across them."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, TypeVar

from index.readers.layout.fragments import Placed

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T", bound=Placed)
_GAP = 1.0
"""Between two lines that are not of one column, in the height of the type."""


def bands_of(whole: list[T], at: float) -> list[list[T]]:
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
    """Bands, with what stands in one column alone below the end of both, and above what crosses the strip, apart.

    Columns that end above something end at one height; a heading below them belongs to what follows.
    """
    found: list[list[T]] = []
    for band, below in zip(bands, [*bands[1:], []], strict=True):
        _, left, right = sides_of(band, at)
        tail: list[T] = []
        if below and left and right:
            lower, other = sorted((left, right), key=lambda side: -max(piece.bottom for piece in side))
            tail = _tail(lower, max(piece.bottom for piece in other))
        apart = {id(piece) for piece in tail}
        found += [[piece for piece in band if id(piece) not in apart]] + ([tail] if tail else [])
    return found


def _tail(side: list[T], end: float) -> list[T]:
    """What stands in a column after the first gap below a height."""
    lines = lines_of(side)
    for index in range(1, len(lines)):
        top, reach = lines[index][0].top, max(piece.bottom for piece in lines[index - 1])
        if top >= end and top - reach > _GAP * lines[index][0].size:
            return [piece for line in lines[index:] for piece in line]
    return []


def sides_of(band: list[T], at: float) -> tuple[list[T], list[T], list[T]]:
    """The pieces of a band that cross a strip, those to the left of it, and those to the right."""
    crossing = [piece for piece in band if piece.left < at < piece.right]
    left = [piece for piece in band if piece.right <= at]
    return crossing, left, [piece for piece in band if piece.left >= at]


def _middle(piece: Placed) -> float:
    return (piece.top + piece.bottom) / 2


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
