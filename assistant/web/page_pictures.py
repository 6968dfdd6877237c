"""Pictures of the pages that were indexed, made from the files as they were then."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.web.indexed_files import indexed_file
from index.page_pictures import page_picture

if TYPE_CHECKING:
    from pathlib import Path

    from index.content import Content


def picture_of(content: Content, folder: Path, source_id: str, page: int) -> bytes:
    """The PNG of a page, from 1, of an indexed source whose file lies in the sources folder.

    Raises NoFileError for a source that is not in the index or whose file has changed since, PagePictureError for a
    page or file without a picture.
    """
    return _picture(*indexed_file(content, folder, source_id), page)


@lru_cache(maxsize=16)
def _picture(path: Path, of: str, page: int) -> bytes:
    del of
    return page_picture(path, page, width=1200)
