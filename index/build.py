"""Bring the index up to date with the sources: a new generation, then the pointer."""

from __future__ import annotations

import logging
import shutil
import sqlite3
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Protocol

from filelock import FileLock, Timeout

from index.catalog import Catalog
from index.embedded import store_vectors
from index.errors import AssistantError, DamagedIndexError, WrongCallError, one_line, storage_advice
from index.fingerprints import corpus_fingerprint, splitter_fingerprint
from index.generation import (
    CONTENT,
    LEXICAL,
    Generation,
    Manifest,
    current_id,
    generations_folder,
    make_current,
    prune,
    write_manifest,
)
from index.glossary import Glossary
from index.source_splitting import split_sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.ledger import LedgerEntry
    from index.settings import IndexSettings
    from index.source_splitting import SplitSources

_log = logging.getLogger(__name__)


class BuildError(AssistantError):
    """The build stopped; the index that was in use before still is."""


class Progress(Protocol):
    """Told how far a build is."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """`stage` is `reading` (sources) or `embedding` (passages)."""


@dataclass(frozen=True)
class BuildResult:
    """The generation in use after a build, and what every source gave."""

    generation_id: str
    ledger: tuple[LedgerEntry, ...]
    changed: bool
    embedded: int
    """Passages embedded anew."""
    reused: int
    """Passages whose vectors came from the generation before."""
    seconds: float

    @property
    def problems(self) -> tuple[LedgerEntry, ...]:
        """Sources of which nothing is in the index."""
        return tuple(entry for entry in self.ledger if entry.problem)


def build_index(settings: IndexSettings, *, rebuild: bool = False, progress: Progress | None = None) -> BuildResult:
    """Build a new generation from the sources unless the one in use is of the same sources and settings.

    Raises BuildError when another build is running, when no source gives a passage, and when the disk does not take
    the index; whatever was in use before is then in use still.
    """
    if settings.storage.resolve().is_relative_to(settings.sources.resolve()):
        raise WrongCallError(
            f"the index may not lie inside the sources ({settings.storage}): name another folder with --storage"
        )
    try:
        settings.storage.mkdir(parents=True, exist_ok=True)
        with FileLock(settings.storage / "build.lock", blocking=False):
            return _Build(settings, progress or (lambda *_: None)).run(rebuild=rebuild)
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


def _is_of_the_store(error: Exception) -> bool:
    """Whether SQLite or Chroma could not write; Chroma, 0.9 s to import, is known by its module."""
    return isinstance(error, sqlite3.Error) or type(error).__module__.startswith("chromadb.")


def _is_current(storage: Path, name: str) -> bool:
    try:
        return current_id(storage) == name
    except DamagedIndexError:
        return False


class _Build:
    def __init__(self, settings: IndexSettings, progress: Progress) -> None:
        self._settings = settings
        self._progress = progress
        self._storage = settings.storage

    def run(self, *, rebuild: bool) -> BuildResult:
        from index.embedding import embedding_fingerprint

        began = time.perf_counter()
        catalog = Catalog.load(self._settings.sources)
        glossary = Glossary.load(self._settings.sources)
        self._ocr_spellings = glossary.ocr_spellings
        self._embedder = embedding_fingerprint(self._settings.embedding_model, self._settings.cache)
        self._corpus = corpus_fingerprint(catalog)
        before = self._in_use()
        if before is not None and not rebuild and self._same(before):
            ledger = tuple(before.content.ledger())
            return BuildResult(
                before.id, ledger, changed=False, embedded=0, reused=0, seconds=time.perf_counter() - began
            )
        folder = self._new_folder()
        try:
            return self._build(folder, catalog, before, began, rebuild=rebuild)
        except BaseException:
            # An interruption may come after the pointer has moved.
            if not _is_current(self._storage, folder.name):
                shutil.rmtree(folder, ignore_errors=True)
            raise

    def _build(
        self, folder: Path, catalog: Catalog, before: Generation | None, began: float, *, rebuild: bool
    ) -> BuildResult:
        reusable = before if before is not None and before.manifest.embedder == self._embedder and not rebuild else None
        told = partial(self._progress, "reading")
        split = split_sources(catalog, self._settings, self._ocr_spellings, folder / CONTENT, told)
        if not split.embedded:
            raise BuildError(_nothing_found(catalog.folder, split.ledger))
        progress = partial(self._embedded, len(split.indexed), len(split.embedded))
        anew, dimensions = store_vectors(folder, split.embedded, self._settings, reusable, progress)
        self._index_terms(folder, split.indexed)
        self._finish(folder, split, dimensions)
        seconds = time.perf_counter() - began
        reused = len(split.indexed) - len(anew)
        return BuildResult(folder.name, split.ledger, changed=True, embedded=len(anew), reused=reused, seconds=seconds)

    def _embedded(self, passages: int, windows: int, done: int) -> None:
        self._progress("embedding", passages * done // windows, passages)

    def _in_use(self) -> Generation | None:
        try:
            name = current_id(self._storage)
            generation = Generation(generations_folder(self._storage) / name) if name else None
            if generation is not None:
                generation.content.ledger()
                # Opened here so that a damaged one is not built upon.
                _ = generation.vectors, generation.lexical, generation.spreads
        except DamagedIndexError as error:
            _log.warning("%s; building it anew", error)
            return None
        return generation

    def _same(self, before: Generation) -> bool:
        manifest = before.manifest
        return (manifest.corpus, manifest.splitter, manifest.embedder) == (
            self._corpus,
            splitter_fingerprint(self._settings),
            self._embedder,
        )

    def _new_folder(self) -> Path:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")[:-3]
        folder = generations_folder(self._storage) / f"{stamp}-{self._corpus[:8]}"
        folder.mkdir(parents=True)
        return folder

    def _index_terms(self, folder: Path, texts: Sequence[str]) -> None:
        from index.lexical import LexicalIndex

        (folder / LEXICAL).mkdir()
        LexicalIndex.build(texts, folder / LEXICAL)

    def _finish(self, folder: Path, split: SplitSources, dimensions: int) -> None:
        manifest = Manifest(
            id=folder.name,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            corpus=self._corpus,
            splitter=splitter_fingerprint(self._settings),
            embedding_model=self._settings.embedding_model,
            embedder=self._embedder,
            dimensions=dimensions,
            sources=sum(not entry.problem for entry in split.ledger),
            passages=len(split.indexed),
            windows=len(split.embedded),
            ocr_spellings=self._ocr_spellings,
            version=package_version(),
        )
        write_manifest(folder, manifest)
        make_current(self._storage, folder.name)
        prune(self._storage, self._settings.keep_generations)


def package_version() -> str:
    """The installed version of this program."""
    try:
        return version("commit-assistant")
    except PackageNotFoundError:
        return "unknown"


def _nothing_found(folder: Path, ledger: tuple[LedgerEntry, ...]) -> str:
    if not ledger:
        return f"no texts in {folder}: put .txt or .md files there, or name another folder with --sources"
    first = ledger[0]
    more = f" (and {len(ledger) - 1} more like it)" if len(ledger) > 1 else ""
    return f"no source could be indexed: {first.source_id}: {first.problem}{more}"
