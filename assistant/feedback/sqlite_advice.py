"""Opening a SQLite database that several processes write, and what to do about its errors."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

from index.errors import one_line

if TYPE_CHECKING:
    from pathlib import Path

_PATIENCE = 10.0
"""Seconds that one writer waits for another."""
_FULL = "the disk is full or cannot be written: free some space and try again; nothing that was there is lost"
_NO_PERMISSION = "no permission to write there: change it, or choose another folder with --storage"
_DAMAGED = "the file is damaged: move it away, and a new one is made"
_ADVICE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_IOERR: _FULL,
    sqlite3.SQLITE_READONLY: _NO_PERMISSION,
    sqlite3.SQLITE_CANTOPEN: _NO_PERMISSION,
    sqlite3.SQLITE_PERM: _NO_PERMISSION,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_BUSY: "another program has been writing it for long: try again",
    sqlite3.SQLITE_LOCKED: "another program has been writing it for long: try again",
}


def on_disk(path: Path) -> sqlite3.Connection:
    """A connection to a file that exists. Readers and one writer do not wait for each other (WAL).

    Raises sqlite3.Error.
    """
    address = f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=_PATIENCE, isolation_level=None)
    try:
        _write_ahead(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def advice(error: sqlite3.Error) -> str:
    """What to do, by the error's cause."""
    code = getattr(error, "sqlite_errorcode", None)
    # The lower eight bits are the kind of an extended code.
    return _ADVICE.get(-1 if code is None else code & 0xFF, one_line(error))


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Turn on WAL, which stays with the file. SQLite 3.40 does not wait when others are opening it just then."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
            if mode != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return
