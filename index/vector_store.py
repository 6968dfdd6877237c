"""Where segments of vectors are kept: in folders of this machine, or on a Chroma server that several machines use."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakValueDictionary

from index.errors import AssistantError
from index.offline import stay_offline
from index.vectors import HNSW, VectorSegment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from chromadb.api import ClientAPI

    from index.settings import IndexSettings

LOCAL = "local"
_FOLDER = "vectors"
_PREFIX = "windows-"


class VectorStoreError(AssistantError):
    """The vectors cannot be reached."""


class VectorStore(Protocol):
    """Keeps segments by id."""

    name: str
    """`local`, or the server's address."""

    def create(self, segment_id: str, groups: Iterable[str]) -> VectorSegment:
        """A new, empty segment with these groups."""

    def open(self, segment_id: str) -> VectorSegment:
        """A finished segment; the same object for all that have it open."""

    def remove(self, segment_id: str) -> None:
        """Forget a segment; those who have it open are not disturbed."""

    def segment_ids(self) -> set[str]:
        """All segments of this storage, unfinished ones too."""


def vector_store(settings: IndexSettings) -> VectorStore:
    """The store that the setting `vector_store` names; a server is not asked before it is needed."""
    if settings.vector_store == LOCAL:
        return LocalVectors(settings.storage)
    from index.vector_server import ServerVectors

    token = settings.vector_store_token.get_secret_value() if settings.vector_store_token else ""
    return ServerVectors(settings.storage, settings.vector_store, token)


class OpenSegments:
    """Segments that somebody has open, by id: opened once, closed when the last one lets go."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: WeakValueDictionary[str, VectorSegment] = WeakValueDictionary()

    def get(self, segment_id: str, opened: Callable[[], VectorSegment]) -> VectorSegment:
        """The segment that is open, or what `opened` gives."""
        with self._lock:
            segment = self._open.get(segment_id)
            if segment is None:
                segment = self._open[segment_id] = opened()
            return segment


class LocalVectors:
    """A folder for each segment, which one process writes once and any number read afterwards."""

    name = LOCAL

    def __init__(self, storage: Path) -> None:
        self.folder = storage / _FOLDER
        self._segments = OpenSegments()

    def create(self, segment_id: str, groups: Iterable[str]) -> VectorSegment:
        """A new, empty segment. Chroma's own errors come through."""
        (self.folder / segment_id).mkdir(parents=True)
        client = _local_client(self.folder / segment_id)
        collections = {group: new_collection(client, _PREFIX + group) for group in groups}
        return VectorSegment(segment_id, collections, client.close)

    def open(self, segment_id: str) -> VectorSegment:
        """A finished segment. Chroma's own errors come through, and FileNotFoundError."""
        return self._segments.get(segment_id, lambda: self._opened(segment_id))

    def remove(self, segment_id: str) -> None:
        """Remove the segment's folder."""
        shutil.rmtree(self.folder / segment_id, ignore_errors=True)

    def segment_ids(self) -> set[str]:
        """The names of the folders."""
        return {path.name for path in self.folder.iterdir() if path.is_dir()} if self.folder.is_dir() else set()

    def _opened(self, segment_id: str) -> VectorSegment:
        path = self.folder / segment_id
        # Chroma makes a new, empty database where there is none.
        if not (path / "chroma.sqlite3").is_file():
            raise FileNotFoundError(path)
        client = _local_client(path)
        names = [collection.name for collection in client.list_collections()]
        collections = {
            name.removeprefix(_PREFIX): client.get_collection(name, embedding_function=None) for name in names
        }
        return VectorSegment(segment_id, collections, client.close)


def new_collection(client: ClientAPI, name: str) -> Any:  # noqa: ANN401 - Chroma's, whose import is slow
    """A new, empty collection; windows bring their vectors along."""
    return client.create_collection(name, configuration={"hnsw": HNSW}, embedding_function=None)


def _local_client(folder: Path) -> Any:  # noqa: ANN401 - Chroma's, whose import is slow
    stay_offline()
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
