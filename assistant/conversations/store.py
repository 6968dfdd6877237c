"""The conversations of a served page's users, in one SQLite database; nobody reaches another's."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from assistant.conversations.record import Record, Summary, record_of
from index.errors import AssistantError, one_line, storage_advice
from index.search_text import search_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MOST = 500
"""Conversations of one user; the oldest make room."""
LARGEST = 100_000_000
"""Characters of all conversations of one user."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    user TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, renamed INTEGER NOT NULL, created INTEGER NOT NULL,
    changed INTEGER NOT NULL, revision INTEGER NOT NULL, size INTEGER NOT NULL, exchanges TEXT NOT NULL,
    search TEXT NOT NULL, PRIMARY KEY (user, id)
);
CREATE INDEX IF NOT EXISTS by_change ON conversations (user, changed);
"""
_SUMMARY = "id, title, renamed, created, changed, revision"
_PATIENCE = 5.0
"""Seconds that one writer waits for another."""


class ConversationsError(AssistantError):
    """The file of conversations cannot be used."""


class StaleError(Exception):
    """The conversation has gone on elsewhere since whoever keeps it last looked."""


class Kept(BaseModel):
    """What came of keeping a conversation."""

    revision: int
    dropped: tuple[str, ...]
    """Titles of the conversations that made room for it."""


class ConversationStore:
    """Opens the file anew for every use, as several processes may. Every method may raise ConversationsError.

    `user` is whatever names one user for good; an id that two users have names two conversations.
    """

    def __init__(self, path: Path, *, most: int = MOST, largest: int = LARGEST) -> None:
        self.path = path
        self._most, self._largest = most, largest

    def all(self, user: str) -> list[Summary]:
        """All conversations of a user, the last one first."""
        query = f"SELECT {_SUMMARY} FROM conversations WHERE user = ? ORDER BY changed DESC, id"  # noqa: S608 - ours
        with self._opened() as connection:
            return [_summary(row) for row in connection.execute(query, (user,))]

    def get(self, user: str, conversation_id: str) -> Record | None:
        """One conversation; None when the user has none of this id."""
        query = f"SELECT {_SUMMARY}, exchanges FROM conversations WHERE user = ? AND id = ?"  # noqa: S608 - ours
        with self._opened() as connection:
            row = connection.execute(query, (user, conversation_id)).fetchone()
        if row is None:
            return None
        values = {**_summary(row[:-1]).model_dump(), "exchanges": json.loads(row[-1])}
        return record_of(values)[0]

    def save(self, user: str, record: Record) -> Kept:
        """Keep a conversation as it is now. Raises StaleError unless it is new or `revision` is the one kept last."""
        exchanges = json.dumps([one.model_dump(mode="json") for one in record.exchanges], ensure_ascii=False)
        now = time.time_ns() // 1_000_000
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            found = connection.execute(
                "SELECT revision, created FROM conversations WHERE user = ? AND id = ?", (user, record.id)
            ).fetchone()
            if found is not None and found[0] != record.revision:
                raise StaleError
            revision = record.revision + 1
            created, changed = (found[1] if found else min(record.created, now)), min(record.changed, now)
            row = (user, record.id, record.title, record.renamed, created, changed, revision)
            text = _folded(record.text)
            values = (*row, len(exchanges) + len(text), exchanges, text)
            connection.execute(f"INSERT OR REPLACE INTO conversations VALUES ({', '.join('?' * 10)})", values)  # noqa: S608
            return Kept(revision=revision, dropped=self._make_room(connection, user, record.id))

    def rename(self, user: str, conversation_id: str, title: str, *, renamed: bool = True) -> bool:
        """Give a conversation a title; False when there is none of this id. `renamed`: the user chose it."""
        query = "UPDATE conversations SET title = ?, renamed = ? WHERE user = ? AND id = ?"
        with self._opened() as connection:
            return connection.execute(query, (title, renamed, user, conversation_id)).rowcount > 0

    def delete(self, user: str, conversation_id: str) -> bool:
        """Delete a conversation; False when there is none of this id."""
        with self._opened() as connection:
            query = "DELETE FROM conversations WHERE user = ? AND id = ?"
            return connection.execute(query, (user, conversation_id)).rowcount > 0

    def search(self, user: str, text: str) -> list[str]:
        """Ids of the conversations that hold every word of a text, whatever its script, the last one first."""
        # Folded one by one: between Han characters a text loses its spaces when it is folded.
        words = [folded for word in text[:500].split()[:20] if (folded := _folded(word))]
        held = "".join(" AND (instr(search, ?) OR instr(folded(title), ?))" for _ in words)
        query = f"SELECT id FROM conversations WHERE user = ?{held} ORDER BY changed DESC, id"  # noqa: S608 - ours
        with self._opened() as connection:
            connection.create_function("folded", 1, _folded, deterministic=True)
            rows = connection.execute(query, (user, *(word for word in words for _ in range(2))))
            return [row[0] for row in rows]

    def keep_only(self, users: Sequence[str]) -> None:
        """Delete the conversations of everybody else: of accounts that were removed."""
        with self._opened() as connection:
            known = {row[0] for row in connection.execute("SELECT DISTINCT user FROM conversations")}
            gone = [(user,) for user in known.difference(users)]
            connection.executemany("DELETE FROM conversations WHERE user = ?", gone)

    def _make_room(self, connection: sqlite3.Connection, user: str, kept_id: str) -> tuple[str, ...]:
        """Delete the user's oldest conversations, but never the one just kept, until the others fit."""
        query = "SELECT id, title, size FROM conversations WHERE user = ? ORDER BY id = ? DESC, changed DESC"
        room = self._largest
        dropped: list[str] = []
        for number, (one, title, size) in enumerate(connection.execute(query, (user, kept_id)).fetchall()):
            room -= size
            if number and (number >= self._most or room < 0):
                connection.execute("DELETE FROM conversations WHERE user = ? AND id = ?", (user, one))
                dropped.append(title)
        return tuple(dropped)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are kept when the block ends without an error."""
        try:
            connection = sqlite3.connect(self._made(), timeout=_PATIENCE)
            try:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.executescript(_SCHEMA)
                with connection:
                    yield connection
            finally:
                connection.close()
        except sqlite3.Error as error:
            advice = "check the file and its folder"
            raise ConversationsError(
                f"the conversations in {self.path} cannot be used ({one_line(error)}): {advice}"
            ) from error

    def _made(self) -> Path:
        """The file, readable by its owner alone."""
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise ConversationsError(f"{self.path} cannot be written: {storage_advice(error)}") from error
        return self.path


def _folded(text: str) -> str:
    """A text as it is searched, with one form for small and large letters."""
    return search_text(text).casefold()


def _summary(row: Sequence[Any]) -> Summary:
    values = dict(zip(Summary.model_fields, row, strict=True))
    return Summary(**{**values, "renamed": bool(values["renamed"])})
