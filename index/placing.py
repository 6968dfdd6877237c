"""Gives every window of a generation a place: its vector in a segment, taken over or made by the model."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from index.embedded import embedded_text, made_vectors
from index.language_statistics import language_groups
from index.vectors import StoredWindow
from index.windows import passage_and_number

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from index.language_statistics import LanguageStatistics
    from index.settings import IndexSettings
    from index.vectors import VectorSegment

_AT_ONCE = 512
"""Windows taken together, sorted by length and embedded in batches: enough to sort well, little to lose."""
_UNPLACED = """
SELECT window_id, embedded, passage, source_id, language, windows FROM windows JOIN passages USING (passage)
WHERE segment IS NULL ORDER BY passage, window_id LIMIT ?
"""


@dataclass(frozen=True)
class _Unplaced:
    """A window without a place."""

    window: StoredWindow
    text: str
    """What is embedded for it."""
    fingerprint: str
    passage: int


@dataclass
class Placed:
    """What was done."""

    embedded: set[int] = field(default_factory=set)
    """Passages with a window that was embedded anew."""
    dimensions: int = 0


def wanted_groups(connection: sqlite3.Connection) -> dict[str, str]:
    """The group in which every language is searched, by the passages there are now."""
    counts = dict(connection.execute("SELECT language, COUNT(*) FROM passages GROUP BY language"))
    return language_groups(counts)


def unplace(connection: sqlite3.Connection, groups: dict[str, str], merged: Sequence[str]) -> int:
    """Take the places from windows whose language is searched in another group now, and from those in segments that
    are merged; give the number of windows without a place.
    """
    rows = connection.execute(
        "SELECT DISTINCT language, language_group FROM windows JOIN passages USING (passage) WHERE segment IS NOT NULL"
    ).fetchall()
    for language, group in rows:
        if groups[language] != group:
            connection.execute(
                "UPDATE windows SET segment = NULL WHERE language_group = ? AND passage IN "
                "(SELECT passage FROM passages WHERE language = ?)",
                (group, language),
            )
    for segment_id in merged:
        connection.execute("UPDATE windows SET segment = NULL WHERE segment = ?", (segment_id,))
    return int(connection.execute("SELECT COUNT(*) FROM windows WHERE segment IS NULL").fetchone()[0])


class Placer:
    """Fills a new segment."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        segment: VectorSegment,
        groups: dict[str, str],
        ocr_spellings: dict[str, str],
        settings: IndexSettings,
    ) -> None:
        """`connection` is that of the generation's content, `groups` the group of every language."""
        self._connection = connection
        self._segment = segment
        self._groups = groups
        self._ocr_spellings = ocr_spellings
        self._settings = settings
        self._text = lru_cache(maxsize=2)(self._read_text)

    def place(
        self,
        known: Callable[[Sequence[str]], dict[str, Sequence[float]]],
        statistics: LanguageStatistics,
        keep: Callable[[dict[str, Sequence[float]]], None],
        progress: Callable[[int], None],
    ) -> Placed:
        """Give every window without a place one in the segment.

        `known` gives vectors there are, by the fingerprints of their texts; `keep` is told new ones as soon as they are
        made; `statistics` counts all; `progress` is told how many windows are done.
        """
        placed, done = Placed(), 0
        while chunk := self._unplaced():
            fingerprints = list({one.fingerprint for one in chunk})
            vectors = known(fingerprints)
            vectors |= self._placed_before([name for name in fingerprints if name not in vectors])
            placed.embedded.update(one.passage for one in chunk if one.fingerprint not in vectors)
            made = self._made(
                {one.fingerprint: one.text for one in chunk if one.fingerprint not in vectors}, done, progress
            )
            keep(made)
            vectors |= made
            self._add(chunk, vectors, statistics)
            placed.dimensions = len(vectors[chunk[0].fingerprint])
            done += len(chunk)
            progress(done)
        return placed

    def _unplaced(self) -> list[_Unplaced]:
        rows = self._connection.execute(_UNPLACED, (_AT_ONCE,)).fetchall()
        found = []
        for window_id, fingerprint, passage, source_id, language, spans in rows:
            start, end = json.loads(spans)[passage_and_number(window_id)[1]]
            words = self._text(source_id)[start:end]
            window = StoredWindow(window_id, words, source_id, language, start, end)
            found.append(_Unplaced(window, embedded_text(words, self._ocr_spellings), fingerprint, passage))
        return found

    def _made(self, texts: dict[str, str], before: int, progress: Callable[[int], None]) -> dict[str, Sequence[float]]:
        names = sorted(texts, key=lambda name: len(texts[name]))
        vectors: list[Sequence[float]] = []
        for batch in made_vectors([texts[name] for name in names], self._settings):
            vectors += batch
            progress(before + len(vectors))
        return dict(zip(names, vectors, strict=True))

    def _placed_before(self, fingerprints: Sequence[str]) -> dict[str, Sequence[float]]:
        """Vectors of the same texts that are in the segment already."""
        rows = self._connection.execute(
            "SELECT window_id, embedded FROM windows "
            "WHERE segment = ? AND embedded IN (SELECT value FROM json_each(?))",
            (self._segment.segment_id, json.dumps(list(fingerprints))),
        )
        names = {fingerprint: window_id for window_id, fingerprint in rows}
        stored = self._segment.vectors(list(names.values())) if names else {}
        return {fingerprint: stored[window_id] for fingerprint, window_id in names.items()}

    def _add(
        self, chunk: Sequence[_Unplaced], vectors: dict[str, Sequence[float]], statistics: LanguageStatistics
    ) -> None:
        by_group: defaultdict[str, list[_Unplaced]] = defaultdict(list)
        for one in chunk:
            by_group[self._groups[one.window.language]].append(one)
        for group, members in by_group.items():
            rows = [vectors[one.fingerprint] for one in members]
            self._segment.add(group, [one.window for one in members], rows)
            statistics.add(group, rows)
        places = [(self._segment.segment_id, self._groups[one.window.language], one.window.window_id) for one in chunk]
        self._connection.executemany("UPDATE windows SET segment = ?, language_group = ? WHERE window_id = ?", places)

    def _read_text(self, source_id: str) -> str:
        row = self._connection.execute("SELECT text FROM documents WHERE source_id = ?", (source_id,)).fetchone()
        return str(row[0])
