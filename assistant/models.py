"""The models that answering needs, loaded when they are first used and shared by all threads."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.scorers import window_scorer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from llama_index.core.base.embeddings.base import BaseEmbedding

    from assistant.close_reading import WindowScorer
    from assistant.reader.reader import Reader
    from assistant.settings import Settings


class Models:
    """The embedding model and what reads closely."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._embedding = threading.Lock()

    def embed_query(self, text: str) -> Sequence[float]:
        """The vector of a question, of length 1. Raises EmbeddingModelError."""
        with self._embedding:
            vector: Sequence[float] = self._model.get_query_embedding(text)
        return vector

    def embed_texts(self, texts: list[str]) -> Sequence[Sequence[float]]:
        """Vectors of texts, of length 1; embedded by length, so that a batch holds little padding."""
        order = sorted(range(len(texts)), key=lambda position: len(texts[position]))
        with self._embedding:
            vectors = self._model.get_text_embedding_batch([texts[position] for position in order])
        by_position = dict(zip(order, vectors, strict=True))
        return [by_position[position] for position in range(len(texts))]

    @cached_property
    def scorer(self) -> WindowScorer:
        """What reads the first passages closely, by the setting `reader`."""
        return window_scorer(self._settings.reader, self._settings.cache, self.embed_texts)

    def relevance(self, claim: str, text: str) -> float:
        """How well a text answers a claim taken for a question, a logit by the small reader. Raises ReaderError."""
        return self._reader.read(claim, [text])[0].relevance

    @cached_property
    def _reader(self) -> Reader:
        from assistant.reader.reader import Reader
        from assistant.scorers import ReaderScorer

        # The one that reads passages, if that is the packaged one: loaded once.
        return self.scorer.reader if isinstance(self.scorer, ReaderScorer) else Reader(self._settings.cache)

    @cached_property
    def fingerprint(self) -> str:
        """The identity of the embedding model's vectors. Raises EmbeddingModelError."""
        from index.embedding import embedding_fingerprint

        return embedding_fingerprint(self._settings.embedding_model, self._settings.cache)

    @cached_property
    def _model(self) -> BaseEmbedding:
        from index.embedding import embedding_model

        settings = self._settings
        return embedding_model(settings.embedding_model, cache=settings.cache, batch_size=settings.embedding_batch)
