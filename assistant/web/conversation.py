"""One conversation on the page: what was asked, and what came of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from assistant.answer import Answer, Turn
from assistant.conversations.record import KeptExchange, kept
from assistant.language_model.failures import StoppedError
from assistant.web.answer_tools import after_answer_html
from assistant.web.answer_view import answer_html, failure_html, pending_html, question_html, stopped_html
from assistant.web.links import cards_address
from assistant.web.narrowing import Within
from assistant.web.templating import fragment
from assistant.web.texts import texts
from index.errors import AssistantError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.engine import Assistant
    from assistant.language_model.requests import Stop
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
    name: str = field(default_factory=lambda: uuid4().hex)
    """By which it can be stopped while it is being answered."""

    @property
    def pending(self) -> bool:
        """Whether it is being answered."""
        return not (self.complete or self.stopped or self.error)

    def html(self, language: PageLanguage, before: Sequence[str] = ()) -> str:
        """What stands below the question; `before` are the ids of the conversation's answers before it."""
        if self.error is not None:
            kind, message = self.error
            return failure_html(kind, message or texts(language).answer.unexpected, language)
        if self.answer is not None:
            if not self.complete:
                return answer_html(self.answer, language)
            cards = cards_address(self.answer.id, language)
            tools = fragment("tools.html", texts=texts(language), answer=self.answer, cards=cards)
            after = after_answer_html(self.answer, before, language)
            return answer_html(self.answer, language) + tools + after
        return stopped_html(language) if self.stopped else pending_html(language)

    @property
    def kept(self) -> KeptExchange:
        """What is kept of it. An answer that is on its way is kept as one that was stopped."""
        kind, message = self.error or ("", "")
        return KeptExchange(
            question=_keepable(self.question, 100_000),
            filters=self.within.filters,
            titles=self.within.titles[:500],
            answer=self.answer,
            error=None if self.error is None else (kind, _keepable(message, 10_000)),
            stopped=self.stopped or self.pending,
        )

    @classmethod
    def of(cls, one: KeptExchange) -> Exchange:
        """The exchange that was kept."""
        within = Within(one.filters, one.titles)
        whole = one.answer is not None and not one.stopped
        stopped = one.stopped or (one.answer is None and one.error is None)
        return cls(one.question, within, one.answer, one.error, stopped=stopped, complete=whole)


@dataclass(frozen=True)
class Conversation:
    """What the page shows, and by which id it is kept; without an id, nothing has been asked yet."""

    exchanges: tuple[Exchange, ...] = ()
    id: str = ""
    replaced: int = 0
    """How many exchanges the last question took the place of."""

    @property
    def pending(self) -> bool:
        """Whether an answer is on its way."""
        return any(exchange.pending for exchange in self.exchanges)

    @property
    def kept(self) -> dict[str, Any]:
        """What the browser keeps, as plain values for JSON."""
        name = self.exchanges[-1].name if self.exchanges else ""
        values = kept([exchange.kept for exchange in self.exchanges])
        return {"id": self.id, "exchanges": values, "pending": self.pending, "replaced": self.replaced, "name": name}


def _keepable(text: str, longest: int) -> str:
    """The beginning of a text, without halves of surrogate pairs, which no JSON can carry."""
    return text[:longest].encode("utf-8", "replace").decode("utf-8")


def messages(conversation: Conversation, language: PageLanguage) -> list[dict[str, str]]:
    """The conversation as Gradio's Chatbot shows it."""
    shown: list[dict[str, str]] = []
    ids: list[str] = []
    for exchange in conversation.exchanges:
        shown.append({"role": "user", "content": question_html(exchange.question, exchange.within, language)})
        shown.append({"role": "assistant", "content": exchange.html(language, ids)})
        ids += [exchange.answer.id] if exchange.answer is not None and exchange.complete else []
    return shown


def history(exchanges: Sequence[Exchange]) -> list[Turn]:
    """The conversation as the assistant needs it to understand a follow-up question."""
    turns = []
    for exchange in exchanges:
        if exchange.answer is not None and exchange.complete:
            turns.append(Turn(role="user", content=exchange.question))
            turns.append(Turn(role="assistant", content=exchange.answer.answer))
    return turns


def asked(
    conversation: Conversation, question: str, within: Within = _EVERYTHING, instead_of: int | None = None
) -> Conversation | None:
    """The conversation with a question to answer; None for an empty one, and while another is being answered.

    `instead_of`: the number, from 0, of the exchange that it takes the place of; those after it go too.
    """
    if not question.strip() or conversation.pending:
        return None
    before = conversation.exchanges[:instead_of]
    replaced = len(conversation.exchanges) - len(before)
    return Conversation((*before, Exchange(question.strip(), within)), conversation.id or uuid4().hex, replaced)


def answered(assistant: Assistant, conversation: Conversation, stop: Stop | None = None) -> Iterator[Conversation]:
    """Answer the last question: the conversation as the answer grows, until `stop` is called.

    Never raises: an error is an answer of its kind.
    """
    if not conversation.exchanges or not conversation.exchanges[-1].pending:
        return
    *before, current = conversation.exchanges
    try:
        filters = current.within.filters
        for answer in assistant.stream(current.question, history=history(before), filters=filters, stop=stop):
            current = replace(current, answer=answer)
            yield replace(conversation, exchanges=(*before, current))
        current = replace(current, complete=True)
    except StoppedError:
        current = replace(current, stopped=True)
    except AssistantError as error:
        current = replace(current, answer=None, error=(type(error).__name__, str(error)))
    except Exception:  # noqa: BLE001 - the page says that something went wrong, the log says what
        _log.exception("no answer")
        current = replace(current, answer=None, error=("", ""))
    yield replace(conversation, exchanges=(*before, current))


def halted(conversation: Conversation) -> Conversation:
    """The conversation after the user stopped an answer: what was shown of it stays."""
    stopped = tuple(replace(one, stopped=True) if one.pending else one for one in conversation.exchanges)
    return replace(conversation, exchanges=stopped)
