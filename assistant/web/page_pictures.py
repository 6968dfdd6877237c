"""Pictures of the pages that were indexed, made from the files as they were then."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from index.errors import AssistantError
from index.fingerprints import file_hash
from index.page_pictures import page_picture

if TYPE_CHECKING:
    from pathlib import Path

    from index.content import Content


class NoPictureError(AssistantError):
    """A page of which there is no picture."""


def picture_of(content: Content, folder: Path, source_id: str, page: int) -> bytes:
    """The PNG of a page, from 1, of an indexed source whose file lies in the sources folder.

    Raises NoPictureError for a source that is not in the index or whose file has changed since, PagePictureError for a
    page or file without a picture.
    """
    try:
        entry = content.ledger_entry(source_id)
    except (KeyError, UnicodeEncodeError) as error:
        raise NoPictureError("the index has no such source: ask again") from error
    path = folder / source_id
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        state = path.stat()
    except (OSError, RuntimeError, ValueError) as error:
        raise NoPictureError("the file is not there any more: put it back, or run `commit-assistant index`") from error
    if not inside or _hash(path, state.st_mtime_ns, state.st_size) != entry.file_hash:
        raise NoPictureError("the file has changed since it was indexed: run `commit-assistant index`")
    return _picture(path, entry.file_hash, page)


@lru_cache(maxsize=64)
def _hash(path: Path, modified: int, size: int) -> str:
    del modified, size
    return file_hash(path)


@lru_cache(maxsize=16)
def _picture(path: Path, of: str, page: int) -> bytes:
    del of
    return page_picture(path, page, width=1200)
