"""Writes the documents, passages and ledger of one generation into one SQLite file; `index/content.py` reads it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from index.fingerprints import text_fingerprint
from index.stored_document import details_of
from index.windows import windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from index.catalog import CatalogEntry
    from index.document import Document, Passage
    from index.ledger import LedgerEntry

_SCHEMA = """
CREATE TABLE documents (source_id TEXT PRIMARY KEY, text TEXT NOT NULL, details TEXT NOT NULL, entry TEXT NOT NULL);
CREATE TABLE passages (passage INTEGER PRIMARY KEY, passage_id TEXT UNIQUE NOT NULL, source_id TEXT NOT NULL,
                       start INTEGER NOT NULL, end INTEGER NOT NULL, language TEXT NOT NULL, heading TEXT NOT NULL,
                       page INTEGER, units TEXT NOT NULL, windows TEXT NOT NULL, lists TEXT NOT NULL,
                       terms BLOB NOT NULL);
CREATE INDEX passages_by_source ON passages (source_id);
CREATE TABLE numbers (number INTEGER PRIMARY KEY, passage INTEGER UNIQUE NOT NULL);
CREATE TABLE windows (window_id TEXT PRIMARY KEY, passage INTEGER NOT NULL, embedded TEXT NOT NULL,
                      language_group TEXT, segment TEXT);
CREATE INDEX windows_by_passage ON windows (passage);
CREATE INDEX windows_by_embedded ON windows (embedded);
CREATE INDEX windows_by_segment ON windows (segment, passage);
CREATE TABLE terms (term_id INTEGER PRIMARY KEY, term TEXT UNIQUE NOT NULL);
CREATE TABLE ledger (source_id TEXT PRIMARY KEY, entry TEXT NOT NULL);
"""
_CHANGED_AT_ONCE = 500


@dataclass(frozen=True)
class SplitPassage:
    """A passage with the terms it is found by, and the texts that are embedded for its windows."""

    passage: Passage
    terms: Mapping[str, int]
    """How often each stands in it."""
    embedded: Sequence[str]


class ContentWriter:
    """Writes a generation's content, from nothing or from a copy of the one before."""

    def __init__(self, path: Path, before: Path | None = None) -> None:
        if before is not None:
            shutil.copyfile(before, path)
        self.connection = sqlite3.connect(f"{path.absolute().as_uri()}", uri=True)
        # What is half written is thrown away with its generation; what is finished is synced once, by the build.
        self.connection.execute("PRAGMA journal_mode = OFF")
        self.connection.execute("PRAGMA synchronous = OFF")
        if before is None:
            self.connection.executescript(_SCHEMA)
        self._terms: dict[str, int] = {}
        self._passage = self._value("SELECT COALESCE(MAX(passage), 0) FROM passages")

    def put(self, document: Document, entry: CatalogEntry, passages: Iterable[SplitPassage]) -> None:
        """Store a source in place of what there was of it; windows whose text is the same keep their vectors."""
        placed = self._placed(document.source_id)
        self.drop(document.source_id)
        values = (document.source_id, document.text, details_of(document), entry.model_dump_json())
        self.connection.execute("INSERT INTO documents VALUES (?, ?, ?, ?)", values)
        for passage in passages:
            self._put_passage(passage, placed)

    def drop(self, source_id: str) -> None:
        """Forget a source, if it is there."""
        self.connection.execute(
            "DELETE FROM windows WHERE passage IN (SELECT passage FROM passages WHERE source_id = ?)", (source_id,)
        )
        for table in ("passages", "documents", "ledger"):
            self.connection.execute(f"DELETE FROM {table} WHERE source_id = ?", (source_id,))  # noqa: S608

    def describe(self, source_id: str, entry: CatalogEntry) -> None:
        """Store what the catalogue knows about a source that is there."""
        values = (entry.model_dump_json(), source_id)
        self.connection.execute("UPDATE documents SET entry = ? WHERE source_id = ?", values)

    def note(self, entry: LedgerEntry) -> None:
        """Store what a source gave."""
        row = (entry.source_id, json.dumps(entry.as_json(), ensure_ascii=False))
        self.connection.execute("INSERT OR REPLACE INTO ledger VALUES (?, ?)", row)

    def number(self) -> None:
        """Number all passages from 0, by source and place."""
        self.connection.execute("DELETE FROM numbers")
        self.connection.execute(
            "INSERT INTO numbers "
            "SELECT ROW_NUMBER() OVER (ORDER BY source_id, start, passage) - 1, passage FROM passages"
        )

    def packed_terms(self) -> Iterator[bytes]:
        """The packed terms of every passage, by number."""
        for row in self.connection.execute("SELECT terms FROM numbers JOIN passages USING (passage) ORDER BY number"):
            yield row[0]

    def vocabulary(self) -> dict[int, str]:
        """The term of every number; also of terms that no passage has any more."""
        return dict(self.connection.execute("SELECT term_id, term FROM terms"))

    def count(self, table: Literal["passages", "windows"]) -> int:
        """Rows of a table."""
        return self._value(f"SELECT COUNT(*) FROM {table}")  # noqa: S608

    def close(self) -> None:
        """Write everything to the file."""
        self.connection.commit()
        self.connection.close()

    def _put_passage(self, split: SplitPassage, placed: Mapping[str, tuple[str, str | None, str | None]]) -> None:
        passage = split.passage
        self._passage += 1
        values = (
            self._passage,
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
            self._packed(split.terms),
        )
        self.connection.execute("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        rows = []
        for window, text in zip(windows(passage), split.embedded, strict=True):
            name, fingerprint = window.window_id, embedded_fingerprint(text)
            before, group, segment = placed.get(name, ("", None, None))
            kept = (group, segment) if before == fingerprint else (None, None)
            rows.append((name, self._passage, fingerprint, *kept))
        self.connection.executemany("INSERT INTO windows VALUES (?, ?, ?, ?, ?)", rows)

    def _placed(self, source_id: str) -> dict[str, tuple[str, str | None, str | None]]:
        rows = self.connection.execute(
            "SELECT window_id, embedded, language_group, segment FROM windows JOIN passages USING (passage) "
            "WHERE source_id = ?",
            (source_id,),
        )
        return {name: (embedded, group, segment) for name, embedded, group, segment in rows}

    def _packed(self, terms: Mapping[str, int]) -> bytes:
        from index.lexical_building import pack

        new = [term for term in terms if term not in self._terms]
        if new:
            self.connection.executemany("INSERT OR IGNORE INTO terms (term) VALUES (?)", ((term,) for term in new))
            for start in range(0, len(new), _CHANGED_AT_ONCE):
                listed = json.dumps(new[start : start + _CHANGED_AT_ONCE])
                query = "SELECT term, term_id FROM terms WHERE term IN (SELECT value FROM json_each(?))"
                self._terms.update(self.connection.execute(query, (listed,)))
        ids = [self._terms[term] for term in terms]
        return pack(ids, terms.values())

    def _value(self, query: str) -> int:
        return int(self.connection.execute(query).fetchone()[0])


def embedded_fingerprint(text: str) -> str:
    """What identifies an embedded text: half of its SHA-256, in hexadecimal."""
    return text_fingerprint(text)[:32]
