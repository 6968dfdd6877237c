"""The vectors of one generation's windows, in Chroma through LlamaIndex's binding, a collection for each language.

A condition on a language would cost a pass over all vectors at every question; a collection costs nothing.
"""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Any, cast

from index.offline import stay_offline

if TYPE_CHECKING:
    from collections.abc import Collection as SizedIterable
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from chromadb.api import ClientAPI
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from index.windows import Window

_PREFIX = "windows-"
_HNSW: Any = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}
_SOURCES_AT_ONCE = 10_000
"""Chroma puts every value of a condition into one SQLite statement, which takes 32,766 of them."""
logging.getLogger("chromadb").setLevel(logging.ERROR)


class VectorIndex:
    """Windows' vectors by window id, in groups by language; immutable once its generation is finished."""

    def __init__(self, folder: Path, *, create: Iterable[str] = ()) -> None:
        """Open the vector store in a folder, with new groups when `create` names them. Chroma's own errors come
        through.
        """
        client = _client(folder)
        for group in create:
            client.create_collection(_PREFIX + group, configuration={"hnsw": _HNSW}, embedding_function=None)
        names = sorted(collection.name for collection in client.list_collections())
        self._collections = {
            name.removeprefix(_PREFIX): client.get_collection(name, embedding_function=None) for name in names
        }
        self._stores: dict[str, ChromaVectorStore] = {}

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups: languages, and one for all rare ones."""
        return tuple(self._collections)

    def add(self, group: str, windows: Sequence[Window], vectors: Sequence[Sequence[float]]) -> None:
        """Add windows with their vectors (unit length, the embedding model's dimension)."""
        from llama_index.core.schema import TextNode

        nodes = [
            TextNode(
                id_=window.window_id,
                text=window.text,
                embedding=[float(x) for x in vector],
                metadata={"source_id": window.passage.source_id, "language": window.passage.language},
                start_char_idx=window.passage.windows[window.number][0],
                end_char_idx=window.passage.windows[window.number][1],
            )
            for window, vector in zip(windows, vectors, strict=True)
        ]
        self._binding(group).add(nodes)

    def query(
        self,
        group: str,
        vector: Sequence[float],
        k: int,
        sources: SizedIterable[str] | None = None,
        languages: SizedIterable[str] | None = None,
    ) -> list[tuple[str, float]]:
        """The `k` nearest window ids of a group (of some sources, of some languages) with their cosines, nearest
        first.
        """
        if sources is None:
            return self._nearest(group, vector, k, None, languages)
        ordered = sorted(sources)
        found: list[tuple[str, float]] = []
        for start in range(0, len(ordered), _SOURCES_AT_ONCE):
            found += self._nearest(group, vector, k, ordered[start : start + _SOURCES_AT_ONCE], languages)
        return sorted(found, key=lambda item: -item[1])[:k]

    def _nearest(
        self,
        group: str,
        vector: Sequence[float],
        k: int,
        sources: list[str] | None,
        languages: SizedIterable[str] | None,
    ) -> list[tuple[str, float]]:
        from llama_index.core.vector_stores.types import (
            FilterOperator,
            MetadataFilter,
            MetadataFilters,
            VectorStoreQuery,
        )

        conditions: list[Any] = [
            MetadataFilter(key=key, value=sorted(values), operator=FilterOperator.IN)
            for key, values in (("source_id", sources), ("language", languages))
            if values is not None
        ]
        filters = MetadataFilters(filters=conditions) if conditions else None
        query = VectorStoreQuery(query_embedding=list(vector), similarity_top_k=k, filters=filters)
        result = self._binding(group).query(query)
        # The binding gives exp(-distance), and Chroma's cosine distance is 1 - cosine.
        cosines = [1 + math.log(similarity) for similarity in result.similarities or []]
        return list(zip(result.ids or [], cosines, strict=True))

    def vectors(self, window_ids: Sequence[str], group: str | None = None) -> dict[str, Sequence[float]]:
        """Stored vectors of the ids that are there, in one group or in any."""
        stored: dict[str, Sequence[float]] = {}
        for name, collection in self._collections.items():
            if window_ids and group in {None, name}:
                found = collection.get(ids=list(window_ids), include=["embeddings"])
                stored.update(zip(found["ids"], cast("Any", found["embeddings"]), strict=True))
        return stored

    def __len__(self) -> int:
        return sum(collection.count() for collection in self._collections.values())

    def _binding(self, group: str) -> ChromaVectorStore:
        if group not in self._stores:
            from llama_index.vector_stores.chroma import ChromaVectorStore

            self._stores[group] = ChromaVectorStore(chroma_collection=self._collections[group])
        return self._stores[group]


def _client(folder: Path) -> ClientAPI:
    stay_offline()
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
