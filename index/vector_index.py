"""The vectors of one generation: its segments searched as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.vectors import Narrowed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from index.vectors import VectorSegment


class VectorIndex:
    """Windows' vectors by window id, in groups by language, over all segments of a generation.

    A segment may hold windows that the generation has no more: those of sources that have changed since. They are
    never given.
    """

    def __init__(
        self,
        segments: Sequence[VectorSegment],
        alive: Callable[[str, Sequence[str]], set[str]] | None = None,
        dead: dict[str, int] | None = None,
    ) -> None:
        """`dead` counts, by segment id, the windows that are not to be given; `alive(segment id, window ids)` gives
        the others among some ids.
        """
        self._segments = list(segments)
        self._alive = alive
        self._dead = dead or {}

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups: languages, and one for all rare ones."""
        return tuple(sorted({group for segment in self._segments for group in segment.groups}))

    def query(
        self,
        group: str,
        vector: Sequence[float],
        k: int,
        sources: Collection[str] | None = None,
        languages: Collection[str] | None = None,
    ) -> list[tuple[str, float]]:
        """The `k` nearest window ids of a group (of some sources, of some languages) with their cosines, nearest
        first.
        """
        narrowed = Narrowed(
            None if sources is None else sorted(sources), None if languages is None else sorted(languages)
        )
        found = [item for segment in self._segments for item in self._nearest(segment, group, vector, k, narrowed)]
        return sorted(found, key=lambda item: -item[1])[:k]

    def vectors(self, window_ids: Sequence[str], group: str | None = None) -> dict[str, Sequence[float]]:
        """Stored vectors of the ids that are there, in one group or in any."""
        stored: dict[str, Sequence[float]] = {}
        # A window that was embedded again is in two segments, and the later one has its vector.
        for segment in reversed(self._segments):
            missing = [name for name in window_ids if name not in stored]
            if missing:
                stored.update(segment.vectors(missing, group))
        return stored

    def warm(self, dimensions: int) -> None:
        """Search once, so that Chroma reads every segment's graph now."""
        for group in self.groups:
            self.query(group, [1.0] + [0.0] * (dimensions - 1), 1)

    def __len__(self) -> int:
        return sum(len(segment) - self._dead.get(segment.segment_id, 0) for segment in self._segments)

    def _nearest(
        self, segment: VectorSegment, group: str, vector: Sequence[float], k: int, narrowed: Narrowed
    ) -> list[tuple[str, float]]:
        dead = self._dead.get(segment.segment_id, 0)
        wanted = k
        while True:
            found = segment.query(group, vector, wanted, narrowed)
            if not dead or self._alive is None:
                return found
            alive = self._alive(segment.segment_id, [name for name, _ in found])
            kept = [item for item in found if item[0] in alive]
            if len(kept) >= k or len(found) < wanted or wanted >= k + dead:
                return kept[:k]
            wanted = min(4 * wanted, k + dead)
