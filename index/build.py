"""Bring the index up to date with the sources: a new generation from the one before and the difference, then the
pointer.
"""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Protocol

from filelock import FileLock, Timeout

from index.catalog import Catalog
from index.errors import AssistantError, WrongCallError, one_line, storage_advice
from index.fingerprints import splitter_fingerprint
from index.glossary import Glossary

if TYPE_CHECKING:
    from index.changes import Changes
    from index.ledger import LedgerEntry
    from index.settings import IndexSettings

_log = logging.getLogger(__name__)
LOCK = "build.lock"


class BuildError(AssistantError):
    """The build stopped; the index that was in use before still is."""


class Progress(Protocol):
    """Told how far a build is."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`stage` is `reading` (sources) or `embedding` (parts of passages)."""


@dataclass(frozen=True)
class BuildResult:
    """The generation in use after a build, and what every source gave."""

    generation_id: str
    ledger: tuple[LedgerEntry, ...]
    changed: bool
    embedded: int
    """Passages embedded anew."""
    reused: int
    """Passages whose vectors were there already."""
    seconds: float
    changes: Changes

    @property
    def problems(self) -> tuple[LedgerEntry, ...]:
        """Sources of which nothing is in the index."""
        return tuple(entry for entry in self.ledger if entry.problem)


@dataclass(frozen=True)
class Making:
    """What an index is made of and how, with the fingerprints that change when that does."""

    settings: IndexSettings
    catalog: Catalog
    ocr_spellings: dict[str, str]
    embedder: str
    splitter: str

    @classmethod
    def of(cls, settings: IndexSettings) -> Making:
        """As settings, catalogue, glossary and model are now. Raises AssistantError."""
        from index.embedding import embedding_fingerprint

        catalog = Catalog.load(settings.sources)
        spellings = Glossary.load(settings.sources).ocr_spellings
        embedder = embedding_fingerprint(settings.embedding_model, settings.cache)
        return cls(settings, catalog, spellings, embedder, splitter_fingerprint(settings, spellings, embedder))


def build_index(settings: IndexSettings, *, rebuild: bool = False, progress: Progress | None = None) -> BuildResult:
    """Build a new generation from the sources unless the one in use is of the same sources and settings.

    Raises BuildError when another build is running, when no source gives a passage, and when the disk does not take
    the index, VectorStoreError when a server of vectors does not answer; whatever was in use before is then in use
    still.
    """
    from index.generation_build import GenerationBuild

    try:
        with builders_lock(settings):
            return GenerationBuild(Making.of(settings), progress or (lambda *_: None)).run(rebuild=rebuild)
    except Timeout as error:
        raise BuildError("another build is running in this storage folder: wait until it is finished") from error
    except OSError as error:
        raise BuildError(f"the index could not be written: {storage_advice(error)}") from error
    except Exception as error:
        if not _is_of_the_store(error):
            raise
        raise BuildError(
            f"the index could not be written ({one_line(error)}): see that the disk has space and may be written"
        ) from error


def builders_lock(settings: IndexSettings) -> FileLock:
    """The lock that whoever changes a storage folder holds; a second one gets filelock's Timeout at once.

    Raises WrongCallError for an index inside the sources.
    """
    if settings.storage.resolve().is_relative_to(settings.sources.resolve()):
        raise WrongCallError(
            f"the index may not lie inside the sources ({settings.storage}): name another folder with --storage"
        )
    settings.storage.mkdir(parents=True, exist_ok=True)
    return FileLock(settings.storage / LOCK, blocking=False)


def _is_of_the_store(error: Exception) -> bool:
    """Whether SQLite or Chroma could not write; Chroma, 0.9 s to import, is known by its module."""
    return isinstance(error, sqlite3.Error) or type(error).__module__.startswith(("chromadb.", "httpx"))


def package_version() -> str:
    """The installed version of this program."""
    try:
        return version("commit-assistant")
    except PackageNotFoundError:
        return "unknown"
