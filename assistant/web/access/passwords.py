"""Passwords: what may be one, how it is kept, how it is compared."""

from __future__ import annotations

import secrets
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from index.errors import WrongCallError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 10, 1000
"""Characters. A longer one is no safer, and hashing megabytes would keep the server busy."""


def hashed(password: str) -> str:
    """The Argon2id hash to keep. Raises WrongCallError for a password that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WrongCallError(f"the password has {len(password)} characters: choose {SHORTEST} to {LONGEST:,}")
    return _hasher().hash(_normal(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether a password is the one whose hash was kept; takes as long when there is no hash, and says no."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        right = _hasher().verify(kept or nobodys(), _normal(password[: LONGEST + 1]))
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


@lru_cache
def nobodys() -> str:
    """The hash of a password that nobody knows. Made before the first login, whose time would tell otherwise."""
    return _hasher().hash(secrets.token_urlsafe(32))


@lru_cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


def _normal(password: str) -> bytes:
    # The same key strokes may come as composed or decomposed characters, of full or half width.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
