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
    from assistant.reader.reader import Reader
    from assistant.user_models import UserModel

PACKAGED_READER, NO_READER = "packaged", "none"
_SPAN_WEIGHT = 0.1
"""Weight of the reader's answer score of a sentence beside its window's relevance."""
_LEAST_SPAN = -15.0
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
    ) -> list[WindowScore]:
        """Relevance and answer as the reader gives them."""
        readings = self.reader.read(question.search_text, [window.text for window in windows])
        scores = []
        for window, reading in zip(windows, readings, strict=True):
            sentences, begin = [], 0
            for text in window.texts:
                within = max(reading.score_within(begin, begin + len(text)), _LEAST_SPAN)
                sentences.append(_SPAN_WEIGHT * within)
                begin += len(text) + 1
            answer = max(reading.span_score, _LEAST_SPAN)
            scores.append(WindowScore(reading.relevance, answer, tuple(sentences), reading.span))
        return scores


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
