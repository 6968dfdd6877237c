"""The second stage of a build: every window of the new content gets its vector, in a new segment or an old one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.generation import CONTENT, SPREADS, SegmentRecord
from index.language_statistics import LanguageStatistics
from index.merging import segments_to_merge
from index.placing import Placed, Placer, unplace, wanted_groups

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from index.generation import Generation
    from index.workbench import Workbench

_READ_AT_ONCE = 5_000


@dataclass(frozen=True)
class VectorStage:
    """What the stage gave: the generation's segments, the sums over its vectors, and what was embedded."""

    segments: tuple[SegmentRecord, ...]
    statistics: LanguageStatistics
    placed: Placed


def store_vectors(bench: Workbench, connection: sqlite3.Connection, segment_id: str) -> VectorStage:
    """Keep the segments of the index in use as far as they serve; merge the others and everything new into the segment
    `segment_id`.
    """
    making, store, before = bench.making, bench.store, bench.same_model
    groups = wanted_groups(connection)
    records = before.manifest.segments if before and before.manifest.vector_store == store.name else ()
    if not records:
        connection.execute("UPDATE windows SET segment = NULL, language_group = NULL")
    waiting = unplace(connection, groups, [])
    alive = _windows_by_segment(connection)
    merged = segments_to_merge(
        {one.id: alive.get(one.id, 0) for one in records}, {one.id: one.windows for one in records}, waiting
    )
    # A build that only takes away leaves the others' segments as they are.
    merged = merged if waiting else [name for name in merged if not _serves(name, records, alive)]
    waiting = unplace(connection, groups, merged)
    statistics = _statistics_without(connection, before) if before and records else LanguageStatistics()
    kept = tuple(
        SegmentRecord(id=one.id, windows=one.windows, alive=count)
        for one in records
        if (count := _windows_by_segment(connection).get(one.id, 0))
    )
    if not waiting:
        return VectorStage(kept, statistics, Placed())
    segment = store.create(segment_id, sorted(set(groups.values())))
    placer = Placer(connection, segment, groups, making.ocr_spellings, making.settings)

    def known(fingerprints: Sequence[str]) -> dict[str, Sequence[float]]:
        found = _vectors_of(before, fingerprints)
        missing = [name for name in fingerprints if name not in found]
        return found | bench.unfinished.vectors(missing, making.embedder)

    placed = placer.place(
        known,
        statistics,
        lambda made: bench.unfinished.keep_vectors(made, making.embedder),
        lambda done: bench.progress("embedding", done, waiting),
    )
    return VectorStage((*kept, SegmentRecord(id=segment_id, windows=waiting, alive=waiting)), statistics, placed)


def _serves(segment_id: str, records: Sequence[SegmentRecord], alive: Mapping[str, int]) -> bool:
    return any(one.id == segment_id and alive.get(one.id, 0) * 2 >= one.windows for one in records)


def _windows_by_segment(connection: sqlite3.Connection) -> dict[str, int]:
    rows = connection.execute("SELECT segment, COUNT(*) FROM windows WHERE segment IS NOT NULL GROUP BY segment")
    return {str(name): int(count) for name, count in rows}


def _vectors_of(before: Generation | None, fingerprints: Sequence[str]) -> dict[str, Sequence[float]]:
    """The vectors that a generation has of some texts, by their fingerprints."""
    names = before.content.embedded_ids(fingerprints) if before else {}
    if before is None or not names:
        return {}
    stored = before.vectors.vectors(list(names.values()))
    return {fingerprint: stored[name] for fingerprint, name in names.items() if name in stored}


def _statistics_without(connection: sqlite3.Connection, before: Generation) -> LanguageStatistics:
    """The sums over the vectors of the generation before, less those of windows that are not where they were."""
    statistics = LanguageStatistics.load(before.folder / SPREADS)
    connection.commit()
    address = f"{(before.folder / CONTENT).absolute().as_uri()}?immutable=1"
    connection.execute("ATTACH ? AS before", (address,))
    rows = connection.execute(
        "SELECT old.language_group, old.window_id FROM before.windows AS old LEFT JOIN main.windows AS new "
        "USING (window_id) WHERE new.segment IS NOT old.segment"
    ).fetchall()
    connection.commit()
    connection.execute("DETACH before")
    left: defaultdict[str, list[str]] = defaultdict(list)
    for group, window_id in rows:
        left[group].append(window_id)
    for group, names in left.items():
        for start in range(0, len(names), _READ_AT_ONCE):
            stored = before.vectors.vectors(names[start : start + _READ_AT_ONCE], group)
            statistics.remove(group, list(stored.values()))
    return statistics
