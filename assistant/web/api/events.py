"""An answer as server-sent events, while it grows."""

from __future__ import annotations

import json
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from index.errors import AssistantError, one_line

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from assistant.answer import Answer
    from assistant.web.api.answering import Answering
    from assistant.web.api.calls import AskCall

_log = logging.getLogger(__name__)
_PAUSE = 15.0
"""Seconds without an event after which a comment shows that the connection lives: proxies close silent ones."""
_COMMENT = b": still working\n\n"
UNEXPECTED = "something went wrong in the program, whose log says what: try again"


async def events(answering: Answering, call: AskCall) -> AsyncIterator[bytes]:
    """`partial` for every step of the answer, without the passages, and `answer` with all of it; or `error`."""
    last: Answer | None = None
    try:
        async with aclosing(answering.growing(call, pause=_PAUSE)) as answers:
            async for answer in answers:
                if answer is None:
                    yield _COMMENT
                    continue
                last = answer
                yield _event("partial", {key: value for key, value in answer.as_json().items() if key != "passages"})
        if last is not None:
            yield _event("answer", last.as_json())
    except AssistantError as error:
        yield _event("error", {"error": one_line(error)})
    except Exception:  # noqa: BLE001 - the caller is told that something went wrong, the log says what
        _log.exception("no answer")
        yield _event("error", {"error": UNEXPECTED})


def _event(name: str, values: dict[str, Any]) -> bytes:
    # JSON has no line end of its own, so that one line of data holds all of it.
    return f"event: {name}\ndata: {json.dumps(values)}\n\n".encode()
