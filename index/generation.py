"""One immutable, complete index on disk, and the one in use."""

from __future__ import annotations

import json
import logging
import os
import threading
from functools import cached_property
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from index.content import Content
from index.errors import AssistantError, DamagedIndexError
from index.storage import current_id, generations_folder
from index.vector_store import LocalVectors, VectorStoreError, vector_store

if TYPE_CHECKING:
    from pathlib import Path

    from index.language_statistics import Spread
    from index.lexical import LexicalIndex
    from index.settings import IndexSettings
    from index.vector_index import VectorIndex
    from index.vector_store import VectorStore

FORMAT = 3
"""Raised whenever an older index can no longer be read."""
MANIFEST, CONTENT, LEXICAL = "manifest.json", "content.sqlite", "lexical"
SPREADS = "languages.npz"
_log = logging.getLogger(__name__)


class NoIndexError(AssistantError):
    """There is no index yet."""


class OtherStoreError(AssistantError):
    """The index's vectors are not where the settings say."""


class SegmentRecord(BaseModel):
    """A segment of vectors that a generation has."""

    model_config = ConfigDict(frozen=True)

    id: str
    windows: int
    """All of its windows."""
    alive: int
    """Those of them that the generation has."""


class Manifest(BaseModel):
    """What a generation was made of and how; written last, so that an index without one is unfinished."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    id: str
    format: int = FORMAT
    created: str
    """Time of completion, ISO 8601, UTC."""
    corpus: str
    """Fingerprint of all sources, their catalogue entries and the glossary."""
    splitter: str
    embedding_model: str
    embedder: str
    """Fingerprint of the embedding model."""
    dimensions: int
    sources: int
    passages: int
    windows: int
    """Parts of passages, each with a vector."""
    vector_store: str = LocalVectors.name
    """Where the vectors are: `local`, or the address of a Chroma server."""
    segments: tuple[SegmentRecord, ...] = ()
    """In the order they were made."""
    ocr_spellings: dict[str, str] = {}
    version: str


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a finished generation. Raises DamagedIndexError for what this version cannot read."""
    try:
        manifest = Manifest.model_validate_json((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedIndexError(folder) from error
    if manifest.format != FORMAT:
        raise DamagedIndexError(folder)
    return manifest


class Generation:
    """An index that can be searched. Its parts are opened when they are first used."""

    def __init__(self, folder: Path, store: VectorStore | None = None) -> None:
        """`store` holds its vectors; without one, the storage folder that the generation lies in does.

        Raises DamagedIndexError when the folder holds no finished index that this version can read.
        """
        self.folder = folder
        self.manifest = read_manifest(folder)
        self._store = store or LocalVectors(folder.parent.parent)

    @property
    def id(self) -> str:
        """Its name: the time of its making and the beginning of its corpus' fingerprint."""
        return self.manifest.id

    @cached_property
    def content(self) -> Content:
        """Documents, passages, ledger."""
        path = self.folder / CONTENT
        if not path.is_file():
            raise DamagedIndexError(self.folder)
        return Content(path)

    @cached_property
    def vectors(self) -> VectorIndex:
        """Dense index. Raises DamagedIndexError when Chroma cannot read it or vectors are missing, OtherStoreError when
        they are elsewhere, VectorStoreError when their server does not answer.
        """
        from index.vector_index import VectorIndex

        made, wanted = self.manifest.vector_store, self._store.name
        if made != wanted:
            raise OtherStoreError(
                f"the index has its vectors in {made}, not in {wanted}: run `commit-assistant index`, or set "
                "vector_store back"
            )
        records = self.manifest.segments
        try:
            segments = [self._store.open(record.id) for record in records]
            counts = [len(segment) for segment in segments]
        except VectorStoreError:
            raise
        except Exception as error:
            raise DamagedIndexError(self.folder) from error
        if counts != [record.windows for record in records]:
            raise DamagedIndexError(self.folder)
        dead = {record.id: record.windows - record.alive for record in records}
        return VectorIndex(segments, self.content.alive, dead)

    @cached_property
    def spreads(self) -> dict[str, Spread]:
        """How the vectors of each language are spread. Raises DamagedIndexError when the file cannot be read."""
        from index.language_statistics import load_spreads

        try:
            return load_spreads(self.folder / SPREADS)
        except Exception as error:
            raise DamagedIndexError(self.folder) from error

    def open(self) -> Generation:
        """Open every part now, so that nothing is missing when the folder is removed while it is in use."""
        _ = self.content.source_ids(), self.lexical, self.spreads
        self.vectors.warm(self.manifest.dimensions)
        return self

    @cached_property
    def lexical(self) -> LexicalIndex:
        """Lexical index. Raises DamagedIndexError when its files cannot be read."""
        from index.lexical import LexicalIndex

        try:
            return LexicalIndex(self.folder / LEXICAL)
        except Exception as error:
            raise DamagedIndexError(self.folder) from error


class CurrentGeneration:
    """The generation in use; notices when the pointer moves, so that a long-lived reader never needs a restart."""

    def __init__(self, storage: Path, store: VectorStore | None = None) -> None:
        self.storage = storage
        self._store = store or LocalVectors(storage)
        self._lock = threading.Lock()
        self._generation: Generation | None = None

    def get(self) -> Generation:
        """The generation that `CURRENT` names now, with all its parts open.

        Raises NoIndexError, DamagedIndexError, OtherStoreError or VectorStoreError.
        """
        with self._lock:
            name = self._current()
            while self._generation is None or self._generation.folder.name != name:
                try:
                    self._generation = Generation(generations_folder(self.storage) / name, self._store).open()
                except DamagedIndexError:
                    # Builds that follow fast upon each other may have moved the pointer and removed what it named.
                    if (moved := self._current()) == name:
                        raise
                    name = moved
                else:
                    _log.info("reading index %s", name)
            return self._generation

    def glance(self) -> Generation:
        """The generation that `CURRENT` names now, its parts unopened: for a look at its manifest or ledger.

        Raises NoIndexError or DamagedIndexError.
        """
        return Generation(generations_folder(self.storage) / self._current(), self._store)

    def _current(self) -> str:
        name = current_id(self.storage)
        if name is None:
            raise NoIndexError("there is no index yet: run `commit-assistant index`")
        return name


def current_generation(settings: IndexSettings) -> CurrentGeneration:
    """The generation in use, with its vectors where the settings say."""
    return CurrentGeneration(settings.storage, vector_store(settings))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Finish a generation."""
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        json.dump(manifest.model_dump(), file, ensure_ascii=False, indent=2)
        file.flush()
        os.fsync(file.fileno())
