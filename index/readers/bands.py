"""The pieces of a page in lines, and in bands: with columns side by side, or with what stands across them."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, TypeVar

from index.readers.fragments import Placed

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T", bound=Placed)


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
    """A heading of what crosses the strip that does not cross it itself: it goes with what it stands above."""
    found: list[list[T]] = []
    for band, below in zip(bands, [*bands[1:], []], strict=True):
        _, left, right = sides_of(band, at)
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
