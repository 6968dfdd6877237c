"""Accounts and their tokens."""

from __future__ import annotations

import secrets
import sqlite3
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import regex

from assistant.web.access.passwords import hashed, matches
from assistant.web.access.store import AccountsFile, kept_as
from assistant.web.access.visitor import ROLES, Role, Visitor
from index.errors import WrongCallError

if TYPE_CHECKING:
    from pathlib import Path

_NAME = regex.compile(r"[\p{L}\p{N}][\p{L}\p{M}\p{N}._@-]{0,63}")
TOKEN_PREFIX = "ca_"  # noqa: S105 - what every token begins with, so that one is known when it is found somewhere
_RANDOM = 32
"""Bytes of a token: 256 bits."""


@dataclass(frozen=True)
class Account:
    """One account as it may be shown."""

    name: str
    role: Role
    created: str
    """ISO 8601, UTC, to the microsecond: with the name it tells an account from a later one of the same name."""
    tokens: int
    """How many tokens it has."""


class Accounts:
    """Reads and changes the accounts of a file. Every method may raise AccountsError."""

    def __init__(self, path: Path) -> None:
        self.file = AccountsFile(path)

    def all(self) -> list[Account]:
        """Every account, by name; none when there is no file."""
        if not self.file.exists():
            return []
        query = (
            "SELECT a.name, a.role, a.created, COUNT(t.hash) FROM accounts a LEFT JOIN tokens t ON t.name = a.name "
            "GROUP BY a.name ORDER BY a.name"
        )
        with self.file.opened() as connection:
            return [Account(*row) for row in connection.execute(query)]

    def add(self, name: str, password: str, role: Role = "reader") -> str:
        """Add an account and give its name as it is kept.

        Raises WrongCallError for a name that is taken or cannot be one, and for a password that is too short.
        """
        name = _usable(name)
        kept = hashed(password)
        self.file.create()
        with self.file.opened() as connection:
            try:
                connection.execute("INSERT INTO accounts VALUES (?, ?, ?, ?)", (name, _role(role), kept, _now()))
            except sqlite3.IntegrityError as error:
                raise WrongCallError(f"there is an account {name!r} already: choose another name") from error
        return name

    def set_password(self, name: str, password: str) -> None:
        """Give an account another password and end its logins; its tokens stay. Raises WrongCallError."""
        kept = hashed(password)
        name = self._existing(name)
        with self.file.opened() as connection:
            connection.execute("UPDATE accounts SET password = ? WHERE name = ?", (kept, name))
            connection.execute("DELETE FROM sessions WHERE name = ?", (name,))

    def remove(self, name: str) -> None:
        """Remove an account with its logins and tokens. Raises WrongCallError for one that is not there."""
        name = self._existing(name)
        with self.file.opened() as connection:
            connection.execute("DELETE FROM accounts WHERE name = ?", (name,))

    def new_token(self, name: str) -> str:
        """A new token of an account; it can never be shown again. Raises WrongCallError for an unknown account."""
        name = self._existing(name)
        token = TOKEN_PREFIX + secrets.token_urlsafe(_RANDOM)
        with self.file.opened() as connection:
            connection.execute("INSERT INTO tokens VALUES (?, ?, ?)", (kept_as(token), name, _now()))
        return token

    def revoke_tokens(self, name: str) -> int:
        """Make all tokens of an account worthless and give their number. Raises WrongCallError."""
        name = self._existing(name)
        with self.file.opened() as connection:
            return connection.execute("DELETE FROM tokens WHERE name = ?", (name,)).rowcount

    def holder(self, token: str) -> Visitor | None:
        """Whose token it is."""
        kept = kept_as(token)
        query = "SELECT a.name, a.role FROM tokens t JOIN accounts a ON a.name = t.name WHERE t.hash = ?"
        with self.file.opened() as connection:
            row = connection.execute(query, (kept,)).fetchone()
        return None if row is None else Visitor(row[0], row[1], f"token {kept}")

    def verified(self, name: str, password: str) -> str | None:
        """The account's name as it is kept when name and password belong together.

        Takes as long for a name that there is not, so that nobody learns which names there are.
        """
        name = folded(name)
        with self.file.opened() as connection:
            row = connection.execute("SELECT password FROM accounts WHERE name = ?", (name,)).fetchone()
        return name if matches(row[0] if row else None, password) else None

    def _existing(self, name: str) -> str:
        name = folded(name)
        if all(account.name != name for account in self.all()):
            raise WrongCallError(f"no account {name!r}: `commit-assistant users list` shows them")
        return name


def folded(name: str) -> str:
    """A name as it is kept and compared: nobody remembers which letters of a name are large."""
    return unicodedata.normalize("NFKC", name.encode("utf-8", "replace").decode("utf-8")).casefold().strip()


def _usable(name: str) -> str:
    kept = folded(name)
    if _NAME.fullmatch(kept) is None:
        raise WrongCallError(
            f"{name!r} cannot be a name: use up to 64 letters, digits and . _ @ -, a letter or digit first"
        )
    return kept


def _role(role: str) -> str:
    if role not in ROLES:
        raise WrongCallError(f"no role {role!r}: choose {' or '.join(ROLES)}")
    return role


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
