"""Writes the documents, passages and ledger of one generation into one SQLite file; `index/content.py` reads it."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from index.windows import windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from index.catalog import CatalogEntry
    from index.document import Document, Passage
    from index.ledger import LedgerEntry

_SCHEMA = """
CREATE TABLE documents (source_id TEXT PRIMARY KEY, text TEXT NOT NULL, page_starts TEXT NOT NULL,
                        encoding TEXT NOT NULL, warnings TEXT NOT NULL, entry TEXT NOT NULL);
CREATE TABLE passages (number INTEGER PRIMARY KEY, passage_id TEXT UNIQUE NOT NULL, source_id TEXT NOT NULL,
                       start INTEGER NOT NULL, end INTEGER NOT NULL, language TEXT NOT NULL, heading TEXT NOT NULL,
                       page INTEGER, units TEXT NOT NULL, windows TEXT NOT NULL, lists TEXT NOT NULL);
CREATE TABLE windows (window_id TEXT PRIMARY KEY, embedded TEXT NOT NULL);
CREATE INDEX windows_by_embedded ON windows (embedded);
CREATE TABLE ledger (source_id TEXT PRIMARY KEY, entry TEXT NOT NULL);
"""


class ContentWriter:
    """Writes a generation's content; nothing can be read from it before `close`."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._connection.executescript(_SCHEMA)
        self._count = 0

    def add_document(self, document: Document, entry: CatalogEntry) -> None:
        """Store a canonical text with what the catalogue knew about it."""
        values = (
            document.source_id,
            document.text,
            json.dumps(document.page_starts),
            document.encoding,
            json.dumps(document.warnings, ensure_ascii=False),
            entry.model_dump_json(),
        )
        self._connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)", values)

    def add_passages(self, passages: Iterable[Passage], embedded: Iterable[Sequence[str]]) -> None:
        """Store passages with the fingerprints of their windows' embedded texts; numbers go up from 0."""
        for passage, fingerprints in zip(passages, embedded, strict=True):
            values = (
                self._count,
                passage.passage_id,
                passage.source_id,
                passage.start,
                passage.end,
                passage.language,
                passage.heading,
                passage.page,
                json.dumps(passage.units),
                json.dumps(passage.windows),
                json.dumps(passage.lists),
            )
            self._connection.execute("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
            rows = zip((window.window_id for window in windows(passage)), fingerprints, strict=True)
            self._connection.executemany("INSERT INTO windows VALUES (?, ?)", rows)
            self._count += 1

    def add_ledger(self, entry: LedgerEntry) -> None:
        """Store what a source gave."""
        row = (entry.source_id, json.dumps(entry.as_json(), ensure_ascii=False))
        self._connection.execute("INSERT OR REPLACE INTO ledger VALUES (?, ?)", row)

    def close(self) -> None:
        """Write everything to disk."""
        self._connection.commit()
        self._connection.close()
