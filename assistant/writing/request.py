"""What a model is asked: the passages that fit its window, numbered, and the question."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from assistant.language_model.failures import ModelFailure, Trouble
from assistant.language_model.provider import Message
from assistant.prompts import prompt
from assistant.writing.context import blocks, chosen
from assistant.writing.declining import NO_ANSWER
from assistant.writing.for_model import fence_for, for_model

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from assistant.language_model.model import LanguageModel
    from assistant.prompts import Prompt
    from assistant.settings import Settings
    from assistant.writing.context import Block
    from index.content import Content
    from index.document import Passage

_PER_MESSAGE = 16
"""Tokens that a server adds around a message, at most."""
_PER_PASSAGE = 60
"""Tokens of the lines around a passage, with its title."""
_TRANSLATION = 0.85
"""Cosine from which a passage in another language may say the same; passages of one topic have .75 to .85."""
_SMALLEST_REPLY = 200
LANGUAGE_NAMES = {
    "en": "English",
    "zh-Hans": "Chinese (simplified characters)",
    "zh-Hant": "Chinese (traditional characters)",
    "vi": "Vietnamese",
    "th": "Thai",
    "km": "Khmer",
    "lo": "Lao",
    "my": "Burmese",
    "ja": "Japanese",
    "ko": "Korean",
    "fr": "French",
    "de": "German",
    "es": "Spanish",
    "id": "Indonesian",
    "ms": "Malay",
}


@dataclass(frozen=True)
class ModelRequest:
    """A request with the blocks that it shows."""

    messages: tuple[Message, ...]
    blocks: tuple[Block, ...]
    reply: int
    """Longest reply, in tokens."""
    prompt: Prompt


class RequestMaker:
    """Makes requests for one model."""

    def __init__(
        self,
        model: LanguageModel,
        settings: Settings,
        embed: Callable[[list[str]], Sequence[Sequence[float]]],
    ) -> None:
        self._model = model
        self._settings = settings
        self._embed = embed
        self._tokens = lru_cache(maxsize=512)(model.count)

    def request(
        self, question: str, language: str, passages: Sequence[Passage], content: Content, *, share: float = 1.0
    ) -> ModelRequest:
        """The request that answers a question, with as many of the passages as fit into `share` of the window.

        Raises ModelFailure when not even the first one fits, and what the model raises.
        """
        template = prompt("answer", language, self._settings.prompts)
        context = int(self._model.context * share)
        reply = min(self._settings.llm_reply, max(context // 3, _SMALLEST_REPLY))
        room = context - reply - self._size(self._messages(template, question, language, []))
        positions = chosen(passages, self._size_of, room, lambda: self._partners(passages))
        while positions:
            given = blocks([passages[at] for at in positions], content)
            messages = self._messages(template, question, language, given)
            if self._size(messages) + reply <= context:
                return ModelRequest(tuple(messages), tuple(given), reply, template)
            positions.pop()
        raise ModelFailure(Trouble.TOO_LONG)

    def _messages(self, template: Prompt, question: str, language: str, given: Sequence[Block]) -> list[Message]:
        texts = [for_model(block.text) for block in given]
        shown = [
            {"number": block.number, "title": for_model(block.title), "date": for_model(block.date), "text": text}
            for block, text in zip(given, texts, strict=True)
        ]
        filled = template.messages(
            passages=shown,
            question=for_model(question),
            language=LANGUAGE_NAMES.get(language, "the language of the question"),
            fence=fence_for([question, *texts]),
            no_answer=NO_ANSWER,
        )
        return [Message("system" if role == "system" else "user", content) for role, content in filled]

    def _size(self, messages: Sequence[Message]) -> int:
        return sum(self._tokens(message.content) + _PER_MESSAGE for message in messages)

    def _size_of(self, passage: Passage) -> int:
        return int(self._tokens(for_model(passage.text))) + _PER_PASSAGE

    def _partners(self, passages: Sequence[Passage]) -> Mapping[int, int]:
        """For each passage, the one in another language that is nearest to it if each is the other's nearest."""
        vectors = np.asarray(self._embed([passage.text for passage in passages]), dtype=np.float32)
        cosines = vectors @ vectors.T
        languages = np.array([passage.language for passage in passages])
        cosines[languages[:, None] == languages[None, :]] = -1.0
        nearest = cosines.argmax(axis=1)
        return {
            at: int(other)
            for at, other in enumerate(nearest)
            if nearest[other] == at and cosines[at, other] >= _TRANSLATION
        }
