"""Vectors of windows in Chroma through LlamaIndex's binding: a segment, one collection for each language.

A condition on a language would cost a pass over all vectors at every question; a collection costs nothing.
"""

from __future__ import annotations

import logging
import math
import time
import weakref
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from chromadb import Collection
    from llama_index.vector_stores.chroma import ChromaVectorStore

    from index.windows import Window

HNSW: Any = {"space": "cosine", "ef_construction": 200, "max_neighbors": 32, "ef_search": 1600}
"""Measured on 110,000 vectors: with ef_search 200, 400, 800, 1600 questions have recall@10 .70, .70, .93, .99 against
exact search, windows of texts .99, 1, 1, 1, in 2.9, 3.5, 4.6, 5.8 ms. Twice the neighbours and ef_construction 400
reach .98 to 1 with any of them, in 9 ms, and take twice as long to build."""
_SOURCES_AT_ONCE = 10_000
"""Chroma puts every value of a condition into one SQLite statement, which takes 32,766 of them."""
_READ_AT_ONCE = 5_000
_PAUSES = (0.05, 0.2, 0.8)
"""Seconds before a read that failed inside Chroma is tried again. Its connections go back to their pool a moment after
they were used; a read in between opens another, which fails where the segment has been removed since."""
_Read = TypeVar("_Read")
logging.getLogger("chromadb").setLevel(logging.ERROR)


@dataclass(frozen=True)
class StoredWindow:
    """What is stored beside a vector: the window's words and where they stand."""

    window_id: str
    text: str
    source_id: str
    language: str
    start: int
    end: int

    @classmethod
    def of(cls, window: Window) -> StoredWindow:
        """A passage's window as it is stored."""
        start, end = window.passage.windows[window.number]
        return cls(window.window_id, window.text, window.passage.source_id, window.passage.language, start, end)


@dataclass(frozen=True)
class Narrowed:
    """What a search is kept to; None: everything."""

    sources: Sequence[str] | None = None
    languages: Sequence[str] | None = None


class VectorSegment:
    """Windows' vectors by window id, in groups by language; immutable once its build is finished.

    Generations share segments: a build adds a segment and merges small ones, and touches none that is in use.
    """

    def __init__(
        self,
        segment_id: str,
        collections: Mapping[str, Collection],
        close: Callable[[], None],
        reaching: Callable[[], AbstractContextManager[object]] = nullcontext,
    ) -> None:
        """`close` is called when nobody has the segment any more; `reaching` is entered around every use of Chroma, and
        may say better what is wrong.
        """
        self.segment_id = segment_id
        self._reaching = reaching
        self._collections = dict(sorted(collections.items()))
        self._stores: dict[str, ChromaVectorStore] = {}
        weakref.finalize(self, close)

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups: languages, and one for all rare ones."""
        return tuple(self._collections)

    def add(self, group: str, windows: Sequence[StoredWindow], vectors: Sequence[Sequence[float]]) -> None:
        """Add windows with their vectors (unit length, the embedding model's dimension)."""
        from llama_index.core.schema import TextNode

        nodes = [
            TextNode(
                id_=window.window_id,
                text=window.text,
                embedding=[float(x) for x in vector],
                metadata={"source_id": window.source_id, "language": window.language},
                start_char_idx=window.start,
                end_char_idx=window.end,
            )
            for window, vector in zip(windows, vectors, strict=True)
        ]
        with self._reaching():
            self._binding(group).add(nodes)

    def query(
        self, group: str, vector: Sequence[float], k: int, narrowed: Narrowed | None = None
    ) -> list[tuple[str, float]]:
        """The `k` nearest window ids of a group with their cosines, nearest first; none for a group it has not."""
        if group not in self._collections:
            return []
        sources, languages = (narrowed.sources, narrowed.languages) if narrowed else (None, None)
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
        sources: Sequence[str] | None,
        languages: Sequence[str] | None,
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
        result = self._read(lambda: self._binding(group).query(query))
        # The binding gives exp(-distance), and Chroma's cosine distance is 1 - cosine.
        cosines = [1 + math.log(similarity) for similarity in result.similarities or []]
        return list(zip(result.ids or [], cosines, strict=True))

    def vectors(self, window_ids: Sequence[str], group: str | None = None) -> dict[str, Sequence[float]]:
        """Stored vectors of the ids that are there, in one group or in any."""
        stored: dict[str, Sequence[float]] = {}
        for name, collection in self._collections.items():
            if group in {None, name}:
                for start in range(0, len(window_ids), _READ_AT_ONCE):
                    wanted = list(window_ids[start : start + _READ_AT_ONCE])
                    found = self._read(partial(collection.get, ids=wanted, include=["embeddings"]))
                    stored.update(zip(found["ids"], cast("Any", found["embeddings"]), strict=True))
        return stored

    def count(self, group: str) -> int:
        """Windows of a group, those that no generation has any more included."""
        return self._read(self._collections[group].count) if group in self._collections else 0

    def __len__(self) -> int:
        return sum(self.count(group) for group in self._collections)

    def _read(self, read: Callable[[], _Read]) -> _Read:
        from chromadb.errors import InternalError

        for pause in _PAUSES:
            try:
                with self._reaching():
                    return read()
            except InternalError:
                time.sleep(pause)
        with self._reaching():
            return read()

    def _binding(self, group: str) -> ChromaVectorStore:
        if group not in self._stores:
            from llama_index.vector_stores.chroma import ChromaVectorStore

            self._stores[group] = ChromaVectorStore(chroma_collection=self._collections[group])
        return self._stores[group]
