"""One conversation on the page: what was asked, and what came of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.answer import Answer, Turn
from assistant.web.answer_view import answer_html, failure_html, pending_html, question_html, stopped_html
from assistant.web.narrowing import Within
from assistant.web.texts import texts
from index.errors import AssistantError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.engine import Assistant
    from assistant.web.texts import PageLanguage

_log = logging.getLogger(__name__)
_EVERYTHING = Within()


@dataclass(frozen=True)
class Exchange:
    """A question with its answer, or with why there is none; with neither it is being answered."""

    question: str
    within: Within = _EVERYTHING
    answer: Answer | None = None
    error: tuple[str, str] | None = None
    """Name of the error's class, and its message."""
    stopped: bool = False
    complete: bool = False

    @property
    def pending(self) -> bool:
        """Whether it is being answered."""
        return not (self.complete or self.stopped or self.error)

    def html(self, language: PageLanguage) -> str:
        """What stands below the question."""
        if self.error is not None:
            kind, message = self.error
            return failure_html(kind, message or texts(language).answer.unexpected, language)
        if self.answer is not None:
            return answer_html(self.answer, language)
        return stopped_html(language) if self.stopped else pending_html(language)


Conversation = tuple[Exchange, ...]


def messages(conversation: Conversation, language: PageLanguage) -> list[dict[str, str]]:
    """The conversation as Gradio's Chatbot shows it."""
    shown = []
    for exchange in conversation:
        shown.append({"role": "user", "content": question_html(exchange.question, exchange.within, language)})
        shown.append({"role": "assistant", "content": exchange.html(language)})
    return shown


def history(conversation: Sequence[Exchange]) -> list[Turn]:
    """The conversation as the assistant needs it to understand a follow-up question."""
    turns = []
    for exchange in conversation:
        if exchange.answer is not None and exchange.complete:
            turns.append(Turn(role="user", content=exchange.question))
            turns.append(Turn(role="assistant", content=exchange.answer.answer))
    return turns


def asked(conversation: Conversation, question: str, within: Within = _EVERYTHING) -> Conversation | None:
    """The conversation with a question to answer; None for an empty one, and while another is being answered."""
    if not question.strip() or any(exchange.pending for exchange in conversation):
        return None
    return (*conversation, Exchange(question.strip(), within))


def answered(assistant: Assistant, conversation: Conversation) -> Iterator[Conversation]:
    """Answer the last question: the conversation as the answer grows.

    Never raises: an error is an answer of its kind.
    """
    if not conversation or not conversation[-1].pending:
        return
    *before, current = conversation
    try:
        filters = current.within.filters
        for answer in assistant.stream(current.question, history=history(before), filters=filters):
            current = replace(current, answer=answer)
            yield (*before, current)
        current = replace(current, complete=True)
    except AssistantError as error:
        current = replace(current, answer=None, error=(type(error).__name__, str(error)))
    except Exception:  # noqa: BLE001 - the page says that something went wrong, the log says what
        _log.exception("no answer")
        current = replace(current, answer=None, error=("", ""))
    yield (*before, current)


def halted(conversation: Conversation) -> Conversation:
    """The conversation after the user stopped an answer: what was shown of it stays."""
    return tuple(replace(exchange, stopped=True) if exchange.pending else exchange for exchange in conversation)
