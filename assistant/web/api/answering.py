"""Answers in threads: the event loop stays free, and whoever has left is not answered any further."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from anyio import CancelScope, CapacityLimiter, to_thread

from assistant.language_model.requests import Stop

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator

    from assistant.answer import Answer, Found
    from assistant.engine import Assistant
    from assistant.web.api.calls import AskCall, SearchCall

_AT_ONCE = 4
"""Questions worked on at the same time, as on the page; more wait in line."""
_LOOK = 1.0
"""Seconds between looks at whether somebody still waits for an answer."""
_P = ParamSpec("_P")
_T = TypeVar("_T")


class Answering:
    """The assistant for callers of an event loop. Raises whatever the assistant raises."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self._places = CapacityLimiter(_AT_ONCE)

    async def answer(self, call: AskCall, gone: Callable[[], Awaitable[bool]]) -> Answer | None:
        """The complete answer; None when `gone` says that nobody waits for it any more."""
        last: Answer | None = None
        async with aclosing(self.growing(call, pause=_LOOK)) as answers:
            async for answer in answers:
                last = answer or last
                if await gone():
                    return None
        return last

    async def growing(self, call: AskCall, pause: float | None = None) -> AsyncGenerator[Answer | None, None]:
        """The answer as it grows; None whenever nothing has come for `pause` seconds.

        Closing it ends the answer: at once where a language model is at work, else as soon as the step that is being
        worked on is done.
        """
        stop = Stop()
        answers = self.assistant.stream(
            call.question, history=call.history, question_id=call.id, filters=call.filters, stop=stop
        )
        step: asyncio.Task[Answer | None] | None = None
        try:
            while True:
                # A thread cannot be interrupted: a task of its own is waited for even when this one is cancelled.
                step = asyncio.ensure_future(to_thread.run_sync(_next, answers, limiter=self._places))
                while not (await asyncio.wait({step}, timeout=pause))[0]:
                    yield None
                if (answer := step.result()) is None:
                    return
                yield answer
        finally:
            stop()
            with CancelScope(shield=True):
                if step is not None:
                    # What it raises now, nobody waits for.
                    await asyncio.gather(step, return_exceptions=True)
                await to_thread.run_sync(_close, answers)

    async def search(self, call: SearchCall) -> Found:
        """The best passages."""
        search = self.assistant.search
        return await self.run(
            search, call.question, call.k, question_id=call.id, history=call.history, filters=call.filters
        )

    async def run(self, function: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
        """What a function gives that may take a while."""
        return await to_thread.run_sync(lambda: function(*arguments, **named), limiter=self._places)


def _next(answers: Iterator[Answer]) -> Answer | None:
    return next(answers, None)


def _close(answers: Iterator[Answer]) -> None:
    close = getattr(answers, "close", None)
    if close is not None:
        close()
