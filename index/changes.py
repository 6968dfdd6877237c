"""What an index run would change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.catalog import Catalog
from index.embedding import embedding_fingerprint
from index.errors import DamagedIndexError
from index.fingerprints import corpus_fingerprint, file_hash, splitter_fingerprint
from index.generation import CurrentGeneration, NoIndexError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.settings import IndexSettings


@dataclass(frozen=True)
class Changes:
    """Source ids by what happened to their files since the index in use was built."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    everything: bool = False
    """The settings have changed, or there is no index: every source is done anew."""
    descriptions: bool = False
    """The catalogue's entries or the glossary have changed."""

    @property
    def count(self) -> int:
        """Sources that differ."""
        return len(self.added) + len(self.changed) + len(self.removed)

    @property
    def needed(self) -> bool:
        """Whether an index run would do anything."""
        return bool(self.count) or self.everything or self.descriptions

    def by_kind(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The kinds of change with their sources."""
        yield "added", self.added
        yield "changed", self.changed
        yield "removed", self.removed


def pending_changes(settings: IndexSettings) -> Changes:
    """Compare the sources folder with the index in use, by content. Raises CatalogError."""
    catalog = Catalog.load(settings.sources)
    now = {source_id: file_hash(path) for source_id, path in catalog.files()}
    try:
        generation = CurrentGeneration(settings.storage).get()
        before = {entry.source_id: entry.file_hash for entry in generation.content.ledger()}
        manifest = generation.manifest
        embedder = embedding_fingerprint(settings.embedding_model, settings.cache)
        same = (manifest.splitter, manifest.embedder) == (splitter_fingerprint(settings), embedder)
    except (NoIndexError, DamagedIndexError):
        return Changes(added=tuple(now), everything=True)
    return Changes(
        descriptions=now == before and manifest.corpus != corpus_fingerprint(catalog),
        added=tuple(name for name in now if name not in before),
        changed=tuple(name for name in now if name in before and now[name] != before[name]),
        removed=tuple(name for name in before if name not in now),
        unchanged=tuple(name for name in now if now[name] == before.get(name)),
        everything=not same,
    )
