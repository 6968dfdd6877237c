"""The files that were indexed, as they were then."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from index.errors import AssistantError
from index.fingerprints import file_hash

if TYPE_CHECKING:
    from pathlib import Path

    from index.content import Content


class NoFileError(AssistantError):
    """A source that is not in the index, or whose file is not there as it was indexed."""


def indexed_file(content: Content, folder: Path, source_id: str) -> tuple[Path, str]:
    """The path and the hash of an indexed source's file, which lies in the sources folder and has not changed.

    Raises NoFileError.
    """
    try:
        content.document(source_id)
        entry = content.ledger_entry(source_id)
    except (KeyError, UnicodeEncodeError) as error:
        raise NoFileError("the index has no such source: ask again") from error
    try:
        path = folder / source_id
        inside = path.resolve().is_relative_to(folder.resolve()) and path.is_file()
        state = path.stat()
    except (OSError, RuntimeError, ValueError) as error:
        raise NoFileError("the file is not there any more: put it back, or run `commit-assistant index`") from error
    if not inside or _hash(path, state.st_mtime_ns, state.st_size) != entry.file_hash:
        raise NoFileError("the file has changed since it was indexed: run `commit-assistant index`")
    return path, entry.file_hash


@lru_cache(maxsize=64)
def _hash(path: Path, modified: int, size: int) -> str:
    del modified, size
    return file_hash(path)
