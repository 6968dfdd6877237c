"""A question → the passages that were found for it and read closely, before anything is decided."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from assistant.close_reading import PASSAGES, CloseReading, merged, open_windows, read_closely
from assistant.filters import Filters
from assistant.parts import parts
from assistant.question import Question, about, understand
from assistant.retrieval import Retriever
from assistant.scope import scope_of
from index.glossary import Glossary
from index.suggestions import suggested_title

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.answer import Turn
    from assistant.models import Models
    from assistant.settings import Settings
    from index.content import Content
    from index.generation import Generation


@dataclass(frozen=True)
class Request:
    """What is wanted of the index: the best `k` passages, to be answered from or only to be shown."""

    question: str
    history: Sequence[Turn] = ()
    k: int = PASSAGES
    filters: Filters = field(default_factory=Filters)
    answering: bool = True

    def standing_alone(self, question: str) -> Request:
        """The same with a question that needs no history."""
        return replace(self, question=question, history=())


class Finder:
    """Understands questions, finds passages and has them read; keeps what it opened of the generation in use."""

    def __init__(self, settings: Settings, models: Models) -> None:
        self._settings = settings
        self._models = models
        self._opening = threading.Lock()
        self._opened: tuple[Generation, Retriever, Glossary] | None = None

    def find(self, generation: Generation, request: Request) -> tuple[Question, CloseReading, dict[str, float]]:
        """What is asked, the best `k` passages as they were read, and the time it took by stage, in ms.

        A question about several things side by side is asked about each. Raises AssistantError.
        """
        retriever, glossary = self._open(generation)
        asked = understand(request.question, glossary, request.history, self._settings.longest_question)
        things = [about(asked, part, glossary) for part in parts(asked.search_text, glossary)]
        readings: list[CloseReading] = []
        timings: defaultdict[str, float] = defaultdict(float)
        for thing in things or [asked]:
            reading, laps = self._read(generation, retriever, thing, request)
            readings.append(reading)
            for name, lap in laps.items():
                timings[name] += lap
        reading = merged(readings) if things else readings[0]
        rounded = {name: round(lap, 2) for name, lap in timings.items()}
        return asked, replace(reading, passages=reading.passages[: request.k]), rounded

    def glossary(self, generation: Generation) -> Glossary:
        """The glossary that goes with a generation."""
        return self._open(generation)[1]

    def _read(
        self, generation: Generation, retriever: Retriever, asked: Question, request: Request
    ) -> tuple[CloseReading, dict[str, float]]:
        found = retriever.retrieve(asked, max(request.k, PASSAGES), scope_of(request.filters, generation.content))
        began = time.perf_counter()
        opened = []
        if request.answering or self._models.scorer.reorders:
            opened = open_windows(
                found.passages,
                generation.content.document,
                generation.manifest.ocr_spellings,
                lambda source_id: _title(generation.content, source_id),
            )
        reading = read_closely(asked, found, opened, self._models.scorer, sentences=request.answering)
        return reading, {**found.timings, "read_ms": (time.perf_counter() - began) * 1000}

    def _open(self, generation: Generation) -> tuple[Retriever, Glossary]:
        with self._opening:
            if self._opened is None or self._opened[0] is not generation:
                # A new index may have come with a new glossary.
                glossary = Glossary.load(self._settings.sources)
                retriever = Retriever(generation, glossary, self._models.embed_query, self._settings.candidates)
                self._opened = (generation, retriever, glossary)
            return self._opened[1:]


def _title(content: Content, source_id: str) -> str:
    """What the catalogue calls a document, else what it seems to call itself."""
    return content.entry(source_id).title or suggested_title(content.document(source_id))
