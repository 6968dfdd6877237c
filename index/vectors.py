"""The vectors of one generation's passages, in Chroma through LlamaIndex's binding."""

from __future__ import annotations

import logging
import math
from typing import TYPE_CHECKING, Any, cast

from index.offline import stay_offline

if TYPE_CHECKING:
    from collections.abc import Collection as SizedIterable
    from collections.abc import Sequence
    from pathlib import Path

    from chromadb.api.models.Collection import Collection
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from index.document import Passage

_COLLECTION = "passages"
_HNSW: Any = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 200}
_SOURCES_AT_ONCE = 10_000
"""Chroma puts every value of a condition into one SQLite statement, which takes 32,766 of them."""
logging.getLogger("chromadb").setLevel(logging.ERROR)


class VectorIndex:
    """Passages' vectors by passage id; immutable once its generation is finished."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open, or with `create` make, the vector store in a folder. Chroma's own errors come through."""
        self._collection = _collection(folder, create=create)
        self._store: ChromaVectorStore | None = None

    def add(self, passages: Sequence[Passage], vectors: Sequence[Sequence[float]]) -> None:
        """Add passages with their vectors (unit length, the embedding model's dimension)."""
        from llama_index.core.schema import TextNode

        nodes = [
            TextNode(
                id_=passage.passage_id,
                text=passage.text,
                embedding=[float(x) for x in vector],
                metadata={"source_id": passage.source_id, "language": passage.language, "page": passage.page or 0},
                start_char_idx=passage.start,
                end_char_idx=passage.end,
            )
            for passage, vector in zip(passages, vectors, strict=True)
        ]
        self._binding().add(nodes)

    def query(
        self,
        vector: Sequence[float],
        k: int,
        language: str | None = None,
        sources: SizedIterable[str] | None = None,
    ) -> list[tuple[str, float]]:
        """The `k` nearest passage ids (of one language, of some sources) with their cosines, nearest first."""
        if sources is None:
            return self._nearest(vector, k, language, None)
        ordered = sorted(sources)
        found: list[tuple[str, float]] = []
        for start in range(0, len(ordered), _SOURCES_AT_ONCE):
            found += self._nearest(vector, k, language, ordered[start : start + _SOURCES_AT_ONCE])
        return sorted(found, key=lambda item: -item[1])[:k]

    def _nearest(
        self, vector: Sequence[float], k: int, language: str | None, sources: list[str] | None
    ) -> list[tuple[str, float]]:
        from llama_index.core.vector_stores.types import (
            FilterOperator,
            MetadataFilter,
            MetadataFilters,
            VectorStoreQuery,
        )

        conditions: list[Any] = [MetadataFilter(key="language", value=language)] if language else []
        if sources is not None:
            conditions.append(MetadataFilter(key="source_id", value=sources, operator=FilterOperator.IN))
        filters = MetadataFilters(filters=conditions) if conditions else None
        query = VectorStoreQuery(query_embedding=list(vector), similarity_top_k=k, filters=filters)
        result = self._binding().query(query)
        # The binding gives exp(-distance), and Chroma's cosine distance is 1 - cosine.
        cosines = [1 + math.log(similarity) for similarity in result.similarities or []]
        return list(zip(result.ids or [], cosines, strict=True))

    def vectors(self, passage_ids: Sequence[str]) -> dict[str, list[float]]:
        """Stored vectors of the ids that are there."""
        found = self._collection.get(ids=list(passage_ids), include=["embeddings"])
        embeddings = cast("Any", found["embeddings"])
        return {name: [float(x) for x in vector] for name, vector in zip(found["ids"], embeddings, strict=True)}

    def __len__(self) -> int:
        return int(self._collection.count())

    def _binding(self) -> ChromaVectorStore:
        if self._store is None:
            from llama_index.vector_stores.chroma import ChromaVectorStore

            self._store = ChromaVectorStore(chroma_collection=self._collection)
        return self._store


def _collection(folder: Path, *, create: bool) -> Collection:
    stay_offline()
    import chromadb
    from chromadb.config import Settings

    client = chromadb.PersistentClient(path=str(folder), settings=Settings(anonymized_telemetry=False))
    if create:
        return client.create_collection(_COLLECTION, configuration={"hnsw": _HNSW}, embedding_function=None)
    return client.get_collection(_COLLECTION, embedding_function=None)
