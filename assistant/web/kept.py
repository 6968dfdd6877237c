"""Conversations that come back from where they are kept, and what is told to the script that keeps them."""

from __future__ import annotations

import json
from itertools import count
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.answer import State, Support
from assistant.citing import is_exact
from assistant.conversations.record import read_record
from assistant.web.conversation import Conversation, Exchange
from assistant.web.templating import fragment
from index.errors import AssistantError

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation
    from assistant.conversations.record import KeptExchange
    from assistant.engine import Assistant
    from index.content import Content


_number = count(1)


class Asking(BaseModel):
    """What the page's script says with every question."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    opened: str = ""
    """Id of the conversation that the page shows."""
    instead_of: int | None = None
    """The exchange that the question takes the place of."""
    recovering: bool = False
    """Whether the conversation is only told again because the server had forgotten it, for a question that waits."""

    @classmethod
    def of(cls, text: str) -> Asking:
        """What a text of the browser means; nothing when it is damaged."""
        try:
            return cls.model_validate_json(text or "{}")
        except ValidationError:
            return cls()


def restored(text: str, assistant: Assistant) -> tuple[Conversation, int]:
    """The conversation that a text of the browser holds, and how many of its exchanges had to be left out.

    Every quotation is compared with the index in use: what does not stand in its source is shown as unverified.
    """
    record, left_out = read_record(text)
    if record is None:
        return Conversation(), 1
    try:
        content = assistant.current.get().content
    except AssistantError:
        content = None
    exchanges = tuple(Exchange.of(_verified(one, content)) for one in record.exchanges)
    return Conversation(exchanges, record.id), left_out


def told(**news: Any) -> str:  # noqa: ANN401 - plain values for JSON
    """News for the page's script, as HTML that shows nothing: it is data, and is read as text."""
    # Plain ASCII: nothing on the way may change a character of it. The number makes the same news twice two.
    return fragment("news.html", news=json.dumps({"number": next(_number), **news}))


def _verified(exchange: KeptExchange, content: Content | None) -> KeptExchange:
    answer = exchange.answer
    if answer is None:
        return exchange
    verified: Answer = answer.model_copy(
        update={"citations": tuple(_compared(one, answer, content) for one in answer.citations)}
    )
    return exchange.model_copy(update={"answer": verified})


def _compared(citation: Citation, answer: Answer, content: Content | None) -> Citation:
    """As it stands today; what could not be verified once is exact again when its words are back at their place."""
    if content is None:
        return citation.model_copy(update={"state": State.UNSUPPORTED})
    also = tuple(place for place in citation.also if is_exact(content, place))
    state = citation.state
    if not is_exact(content, citation):
        state = State.UNSUPPORTED
    elif state is State.UNSUPPORTED and not _bears_nothing_out(citation, answer):
        state = State.EXACT
    return citation.model_copy(update={"state": state, "also": also})


def _bears_nothing_out(citation: Citation, answer: Answer) -> bool:
    """Whether a quotation is marked, exact as its words are, because no written sentence that cites it is supported."""
    by = [one.support for one in answer.sentences if citation.number in one.citations]
    return bool(answer.sentences) and all(support is Support.UNSUPPORTED for support in by)
