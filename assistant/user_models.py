"""Models of the user's that read windows: cross-encoders, and question-answering models."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Protocol

from assistant.close_reading import WindowScore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.close_reading import OpenWindow

_LONGEST_PAIR = 384
"""Tokens of question and window together."""
_LONGEST_ANSWER = 40
"""Tokens."""


class UserModel(Protocol):
    """Scores windows for a question."""

    def score(self, question: str, windows: Sequence[OpenWindow]) -> list[WindowScore]:
        """One score for each window, in the scale of the model's logits."""


def user_model(name: str) -> UserModel:
    """The model of a name or folder. Raises whatever transformers raises where there is none that can be used."""
    from transformers import AutoConfig

    config = AutoConfig.from_pretrained(name, local_files_only=True)
    answers = any(kind.endswith("ForQuestionAnswering") for kind in config.architectures or ())
    return _AnswerModel(name) if answers else _CrossEncoder(name)


class _CrossEncoder:
    """Gives one logit for a pair of question and text, through sentence-transformers."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import CrossEncoder
        from torch import nn

        self._model: Any = CrossEncoder(name, local_files_only=True, activation_fn=nn.Identity())

    def score(self, question: str, windows: Sequence[OpenWindow]) -> list[WindowScore]:
        texts = [text for window in windows for text in (window.text, *window.texts)]
        logits = iter(self._model.predict([(question, text) for text in texts]))
        scores = []
        for window in windows:
            relevance = float(next(logits))
            sentences = [float(next(logits)) for _ in window.texts]
            scores.append(WindowScore(relevance, max(sentences, default=-math.inf), tuple(sentences)))
        return scores


class _AnswerModel:
    """Gives each token a logit as an answer's first and as its last, the first token of all standing for none.

    A window's relevance is by how much its best answer is likelier than none (Devlin et al., 2019).
    """

    def __init__(self, name: str) -> None:
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        self._tokenizer: Any = AutoTokenizer.from_pretrained(name, local_files_only=True)
        self._model: Any = AutoModelForQuestionAnswering.from_pretrained(name, local_files_only=True).eval()

    def score(self, question: str, windows: Sequence[OpenWindow]) -> list[WindowScore]:
        import torch

        encoded = self._tokenizer(
            [question] * len(windows),
            [window.text for window in windows],
            truncation="only_second",
            max_length=_LONGEST_PAIR,
            padding=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        places = encoded.pop("offset_mapping").tolist()
        with torch.inference_mode():
            output = self._model(**encoded)
        logits = zip(output.start_logits.tolist(), output.end_logits.tolist(), strict=True)
        scores = []
        for row, (window, (starts, ends)) in enumerate(zip(windows, logits, strict=True)):
            none = starts[0] + ends[0]
            told = [at for at, side in enumerate(encoded.sequence_ids(row)) if side == 1]
            answers = [
                (starts[first] + ends[last] - none, places[row][first][0], places[row][last][1])
                for number, first in enumerate(told)
                for last in told[number : number + _LONGEST_ANSWER]
            ]
            best = max(answers, default=(-math.inf, 0, 0))
            within, begin = [], 0
            for text in window.texts:
                end = begin + len(text)
                own = max((score for score, a, b in answers if begin <= a and b <= end), default=best[0])
                within.append(own - best[0] if answers else 0.0)
                begin = end + 1
            relevance = best[0] if answers else 0.0
            scores.append(WindowScore(relevance, relevance, tuple(within), best[1:]))
        return scores
