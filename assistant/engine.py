"""The assistant: opens the index, takes a question, gives an answer that can be quoted."""

from __future__ import annotations

import logging
import threading
import time
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import uuid4

from assistant.answer import Answer, Found, Stamp
from assistant.citing import citations
from assistant.evidence import evidence
from assistant.filters import Filters
from assistant.prompts import prompt
from assistant.question import Question, understand
from assistant.quoting import nearest_sentence, quotations
from assistant.ranking import ranked
from assistant.retrieval import Retrieved, Retriever
from assistant.scope import scope_of
from index.build import package_version
from index.errors import AssistantError
from index.generation import CurrentGeneration, Generation
from index.glossary import Glossary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from llama_index.core.base.embeddings.base import BaseEmbedding

    from assistant.answer import Turn
    from assistant.settings import Settings

_log = logging.getLogger(__name__)
_NEAREST = 3


class OtherModelError(AssistantError):
    """The index was made with another embedding model than the settings name."""


class Assistant:
    """Answers questions from the index in use; safe for several threads, and sees a new index without a restart."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.current = CurrentGeneration(settings.storage)
        self._embedding = threading.Lock()
        self._opening = threading.Lock()
        self._retriever: tuple[Generation, Retriever] | None = None
        self._glossary = Glossary()

    def warm(self) -> None:
        """Load the index and the model, so that the first question need not."""
        generation = self._generation()
        self._retrieve(generation, "COMMIT", (), 1, Filters())
        self._embed_texts(["COMMIT"])

    def ask(
        self, question: str, *, history: Sequence[Turn] = (), question_id: str = "", filters: Filters | None = None
    ) -> Answer:
        """Answer a question with the sources' exact words, or refuse and name the nearest passages.

        Only what fits the filters is looked at. Raises AssistantError, whose message a user can act on: an unusable
        question, a filter for what no source has, no index, a damaged one.
        """
        *_, answer = self.stream(question, history=history, question_id=question_id, filters=filters)
        return answer

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), question_id: str = "", filters: Filters | None = None
    ) -> Iterator[Answer]:
        """The answer as it grows, quotation by quotation; the last one is complete. Raises what `ask` raises."""
        began = time.perf_counter()
        generation = self._generation()
        filters = filters or Filters()
        wanted = max(self.settings.passages, _NEAREST)
        asked, retrieved = self._retrieve(generation, question, history, wanted, filters)
        document = generation.content.document
        support = evidence(asked, retrieved.passages)
        refused = support < self.settings.evidence_floor or not retrieved.passages
        selecting = time.perf_counter()
        if refused:
            chosen = [
                nearest_sentence(found, retrieved, self._embed_texts, document)
                for found in retrieved.passages[:_NEAREST]
            ]
        else:
            chosen = quotations(asked, retrieved, self._embed_texts, document, self.settings.answer_length)
        quoted = citations(generation.content, chosen)
        now = time.perf_counter()
        timings = {**retrieved.timings, "select_ms": _ms(selecting, now), "total_ms": _ms(began, now)}
        complete = Answer(
            id=question_id or uuid4().hex,
            question=question,
            answer="",
            refused=refused or not quoted,
            passages=ranked(generation.content, retrieved),
            timings=timings,
            stamp=self._stamp(generation, asked, refused=refused or not quoted),
            filters=filters,
            language=asked.language,
            evidence=round(support, 4),
        )
        if complete.refused:
            text = prompt("refuse", asked.language).render(nearest=quoted)
            yield complete.model_copy(update={"answer": text, "citations": tuple(quoted)})
            return
        for count in range(1, len(quoted) + 1):
            shown = tuple(quoted[:count])
            text = "\n\n".join(f"{citation.quote} [{citation.number}]" for citation in shown)
            yield complete.model_copy(update={"answer": text, "citations": shown})

    def search(
        self,
        question: str,
        k: int = 10,
        *,
        question_id: str = "",
        history: Sequence[Turn] = (),
        filters: Filters | None = None,
    ) -> Found:
        """The best `k` passages for a question. Raises what `ask` raises."""
        began = time.perf_counter()
        generation = self._generation()
        filters = filters or Filters()
        asked, retrieved = self._retrieve(generation, question, history, k, filters)
        timings = {**retrieved.timings, "total_ms": _ms(began, time.perf_counter())}
        return Found(
            id=question_id or uuid4().hex,
            question=question,
            passages=ranked(generation.content, retrieved),
            timings=timings,
            stamp=self._stamp(generation, asked, refused=False),
            filters=filters,
        )

    def _generation(self) -> Generation:
        generation = self.current.get()
        if generation.manifest.embedder != self._embedder:
            made, wanted = generation.manifest.embedding_model, self.settings.embedding_model
            raise OtherModelError(f"the index was made with {made}, not {wanted}: run `commit-assistant index`")
        return generation

    @cached_property
    def _embedder(self) -> str:
        from index.embedding import embedding_fingerprint

        return embedding_fingerprint(self.settings.embedding_model, self.settings.cache)

    def _retrieve(
        self, generation: Generation, question: str, history: Sequence[Turn], k: int, filters: Filters
    ) -> tuple[Question, Retrieved]:
        retriever = self._retriever_of(generation)
        asked = understand(question, self._glossary, history, self.settings.longest_question)
        return asked, retriever.retrieve(asked, k, scope_of(filters, generation.content))

    def _retriever_of(self, generation: Generation) -> Retriever:
        with self._opening:
            if self._retriever is None or self._retriever[0] is not generation:
                # A new index may have come with a new glossary.
                self._glossary = Glossary.load(self.settings.sources)
                retriever = Retriever(generation, self._glossary, self._embed_query, self.settings.candidates)
                self._retriever = (generation, retriever)
            return self._retriever[1]

    @cached_property
    def _model(self) -> BaseEmbedding:
        from index.embedding import embedding_model

        settings = self.settings
        return embedding_model(settings.embedding_model, cache=settings.cache, batch_size=settings.embedding_batch)

    def _embed_query(self, text: str) -> Sequence[float]:
        with self._embedding:
            vector: Sequence[float] = self._model.get_query_embedding(text)
        return vector

    def _embed_texts(self, texts: list[str]) -> Sequence[Sequence[float]]:
        """Vectors of texts; embedded by length, so that a batch holds little padding."""
        order = sorted(range(len(texts)), key=lambda position: len(texts[position]))
        with self._embedding:
            vectors = self._model.get_text_embedding_batch([texts[position] for position in order])
        by_position = dict(zip(order, vectors, strict=True))
        return [by_position[position] for position in range(len(texts))]

    def _stamp(self, generation: Generation, asked: Question, *, refused: bool) -> Stamp:
        manifest = generation.manifest
        prompts = {"refuse": prompt("refuse", asked.language).version} if refused else {}
        return Stamp(
            generation=generation.id,
            corpus=manifest.corpus,
            embedding_model=manifest.embedding_model,
            prompts=prompts,
            version=package_version(),
        )


def _ms(start: float, end: float) -> float:
    return round((end - start) * 1000, 2)
