"""The file of accounts: one SQLite database that commands and pages use at the same time."""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING

from index.errors import AssistantError, one_line, storage_advice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS accounts (
    name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, created TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS tokens (
    hash TEXT PRIMARY KEY, name TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE, created TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS sessions (
    hash TEXT PRIMARY KEY, name TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE, expires REAL NOT NULL
);
COMMIT;
"""
_PATIENCE = 5.0
"""Seconds that one writer waits for another."""


class AccountsError(AssistantError):
    """The file of accounts cannot be used."""


class AccountsFile:
    """Opens the file anew for every use, so that what a command changes holds for a page's next request."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def exists(self) -> bool:
        """Whether there is such a file."""
        return self.path.is_file()

    def create(self) -> None:
        """Make the file, readable by its owner alone, unless there is one. Raises AccountsError."""
        try:
            if not self.path.parent.exists():
                self.path.parent.mkdir(mode=0o700, parents=True)
                # The folder may lie in a checkout, and nobody wants to publish it.
                (self.path.parent / ".gitignore").write_text("*\n", encoding="utf-8")
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            raise AccountsError(f"{self.path} cannot be written: {storage_advice(error)}") from error
        with self.opened() as connection:
            connection.executescript(_SCHEMA)

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are kept when the block ends without an error. Raises AccountsError."""
        try:
            connection = sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=rw", uri=True, timeout=_PATIENCE)
            try:
                connection.execute("PRAGMA foreign_keys = ON")
                with connection:
                    yield connection
            finally:
                connection.close()
        except sqlite3.Error as error:
            what = f"the accounts in {self.path} cannot be used ({one_line(error)})"
            raise AccountsError(f"{what}: check the file and the setting accounts") from error


def kept_as(secret: str) -> str:
    """What is kept of a random secret: its SHA-256, so that whoever reads the file can use none of them."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
