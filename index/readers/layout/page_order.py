"""In which order the pieces of a page are read: columns one after the other, what stands above or between them first.

A recursive cut, for PDF pages and pictures alike.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, TypeVar

from index.readers.layout.bands import bands_of, sides_of
from index.readers.layout.columns import best_cut
from index.readers.layout.fragments import Placed

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T", bound=Placed)
_DEEPEST = 8
_MOST_PLACED = 5_000
"""Pieces of a page beyond which they are read from top to bottom; a page of small type has some hundred."""


def regions(pieces: Sequence[T], depth: int = 0) -> list[list[T]]:
    """The pieces of a page in parts that are each read line by line, in reading order."""
    whole = sorted(pieces, key=lambda piece: (piece.top, piece.left))
    if len(whole) < 4 or len(whole) > _MOST_PLACED or depth > _DEEPEST or not _side_by_side(whole):
        return [whole] if whole else []
    size = median(piece.size for piece in whole)
    if cut := best_cut(whole, size):
        parts = [side for band in bands_of(whole, cut.at) for side in sides_of(band, cut.at) if side]
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


def _halves(whole: list[T], size: float) -> tuple[list[T], list[T]] | None:
    """The pieces above and below the widest level gap, if it is wide."""
    best, place, reach = 1.2 * size, 0, whole[0].bottom
    for index, piece in enumerate(whole):
        if piece.top - reach > best:
            best, place = piece.top - reach, index
        reach = max(reach, piece.bottom)
    return (whole[:place], whole[place:]) if place else None
