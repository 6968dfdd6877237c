"""Where feedback is kept: one SQLite database that pages and commands use at the same time."""

from __future__ import annotations

import os
import secrets
import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from pydantic import ValidationError

from assistant.feedback.record import Feedback
from assistant.feedback.sqlite_advice import advice, on_disk
from index.errors import AssistantError, WrongCallError, storage_advice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from assistant.feedback.record import Opinion, RatedAnswer, Review

FILE = "feedback.sqlite"
_FORMAT = 1
"""Kept in the file; raised whenever an older program can no longer use it."""
_TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    id TEXT PRIMARY KEY, time TEXT NOT NULL, answer_id TEXT NOT NULL, review TEXT NOT NULL, record TEXT NOT NULL
)
"""


class FeedbackError(AssistantError):
    """The file of feedback cannot be used."""


class UnknownFeedbackError(WrongCallError):
    """There is no feedback of this id."""

    def __init__(self, feedback_id: str) -> None:
        super().__init__(f"no feedback {feedback_id[:80]!r}: check the id in the list of all feedback")


class FeedbackStore:
    """Feedback in a file that is made when the first is added; opened anew for every use.

    Every method may raise FeedbackError, whose message says what to do; what was kept before stays.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, about: RatedAnswer, opinion: Opinion) -> Feedback:
        """Keep what a user says of an answer, in place of what they said of it before, unless that is reviewed.

        Raises WrongCallError for a reason that the answer cannot give.
        """
        if misfit := opinion.misfit(about):
            raise WrongCallError(misfit)
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        added = Feedback(id=secrets.token_hex(5), time=now, about=about, opinion=opinion)
        self._make_file()
        with self._changing() as connection:
            connection.execute("DELETE FROM feedback WHERE answer_id = ? AND review = ''", (about.answer_id,))
            row = (added.id, now, about.answer_id, "", added.model_dump_json())
            connection.execute("INSERT INTO feedback VALUES (?, ?, ?, ?, ?)", row)
        return added

    def list(self, *reviews: Review) -> tuple[Feedback, ...]:
        """Feedback with one of these reviews (`""`: not reviewed), or all of it; newest first."""
        if not self.path.is_file():
            return ()
        with self._opened() as connection:
            rows = connection.execute(
                "SELECT id, review, record FROM feedback ORDER BY time DESC, rowid DESC"
            ).fetchall()
        return tuple(self._read(*row) for row in rows if not reviews or row[1] in reviews)

    def get(self, feedback_id: str) -> Feedback:
        """One piece of feedback. Raises UnknownFeedbackError."""
        if not self.path.is_file():
            raise UnknownFeedbackError(feedback_id)
        with self._opened() as connection:
            query = "SELECT id, review, record FROM feedback WHERE id = ?"
            row = connection.execute(query, (feedback_id,)).fetchone()
        if row is None:
            raise UnknownFeedbackError(feedback_id)
        return self._read(*row)

    def review(self, feedback_id: str, *, accept: bool) -> Feedback:
        """Note down a reviewer's decision, which may be changed. Raises UnknownFeedbackError."""
        self.get(feedback_id)
        decision = "accepted" if accept else "rejected"
        with self._changing() as connection:
            connection.execute("UPDATE feedback SET review = ? WHERE id = ?", (decision, feedback_id))
        return self.get(feedback_id)

    def _read(self, feedback_id: str, review: Review, record: str) -> Feedback:
        try:
            return Feedback.model_validate_json(record).model_copy(update={"review": review})
        except ValidationError as error:
            raise FeedbackError(f"feedback {feedback_id} in {self.path} is damaged or of another version") from error

    def _make_file(self) -> None:
        """An empty file, readable by its owner alone, as SQLite's own files beside it will be."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise FeedbackError(f"feedback cannot be kept in {self.path}: {storage_advice(error)}") from error

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are kept together, or not at all."""
        with self._opened() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                # A full disk has SQLite roll back by itself.
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = on_disk(self.path)
            try:
                self._prepare(connection)
                yield connection
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise FeedbackError(f"the feedback in {self.path} cannot be used: {advice(error)}") from error

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Make the table where there is none yet."""
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        if found > _FORMAT:
            raise FeedbackError(f"{self.path} is of a newer version of the program: use that one")
        if found < _FORMAT:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_TABLE)
            connection.execute(f"PRAGMA user_version = {_FORMAT}")
            connection.execute("COMMIT")
