"""The assistant: opens the index, takes a question, gives an answer that can be quoted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import uuid4

from assistant.answer import Answer, Found, Stamp
from assistant.citing import citations
from assistant.evidence import evidence, evidence_floor
from assistant.filters import Filters
from assistant.finding import Finder, Request
from assistant.models import Models
from assistant.prompts import prompt
from assistant.quoting import nearest_sentence, quotations
from assistant.ranking import ranked
from index.build import package_version
from index.errors import AssistantError
from index.generation import Generation, current_generation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.answer import Turn
    from assistant.close_reading import CloseReading
    from assistant.question import Question
    from assistant.settings import Settings

_NEAREST = 3


class OtherModelError(AssistantError):
    """The index was made with another embedding model than the settings name."""


class Assistant:
    """Answers questions from the index in use; safe for several threads, and sees a new index without a restart."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.current = current_generation(settings)
        self._models = Models(settings)
        self._finder = Finder(settings, self._models)

    def warm(self) -> None:
        """Load the index and the model, so that the first question need not."""
        generation = self._generation()
        self._finder.find(generation, Request("COMMIT"))

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
        asked, reading, timings = self._finder.find(generation, Request(question, history, wanted, filters))
        support = evidence(asked, reading)
        refused = support < evidence_floor(self.settings) or not reading.passages
        selecting = time.perf_counter()
        if refused:
            chosen = [nearest_sentence(found, reading) for found in reading.passages[:_NEAREST]]
        else:
            chosen = quotations(asked, reading, generation.content.document, self.settings.answer_length)
        quoted = citations(generation.content, chosen)
        now = time.perf_counter()
        timings |= {"select_ms": _ms(selecting, now), "total_ms": _ms(began, now)}
        complete = Answer(
            id=question_id or uuid4().hex,
            question=question,
            answer="",
            refused=refused or not quoted,
            passages=ranked(generation.content, reading.passages),
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
        asked, reading, timings = self._finder.find(generation, Request(question, history, k, filters, answering=False))
        timings["total_ms"] = _ms(began, time.perf_counter())
        return Found(
            id=question_id or uuid4().hex,
            question=question,
            passages=ranked(generation.content, reading.passages),
            timings=timings,
            stamp=self._stamp(generation, asked, refused=False),
            filters=filters,
        )

    def read(self, question: str, *, history: Sequence[Turn] = ()) -> tuple[Question, CloseReading]:
        """What is asked and what was read for it, before anything is decided. Raises what `ask` raises."""
        asked, reading, _ = self._finder.find(self._generation(), Request(question, history))
        return asked, reading

    def _generation(self) -> Generation:
        generation = self.current.get()
        if generation.manifest.embedder != self._models.fingerprint:
            made, wanted = generation.manifest.embedding_model, self.settings.embedding_model
            raise OtherModelError(f"the index was made with {made}, not {wanted}: run `commit-assistant index`")
        return generation

    def _stamp(self, generation: Generation, asked: Question, *, refused: bool) -> Stamp:
        manifest = generation.manifest
        prompts = {"refuse": prompt("refuse", asked.language).version} if refused else {}
        return Stamp(
            generation=generation.id,
            corpus=manifest.corpus,
            embedding_model=manifest.embedding_model,
            prompts=prompts,
            reader=self.settings.reader,
            version=package_version(),
        )


def _ms(start: float, end: float) -> float:
    return round((end - start) * 1000, 2)
