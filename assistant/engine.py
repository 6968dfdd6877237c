"""The assistant: opens the index, takes a question, gives an answer that can be quoted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import uuid4

from assistant.answer import Answer, Found, Stamp
from assistant.composing import NEAREST, notice_of, quoted, quoted_citations, refusal, written
from assistant.evidence import evidence, evidence_floor
from assistant.filters import Filters
from assistant.finding import Finder, Request
from assistant.language_model.failures import ModelFailure
from assistant.language_model.model import language_model
from assistant.models import Models
from assistant.prompts import prompt
from assistant.ranking import ranked
from index.build import package_version
from index.errors import AssistantError, WrongCallError
from index.generation import Generation, current_generation
from index.search_text import search_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.answer import Turn
    from assistant.close_reading import CloseReading
    from assistant.language_model.requests import Stop
    from assistant.question import Question
    from assistant.settings import Settings
    from assistant.writing.writer import Task, Writer


class OtherModelError(AssistantError):
    """The index was made with another embedding model than the settings name."""


class Assistant:
    """Answers questions from the index in use; safe for several threads, and sees a new index without a restart."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.current = current_generation(settings)
        self._models = Models(settings)
        self._finder = Finder(settings, self._models)
        self._writer = _writer(settings, self._models)

    def warm(self) -> None:
        """Load the index and the models, so that the first question need not."""
        generation = self._generation()
        self._finder.find(generation, Request("COMMIT"))
        if self._writer is not None:
            self._writer.warm()

    def ask(
        self, question: str, *, history: Sequence[Turn] = (), question_id: str = "", filters: Filters | None = None
    ) -> Answer:
        """Answer a question with the sources' exact words, or refuse and name the nearest passages.

        With a language model, the answer is written by it, and every sentence checked against the sources. Only what
        fits the filters is looked at. Raises AssistantError, whose message a user can act on: an unusable question, a
        filter for what no source has, no index, a damaged one.
        """
        *_, answer = self.stream(question, history=history, question_id=question_id, filters=filters)
        return answer

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        question_id: str = "",
        filters: Filters | None = None,
        stop: Stop | None = None,
    ) -> Iterator[Answer]:
        """The answer as it grows; the last one is complete.

        A language model's failure becomes a notice on the quoted answer. Raises what `ask` raises, and StoppedError
        when `stop` is called while a language model is at work.
        """
        began = time.perf_counter()
        generation = self._generation()
        request = Request(question, history, max(self.settings.passages, NEAREST), filters or Filters())
        request, first = self._condensed(request, stop)
        asked, reading, timings = self._finder.find(generation, request)
        support = evidence(asked, reading)
        deciding = time.perf_counter()
        cited = quoted_citations(asked, reading, generation.content, self.settings.answer_length)
        now = time.perf_counter()
        answer = Answer(
            id=question_id or uuid4().hex,
            question=question,
            answer="",
            refused=False,
            passages=ranked(generation.content, reading.passages),
            timings=first | timings | {"select_ms": _ms(deciding, now), "total_ms": _ms(began, now)},
            stamp=self._stamp(generation),
            filters=request.filters,
            language=asked.language,
            evidence=round(support, 4),
            understood=_understood(question, request, asked),
        )
        if support < evidence_floor(self.settings) or not cited:
            yield refusal(answer, reading, generation.content, self.settings.prompts)
            return
        if self._writer is not None:
            try:
                yield from self._written(answer, (asked, reading), generation, began, stop)
            except ModelFailure as failure:
                answer = answer.model_copy(update={"notice": notice_of(failure)})
            else:
                return
        answer.timings["total_ms"] = _ms(began, time.perf_counter())
        yield from quoted(answer, cited)

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
        _, reading, timings = self._finder.find(generation, Request(question, history, k, filters, answering=False))
        timings["total_ms"] = _ms(began, time.perf_counter())
        return Found(
            id=question_id or uuid4().hex,
            question=question,
            passages=ranked(generation.content, reading.passages),
            timings=timings,
            stamp=self._stamp(generation),
            filters=filters,
        )

    def title(self, history: Sequence[Turn]) -> str:
        """A name of a few words for a conversation; without a language model the beginning of its first question."""
        from assistant.writing.condensing import title_of

        if self._writer is None:
            return next((turn.content for turn in history if turn.role == "user"), "")[:80]
        return title_of(self._writer.model, history, self.settings.prompts)

    def read(self, question: str, *, history: Sequence[Turn] = ()) -> tuple[Question, CloseReading]:
        """What is asked and what was read for it, before anything is decided. Raises what `ask` raises."""
        asked, reading, _ = self._finder.find(self._generation(), Request(question, history))
        return asked, reading

    def _written(
        self,
        answer: Answer,
        found: tuple[Question, CloseReading],
        generation: Generation,
        began: float,
        stop: Stop | None,
    ) -> Iterator[Answer]:
        """The answer as the model writes it, or a refusal when it says that there is none. Raises ModelFailure."""
        asked, reading = found
        writer, task = self.writing(asked, reading, generation)
        version = prompt("answer", asked.language, self.settings.prompts).version
        writer.model.facts()
        stamp = {"engine": writer.model.name, "prompts": {**answer.stamp.prompts, "answer": version}}
        answer = answer.model_copy(update={"stamp": answer.stamp.model_copy(update=stamp)})
        for draft in writer.write(task, stop):
            answer = written(answer, draft)
            answer.timings["total_ms"] = _ms(began, time.perf_counter())
            if draft.declined:
                answer = refusal(answer, reading, generation.content, self.settings.prompts)
            yield answer

    def writing(
        self, asked: Question, reading: CloseReading, generation: Generation | None = None
    ) -> tuple[Writer, Task]:
        """What writes, and what it is to write, for what `read` gave. Raises WrongCallError where nothing writes."""
        from assistant.writing.writer import Task

        if self._writer is None:
            raise WrongCallError("no language model writes: set llm")
        generation = generation or self._generation()
        passages = [found.passage for found in reading.passages[: self.settings.passages]]
        glossary = self._finder.glossary(generation)
        return self._writer, Task(asked.text, asked.language, passages, generation.content, glossary)

    def _condensed(self, request: Request, stop: Stop | None) -> tuple[Request, dict[str, float]]:
        """A follow-up as the model understands it, if there is a model and it does, and the time that took."""
        if self._writer is None or not request.history:
            return request, {}
        began = time.perf_counter()
        alone = self._writer.condensed(request.question, request.history, stop)
        took = {"condense_ms": _ms(began, time.perf_counter())}
        return (request.standing_alone(alone), took) if alone else (request, took)

    def _generation(self) -> Generation:
        generation = self.current.get()
        if generation.manifest.embedder != self._models.fingerprint:
            made, wanted = generation.manifest.embedding_model, self.settings.embedding_model
            raise OtherModelError(f"the index was made with {made}, not {wanted}: run `commit-assistant index`")
        return generation

    def _stamp(self, generation: Generation) -> Stamp:
        manifest = generation.manifest
        return Stamp(
            generation=generation.id,
            corpus=manifest.corpus,
            embedding_model=manifest.embedding_model,
            reader=self.settings.reader,
            version=package_version(),
        )


def _writer(settings: Settings, models: Models) -> Writer | None:
    model = language_model(settings)
    if model is None:
        return None
    from assistant.writing.writer import Writer

    return Writer(model, models, settings)


def _understood(question: str, request: Request, asked: Question) -> str:
    """The question as it was searched for, when that takes something from the questions before it."""
    if request.question != question:
        return request.question
    return asked.search_text if request.history and asked.search_text != search_text(question) else ""


def _ms(start: float, end: float) -> float:
    return round((end - start) * 1000, 2)
