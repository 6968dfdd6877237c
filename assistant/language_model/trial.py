"""A look at the language model: whether it answers, what it takes, how fast it is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.language_model.failures import ModelFailure, Trouble
from assistant.language_model.provider import Message

if TYPE_CHECKING:
    from assistant.language_model.model import LanguageModel

_TASK = (
    Message("system", "You do what you are asked, and say nothing else."),
    Message("user", "Write the numbers from 1 to 30, separated by spaces."),
)
_TOKENS = 64


@dataclass(frozen=True)
class Trial:
    """What came of it."""

    name: str
    context: int
    """Tokens."""
    first_token: float
    """Seconds until the first word."""
    speed: float
    """Tokens a second after that; bits of the stream where the server does not count."""


def trial(model: LanguageModel) -> Trial:
    """Have a model write a line. Raises ModelFailure, WrongCallError."""
    context = model.context
    model.warm()
    began = first = time.perf_counter()
    pieces, tokens = 0, None
    for piece in model.stream(_TASK, _TOKENS):
        if piece.text:
            pieces += 1
            first = time.perf_counter() if pieces == 1 else first
        tokens = piece.reply_tokens or tokens
    if not pieces:
        raise ModelFailure(Trouble.EMPTY)
    writing = max(time.perf_counter() - first, 1e-3)
    return Trial(model.name, context, first - began, max((tokens or pieces) - 1, 0) / writing)
