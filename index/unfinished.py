"""What builds that were ended before their end had already read and embedded, so that the next one need not again."""

from __future__ import annotations

import json
import logging
import sqlite3
from typing import TYPE_CHECKING

import numpy as np

from index.stored_document import details_of, document_from

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from index.document import Document

_log = logging.getLogger(__name__)
_FILE = "unfinished.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (file_hash TEXT, reader TEXT, text TEXT NOT NULL, details TEXT NOT NULL,
                                      PRIMARY KEY (file_hash, reader));
CREATE TABLE IF NOT EXISTS vectors (embedded TEXT, embedder TEXT, vector BLOB NOT NULL,
                                    PRIMARY KEY (embedded, embedder));
"""
LEAST_SECONDS = 1.0
"""A Document that was read in less is read again rather than kept."""


class UnfinishedWork:
    """Documents by file and reader, vectors by text and model; gone when a build is finished.

    It saves time and is never needed: whatever is wrong with its file, the build goes on without it.
    """

    def __init__(self, storage: Path) -> None:
        self._path = storage / _FILE
        self._connection = self._opened()

    def document(self, source_id: str, file_hash: str, reader: str) -> Document | None:
        """The Document of a file as a reader gave it."""
        query = "SELECT text, details FROM documents WHERE file_hash = ? AND reader = ?"
        for text, details in self._rows(query, file_hash, reader):
            try:
                return document_from(source_id, text, details)
            except (ValueError, KeyError, TypeError):
                return None
        return None

    def keep_document(self, document: Document, file_hash: str, reader: str) -> None:
        """Keep a Document that took long to read."""
        values = (file_hash, reader, document.text, details_of(document))
        self._write("INSERT OR REPLACE INTO documents VALUES (?, ?, ?, ?)", [values])

    def vectors(self, fingerprints: Sequence[str], embedder: str) -> dict[str, Sequence[float]]:
        """Vectors by the fingerprints of their texts."""
        query = (
            "SELECT embedded, vector FROM vectors WHERE embedder = ? AND embedded IN (SELECT value FROM json_each(?))"
        )
        rows = self._rows(query, embedder, json.dumps(list(fingerprints)))
        return {name: np.frombuffer(blob, dtype="<f4").tolist() for name, blob in rows}

    def keep_vectors(self, vectors: Mapping[str, Sequence[float]], embedder: str) -> None:
        """Keep vectors; once this returns, a power cut does not lose them."""
        rows = [(name, embedder, np.asarray(vector, dtype="<f4").tobytes()) for name, vector in vectors.items()]
        self._write("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def close(self, *, finished: bool) -> None:
        """Close the file, and remove it when its build is finished."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if finished:
            self._remove()

    def _opened(self) -> sqlite3.Connection | None:
        for _ in range(2):
            try:
                connection = sqlite3.connect(self._path)
                connection.executescript(_SCHEMA)
            except sqlite3.Error as error:
                _log.info("what an earlier build left cannot be used (%s)", error)
                self._remove()
            else:
                return connection
        return None

    def _rows(self, query: str, *values: object) -> list[tuple]:  # type: ignore[type-arg]
        if self._connection is None:
            return []
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            self._give_up(error)
            return []

    def _write(self, query: str, rows: Sequence[tuple[object, ...]]) -> None:
        if self._connection is None:
            return
        try:
            with self._connection:
                self._connection.executemany(query, rows)
        except sqlite3.Error as error:
            self._give_up(error)

    def _give_up(self, error: sqlite3.Error) -> None:
        _log.info("the work of this build is not kept (%s)", error)
        self.close(finished=True)

    def _remove(self) -> None:
        for suffix in ("", "-journal"):
            try:
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            except OSError as error:
                _log.info("%s stays (%s)", self._path, error)
