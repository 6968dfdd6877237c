"""The sources' canonical texts, read from their files and not from an index: what gold and citations are checked by."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from index.catalog import Catalog
from index.errors import UnreadableSourceError
from index.reading import read_document

if TYPE_CHECKING:
    from pathlib import Path


class Documents:
    """The texts of a sources folder by source id."""

    def __init__(self, folder: Path) -> None:
        """Raises CatalogError when there is no such folder."""
        self._paths = dict(Catalog.load(folder).files())
        self._text = lru_cache(maxsize=None)(self._read)

    @property
    def source_ids(self) -> tuple[str, ...]:
        """All sources, ordered by id."""
        return tuple(self._paths)

    def text(self, source_id: str) -> str | None:
        """The canonical text, None for a source that is unknown or cannot be read."""
        return self._text(source_id)

    def _read(self, source_id: str) -> str | None:
        try:
            return read_document(self._paths[source_id], source_id).text
        except (KeyError, UnreadableSourceError):
            return None
