"""Answers written by the user's language model, checked sentence by sentence while they come."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answer import Support
from assistant.language_model.failures import ModelFailure, Trouble
from assistant.language_model.requests import Stop
from assistant.writing.checking import Checker
from assistant.writing.condensing import condensed
from assistant.writing.declining import declines, is_a_decline, may_decline, without_token
from assistant.writing.draft import Draft, drafted, without_last_if_cut
from assistant.writing.evidence_spans import UnitPool
from assistant.writing.plain import is_markup, plain
from assistant.writing.request import RequestMaker
from assistant.writing.sentences import written_sentences
from assistant.writing.signs import in_other_language, repeated_sentence, repeats
from index.errors import AssistantError, one_line
from index.search_text import search_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.answer import Turn
    from assistant.language_model.model import LanguageModel
    from assistant.language_model.provider import Piece
    from assistant.models import Models
    from assistant.settings import Settings
    from assistant.writing.checking import Checked
    from assistant.writing.context import Block
    from assistant.writing.request import ModelRequest
    from assistant.writing.sentences import WrittenSentence
    from index.content import Content
    from index.document import Passage
    from index.glossary import Glossary

_log = logging.getLogger(__name__)
_PAUSE = 0.1
"""Seconds between two drafts, at least."""
_LOOKED_AT = 400
"""Characters of a reply after which its language is looked at, and not only at its end."""


@dataclass(frozen=True)
class Task:
    """A question to be answered from passages, best first."""

    question: str
    """Standing alone."""
    language: str
    """BCP 47."""
    passages: Sequence[Passage]
    content: Content
    glossary: Glossary


class Writer:
    """Has a model write answers, and checks them. Safe for several threads."""

    def __init__(self, model: LanguageModel, models: Models, settings: Settings) -> None:
        self.model = model
        self._models = models
        self._settings = settings
        self._requests = RequestMaker(model, settings, models.embed_texts)
        self._workers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="checks")

    def write(self, task: Task, stop: Stop | None = None) -> Iterator[Draft]:
        """The answer as it grows; the last draft is complete, or says that the model declined to answer.

        Raises ModelFailure when nothing that was written can be used, StoppedError, WrongCallError.
        """
        stop = stop or Stop()
        try:
            yield from self._reply(task, self._request(task), stop)
        except ModelFailure as failure:
            if failure.trouble is not Trouble.TOO_LONG:
                raise
            # The server takes less than it says, or counts otherwise: once more with half.
            yield from self._reply(task, self._request(task, share=0.5), stop)

    def embed(self, texts: list[str]) -> Sequence[Sequence[float]]:
        """Vectors of texts, by the embedding model."""
        return self._models.embed_texts(texts)

    def condensed(self, question: str, history: Sequence[Turn], stop: Stop | None = None) -> str:
        """A follow-up as it stands alone; empty when the model makes nothing of it. Raises StoppedError."""
        return condensed(self.model, question, history, self._settings.prompts, stop)

    def warm(self) -> None:
        """Import, load and ask what the first answer needs; a model that cannot be reached is told when it is asked."""
        try:
            self.model.facts()
            self._models.relevance("COMMIT", "COMMIT")
            self.model.warm()
        except AssistantError as error:
            _log.warning("%s", one_line(error))

    def _request(self, task: Task, share: float = 1.0) -> ModelRequest:
        return self._requests.request(task.question, task.language, task.passages, task.content, share=share)

    def _reply(self, task: Task, request: ModelRequest, stop: Stop) -> Iterator[Draft]:
        reply = _Reply(task, request, self._checker(task, request), leave_out=self._settings.unsupported == "leave_out")
        for piece in self.model.stream(request.messages, request.reply, stop):
            reply.add(piece)
            if reply.due:
                yield reply.draft()
        yield reply.whole()

    def _checker(self, task: Task, request: ModelRequest) -> Checker:
        def text(block: Block, unit: tuple[int, int]) -> str:
            start, end = unit
            return search_text(block.text[start - block.start : end - block.start], task.glossary.ocr_spellings)

        def pool() -> UnitPool:
            return UnitPool(request.blocks, text).embedded(self._models.embed_texts)

        def gap(source_id: str, start: int, end: int) -> str:
            return task.content.document(source_id).text[start:end]

        # While the model reads the passages, their sentences are embedded.
        prepared = self._workers.submit(pool)
        return Checker(prepared, task.glossary, self._models.embed_texts, self._models.relevance, gap)


def _says_something(draft: Draft) -> bool:
    """Whether a sentence that is borne out, if weakly, says more than that there is no answer."""
    return any(
        sentence.support in {Support.SUPPORTED, Support.WEAK}
        and not is_a_decline(draft.text[sentence.start : sentence.end])
        for sentence in draft.sentences
    )


class _Reply:
    """A reply on its way."""

    def __init__(self, task: Task, request: ModelRequest, checker: Checker, *, leave_out: bool) -> None:
        self._task = task
        self._request = request
        self._checker = checker
        self._leave_out = leave_out
        self._began = time.perf_counter()
        self._shown = 0.0
        self._first: float | None = None
        self._checking = 0.0
        self._raw = ""
        self._end = ""
        self._looked_at = 0
        self._tokens: dict[str, int] = {}

    def add(self, piece: Piece) -> None:
        """Take in what has come. Raises ModelFailure when it goes wrong."""
        if piece.text and self._first is None:
            self._first = time.perf_counter()
        self._raw += piece.text
        self._end = piece.end or self._end
        counted = {"prompt": piece.prompt_tokens, "reply": piece.reply_tokens}
        self._tokens |= {name: number for name, number in counted.items() if number is not None}
        if len(self._raw) - self._looked_at >= _LOOKED_AT:
            self._looked_at = len(self._raw)
            self._look()

    @property
    def due(self) -> bool:
        """Whether there is something new to show."""
        waited = time.perf_counter() - self._shown >= _PAUSE
        return waited and bool(self._raw.strip()) and not may_decline(plain(self._raw, whole=False))

    def draft(self) -> Draft:
        """What there is: all sentences but the last one checked."""
        written = written_sentences(self._raw, len(self._request.blocks), whole=False)
        checked = [(one, self._check(one, written)) for one in written[:-1]]
        growing = [*checked, *((one, None) for one in written[-1:])]
        found = drafted(growing, self._task.content, leave_out=self._leave_out)
        self._shown = time.perf_counter()
        return self._timed(found)

    def whole(self) -> Draft:
        """The complete answer. Raises ModelFailure when it cannot be used."""
        self._look()
        written = written_sentences(without_token(self._raw), len(self._request.blocks), whole=True)
        cut = self._end == "length"
        checked = [(one, self._check(one, written)) for one in without_last_if_cut(written, cut=cut)]
        found = drafted(checked, self._task.content, leave_out=self._leave_out)
        text = plain(self._raw, whole=True)
        if declines(text, supported=_says_something(found)):
            return self._timed(Draft(declined=True))
        if not text:
            raise ModelFailure(Trouble.EMPTY)
        if in_other_language(found.text or text, self._task.language):
            raise ModelFailure(Trouble.OTHER_LANGUAGE)
        if not found.supported:
            raise ModelFailure(Trouble.UNSUPPORTED)
        return self._timed(replace(found, cut=cut))

    def _look(self) -> None:
        """Raise ModelFailure for signs that nothing useful will come."""
        if is_markup(self._raw):
            raise ModelFailure(Trouble.MARKUP)
        text = plain(self._raw, whole=True)
        written = written_sentences(self._raw, len(self._request.blocks), whole=True)
        if repeats(text) or repeated_sentence([sentence.text for sentence in written]):
            raise ModelFailure(Trouble.REPEATING)
        if len(text) >= _LOOKED_AT and in_other_language(text, self._task.language):
            raise ModelFailure(Trouble.OTHER_LANGUAGE)

    def _check(self, sentence: WrittenSentence, written: Sequence[WrittenSentence]) -> Checked:
        began = time.perf_counter()
        # A line that introduces a list rests on what its items cite.
        items = [one for one in written if sentence.introduces and one.introduction == sentence.text]
        checked = self._checker.check(sentence, tuple(dict.fromkeys(n for item in items for n in item.cites)))
        self._checking += time.perf_counter() - began
        return checked

    def _timed(self, draft: Draft) -> Draft:
        now = time.perf_counter()
        timings = {"write_ms": now - self._began, "check_ms": self._checking}
        if self._first is not None:
            timings["first_token_ms"] = self._first - self._began
        rounded = {name: round(seconds * 1000, 2) for name, seconds in timings.items()}
        return replace(draft, timings=rounded, tokens=dict(self._tokens))
