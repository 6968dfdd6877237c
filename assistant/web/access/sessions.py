"""Logins: who has come in with a password, and until when."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from assistant.web.access.store import kept_as
from assistant.web.access.visitor import Visitor

if TYPE_CHECKING:
    from assistant.web.access.store import AccountsFile

_RANDOM = 32
"""Bytes of a login's id: 256 bits."""


class Sessions:
    """Keeps logins in the file of accounts: a restart ends none, and removing an account ends its own.

    A browser gets a random id; the file keeps its SHA-256. Every method may raise AccountsError.
    """

    def __init__(self, file: AccountsFile, hours: float) -> None:
        self._file = file
        self.seconds = int(hours * 3600)
        """How long a login lasts."""

    def begin(self, name: str) -> str:
        """The id of a new login of an account."""
        session_id, now = secrets.token_urlsafe(_RANDOM), time.time()
        with self._file.opened() as connection:
            connection.execute("DELETE FROM sessions WHERE expires <= ?", (now,))
            connection.execute("INSERT INTO sessions VALUES (?, ?, ?)", (kept_as(session_id), name, now + self.seconds))
        return session_id

    def visitor(self, session_id: str) -> Visitor | None:
        """Whose login it is, unless it has ended."""
        kept = kept_as(session_id)
        query = (
            "SELECT a.name, a.role FROM sessions s JOIN accounts a ON a.name = s.name "
            "WHERE s.hash = ? AND s.expires > ?"
        )
        with self._file.opened() as connection:
            row = connection.execute(query, (kept, time.time())).fetchone()
        return None if row is None else Visitor(row[0], row[1], f"login {kept}")

    def end(self, session_id: str) -> None:
        """End a login."""
        with self._file.opened() as connection:
            connection.execute("DELETE FROM sessions WHERE hash = ?", (kept_as(session_id),))
