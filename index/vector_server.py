"""Segments of vectors on a Chroma server, which several machines use."""

from __future__ import annotations

import weakref
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from index.errors import AssistantError, one_line
from index.offline import stay_offline
from index.vector_store import OpenSegments, VectorStoreError, new_collection
from index.vectors import VectorSegment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


_PAGE = 500
"""Collections that a server is asked for at once."""
_STORAGE_NAME = "server-name"
"""File in the storage folder with the name that its collections have on a server, where others have theirs too."""


class ServerVectors:
    """Collections on a Chroma server, named by storage, segment and group."""

    def __init__(self, storage: Path, address: str, token: str = "") -> None:
        self.name = address
        self._token = token
        self._storage = storage
        self._segments = OpenSegments()

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 - Chroma's, whose import is slow
        with self._reaching():
            client = _server_client(self.name, self._token)
        # Segments refer to this store, so that it outlives all who use the connection.
        weakref.finalize(self, _close, client)
        return client

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        """Say in one line what is wrong when the server cannot be used."""
        try:
            yield
        except AssistantError:
            raise
        except Exception as error:  # ValueError, Chroma's own and httpx', by what is wrong
            raise VectorStoreError(
                f"the Chroma server at {self.name} cannot be used ({one_line(error)}): start it, or check vector_store "
                "and vector_store_token; `commit-assistant index --rebuild` stores there anew what it has lost"
            ) from error

    def create(self, segment_id: str, groups: Iterable[str]) -> VectorSegment:
        """A new, empty segment."""
        prefix = self._prefix(segment_id)
        with self._reaching():
            collections = {group: new_collection(self._client, prefix + group) for group in groups}
        return VectorSegment(segment_id, collections, _nothing, self._reaching)

    def open(self, segment_id: str) -> VectorSegment:
        """A finished segment. Raises FileNotFoundError when the server has it no more."""
        return self._segments.get(segment_id, lambda: self._opened(segment_id))

    def remove(self, segment_id: str) -> None:
        """Delete the segment's collections."""
        with self._reaching():
            for name in self._names(self._prefix(segment_id)):
                self._client.delete_collection(name)

    def segment_ids(self) -> set[str]:
        """Segments with a collection of this storage."""
        prefix = f"{self._storage_name()}."
        return {name.removeprefix(prefix).split(".")[0] for name in self._names(prefix)}

    def _opened(self, segment_id: str) -> VectorSegment:
        prefix = self._prefix(segment_id)
        names = self._names(prefix)
        if not names:
            raise FileNotFoundError(f"{segment_id} at {self.name}")
        with self._reaching():
            collections = {
                name.removeprefix(prefix): self._client.get_collection(name, embedding_function=None) for name in names
            }
        return VectorSegment(segment_id, collections, _nothing, self._reaching)

    def _names(self, prefix: str) -> list[str]:
        names: list[str] = []
        with self._reaching():
            while page := self._client.list_collections(limit=_PAGE, offset=len(names)):
                names += [collection.name for collection in page]
        return [name for name in names if name.startswith(prefix)]

    def _prefix(self, segment_id: str) -> str:
        return f"{self._storage_name()}.{segment_id}."

    def _storage_name(self) -> str:
        path = self._storage / _STORAGE_NAME
        try:
            return path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            name = f"commit-assistant-{uuid4().hex[:12]}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{name}\n", encoding="utf-8")
            return name


def _nothing() -> None:
    """A server's collections need no closing."""


def _close(client: Any) -> None:  # noqa: ANN401 - Chroma's, whose import is slow
    # Chroma 1.5.9 leaves the connections of its two HTTP clients open.
    servers = [getattr(one, "_server", None) for one in (client, getattr(client, "_admin_client", None))]
    sessions = [getattr(server, "_session", None) for server in servers]
    client.close()
    for session in sessions:
        if session is not None:
            session.close()


def _server_client(address: str, token: str) -> Any:  # noqa: ANN401 - Chroma's, whose import is slow
    stay_offline()
    from urllib.parse import urlsplit

    import chromadb
    from chromadb.config import Settings

    parts = urlsplit(address)
    secure = parts.scheme == "https"
    # Chroma's own server and its hosted one read the token from this header; a proxy before it reads the other.
    headers = {"x-chroma-token": token, "Authorization": f"Bearer {token}"} if token else {}
    return chromadb.HttpClient(
        host=parts.hostname or "",
        port=parts.port or (443 if secure else 8000),
        ssl=secure,
        headers=headers,
        settings=Settings(anonymized_telemetry=False),
    )
