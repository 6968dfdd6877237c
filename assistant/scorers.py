"""What reads windows for an answer: the reader, a model of the user's, or the embedding model alone."""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from assistant.close_reading import WindowScore
from index.errors import AssistantError, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from assistant.close_reading import OpenWindow, WindowScorer
    from assistant.question import Question
    from assistant.reader.reader import Reader, Reading
    from assistant.user_models import UserModel

PACKAGED_READER, NO_READER = "packaged", "none"
_SPAN_WEIGHT = 0.05
"""Weight of the reader's answer score of a sentence beside its window's relevance."""
_LEAST_SPAN = -15.0
_ALONE_WEIGHT = 0.5
"""Weight of the relevance that the reader gives a sentence by itself."""
_READ_ALONE = 6
"""Sentences read by themselves: those behind them cannot become the best."""
_COSINE_UNIT = 0.025
"""Difference of two sentences' cosines that counts like 1 in relevance; e5-small's spread by about that."""


class ScorerError(AssistantError):
    """A reader of the user's cannot be used."""


class ReaderScorer:
    """The small reader that comes with the program."""

    name = "reader"
    reorders = True

    def __init__(self, reader: Reader) -> None:
        self.reader = reader

    def score(
        self,
        question: Question,
        vectors: Mapping[str, Sequence[float]],  # noqa: ARG002 - it needs none
        windows: Sequence[OpenWindow],
        *,
        sentences: bool = True,
    ) -> list[WindowScore]:
        """Relevance and answer as the reader gives them; the likeliest sentences are read once more by themselves."""
        texts, contexts = [window.text for window in windows], [window.context for window in windows]
        readings = self.reader.read(question.search_text, texts, contexts)
        within = [_within(window, reading) for window, reading in zip(windows, readings, strict=True)]
        alone = self._alone(question, windows, readings, within) if sentences else {}
        least = min(alone.values(), default=0.0)
        found = []
        for at, (reading, scores) in enumerate(zip(readings, within, strict=True)):
            added = (one + _ALONE_WEIGHT * alone.get((at, number), least) for number, one in enumerate(scores))
            answer = max(reading.span_score, _LEAST_SPAN)
            read = [alone[at, number] for number in range(len(scores)) if (at, number) in alone]
            found.append(WindowScore(reading.relevance, answer, tuple(added), reading.span, max(read, default=None)))
        return found

    def _alone(
        self,
        question: Question,
        windows: Sequence[OpenWindow],
        readings: Sequence[Reading],
        within: Sequence[Sequence[float]],
    ) -> dict[tuple[int, int], float]:
        """Relevance of the likeliest sentences by themselves, by number of window and of sentence."""
        ranked = sorted(
            (
                (window.found.score + reading.relevance + score, at, number)
                for at, (window, reading, scores) in enumerate(zip(windows, readings, within, strict=True))
                for number, score in enumerate(scores)
            ),
            reverse=True,
        )
        places = [(at, number) for _, at, number in ranked[:_READ_ALONE]]
        # A window of one sentence was read by itself already.
        unread = [place for place in places if len(windows[place[0]].texts) > 1]
        read = self.reader.read(
            question.search_text,
            [windows[at].texts[number] for at, number in unread],
            [windows[at].context for at, _ in unread],
        )
        known = {(at, number): readings[at].relevance for at, number in places}
        return known | {place: reading.relevance for place, reading in zip(unread, read, strict=True)}


def _within(window: OpenWindow, reading: Reading) -> list[float]:
    """What the best answer within each sentence of a window adds to its relevance."""
    found, begin = [], 0
    for text in window.texts:
        found.append(_SPAN_WEIGHT * max(reading.score_within(begin, begin + len(text)), _LEAST_SPAN))
        begin += len(text) + 1
    return found


class CosineScorer:
    """The embedding model alone: how near each sentence is to the question."""

    name = "cosine"
    reorders = False

    def __init__(self, embed: Callable[[list[str]], Sequence[Sequence[float]]]) -> None:
        self._embed = embed

    def score(
        self,
        question: Question,  # noqa: ARG002 - its vectors are all that is needed
        vectors: Mapping[str, Sequence[float]],
        windows: Sequence[OpenWindow],
        *,
        sentences: bool = True,  # noqa: ARG002 - they cost nothing more
    ) -> list[WindowScore]:
        """No relevance of the window, and each sentence's cosine in units in which sentences differ."""
        texts = [text for window in windows for text in window.texts]
        rows = iter(self._embed(texts))
        scores = []
        for window in windows:
            question_vector = vectors[window.found.nearness.group]
            cosines = [float(np.dot(next(rows), question_vector)) / _COSINE_UNIT for _ in window.texts]
            scores.append(WindowScore(0.0, max(cosines, default=0.0), tuple(cosines)))
        return scores


class UserScorer:
    """A cross-encoder or a question-answering model by name or path; which it is, its configuration says."""

    name = "cross-encoder"
    reorders = True

    def __init__(self, model: str) -> None:
        self._name = model
        self._lock = threading.Lock()

    def score(
        self,
        question: Question,
        vectors: Mapping[str, Sequence[float]],  # noqa: ARG002 - it needs none
        windows: Sequence[OpenWindow],
        *,
        sentences: bool = True,  # noqa: ARG002 - they cost nothing more
    ) -> list[WindowScore]:
        """What the model says of windows and of their sentences. Raises ScorerError when it cannot be used."""
        with self._lock:
            return self._model.score(question.search_text, windows)

    @cached_property
    def _model(self) -> UserModel:
        from index.offline import stay_offline

        stay_offline()
        from assistant.user_models import user_model

        try:
            return user_model(self._name)
        except Exception as error:  # whatever transformers raises for a folder that holds no such model
            raise ScorerError(
                f"the reader {self._name!r} cannot be loaded ({one_line(error)}): name a folder with a cross-encoder "
                f"or a question-answering model, `{PACKAGED_READER}`, or `{NO_READER}`"
            ) from error


def scorer_name(reader: str) -> str:
    """The name of the scorer of a setting."""
    kinds = {NO_READER: CosineScorer.name, PACKAGED_READER: ReaderScorer.name}
    return kinds.get(reader, UserScorer.name)


def window_scorer(
    name: str, cache: Path | None, embed: Callable[[list[str]], Sequence[Sequence[float]]]
) -> WindowScorer:
    """The scorer of a setting: `packaged`, `none`, or a name or folder of a model. Nothing is loaded yet."""
    if name == NO_READER:
        return CosineScorer(embed)
    if name == PACKAGED_READER:
        from assistant.reader.reader import Reader

        return ReaderScorer(Reader(cache))
    return UserScorer(name)
