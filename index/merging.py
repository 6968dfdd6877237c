"""Which segments a build merges into its new one, so that a question never has many to search."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SMALL = 2_000
"""Windows that are stored in about three seconds: segments up to this size are always merged."""
MOST = 4
"""Segments of one generation; each adds some milliseconds to every question."""
_LEAST_ALIVE = 0.7
"""Share of a segment's windows that must still be in use; dead ones make room for nothing and slow searches down."""


def segments_to_merge(alive: Mapping[str, int], total: Mapping[str, int], new: int) -> list[str]:
    """The segments (by id, with windows in use and in all) to be merged with `new` windows, smallest first.

    A segment joins when it is small, no larger than all that joined before it, mostly dead, or one too many. So a
    window is stored again about as often as the index has doubled since.
    """
    joined, size = [], new
    ordered = sorted(alive, key=lambda name: (alive[name], name))
    for position, name in enumerate(ordered):
        too_many = len(ordered) - position >= MOST
        wasteful = alive[name] < _LEAST_ALIVE * total[name]
        if alive[name] <= max(SMALL, size) or wasteful or too_many:
            joined.append(name)
            size += alive[name]
    return joined
