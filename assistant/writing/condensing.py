"""A follow-up made a question that stands alone, and a name for a conversation, by the language model."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import regex

from assistant.language_model.failures import ModelFailure
from assistant.language_model.provider import Message
from assistant.prompts import prompt
from assistant.question import question_language
from assistant.writing.for_model import for_model
from assistant.writing.plain import plain
from assistant.writing.signs import in_other_language
from index.quantities import present_quantities, quantities
from index.search_text import search_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from assistant.answer import Turn
    from assistant.language_model.model import LanguageModel
    from assistant.language_model.requests import Stop

_log = logging.getLogger(__name__)
_TURNS = 6
_LONGEST_TURN = 600
"""Characters of an earlier message that are told; the beginning says what it is about."""
_QUESTION_TOKENS, _TITLE_TOKENS = 150, 40
_LONGEST_TITLE = 80
_LABEL = regex.compile(r"^(?:standalone |last )?(?:question|问题|問題|câu hỏi|คำถาม)\s*[:：]\s*", regex.IGNORECASE)


def condensed(
    model: LanguageModel, question: str, history: Sequence[Turn], folder: Path | None, stop: Stop | None = None
) -> str:
    """The question as it can be understood alone; empty when the model gives nothing that can be trusted.

    A number or date that stands nowhere in the conversation, another language or an answer is not trusted. Raises
    StoppedError.
    """
    language = question_language(question)
    messages = prompt("condense", language, folder).messages(history=_told(history), question=for_model(question))
    said = _one_line(model, messages, _QUESTION_TOKENS, stop)
    said = _LABEL.sub("", said)
    if not said or len(said) > max(300, 4 * len(question)) or in_other_language(said, language):
        return ""
    known = search_text("\n".join((question, *(turn.content for turn in history))))
    terms = [one.term for one in quantities(search_text(said))]
    return said if len(present_quantities(terms, known)) == len(set(terms)) else ""


def title_of(model: LanguageModel, history: Sequence[Turn], folder: Path | None) -> str:
    """A name of a few words for a conversation; the beginning of its first question when the model gives none."""
    first = next((turn.content for turn in history if turn.role == "user"), "")
    messages = prompt("title", question_language(first), folder).messages(history=_told(history))
    said = _one_line(model, messages, _TITLE_TOKENS, None).strip(" .。\"'“”「」《》")
    return said if 0 < len(said) <= _LONGEST_TITLE else first[:_LONGEST_TITLE]


def _told(history: Sequence[Turn]) -> list[dict[str, str]]:
    return [{"role": turn.role, "content": for_model(turn.content[:_LONGEST_TURN])} for turn in history[-_TURNS:]]


def _one_line(model: LanguageModel, messages: Sequence[tuple[str, str]], tokens: int, stop: Stop | None) -> str:
    sent = [Message("system" if role == "system" else "user", content) for role, content in messages]
    try:
        reply = plain(model.reply(sent, tokens, stop), whole=True)
    except ModelFailure as failure:
        _log.info("not condensed: %s", failure.trouble)
        return ""
    return next((line.strip() for line in reply.split("\n") if line.strip()), "")
