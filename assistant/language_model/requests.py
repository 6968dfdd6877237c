"""A thread in which requests to a model run, so that one that waits can be given up at any moment."""

from __future__ import annotations

import asyncio
import atexit
import concurrent.futures
import threading
import weakref
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from assistant.language_model.failures import StoppedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator

T = TypeVar("T")
_END = object()
_CLOSING = 1.0
"""Seconds."""
_TURNS = 10


class Stop:
    """Stops an answer from another thread; safe to be called more than once and before there is anything to stop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stopped = False
        self._actions: list[Callable[[], object]] = []

    def __call__(self) -> None:
        """Stop."""
        with self._lock:
            self._stopped = True
            actions, self._actions = self._actions, []
        for action in actions:
            action()

    @property
    def stopped(self) -> bool:
        """Whether it was called."""
        return self._stopped

    def then(self, action: Callable[[], object]) -> None:
        """Do something when stopped, at once if that has happened."""
        with self._lock:
            if not self._stopped:
                self._actions.append(action)
                return
        action()


class Requests:
    """An event loop in a thread of its own, begun with the first request, ended with this object or the program."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._open: set[concurrent.futures.Future[Any]] = set()

    def end(self) -> None:
        """Give up all requests and hang up: a server in this very process could not end while it still writes."""
        if self._loop is None or self._thread is None or not self._thread.is_alive():
            return
        for future in list(self._open):
            future.cancel()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(2 * _CLOSING)

    def result(self, request: Callable[[], Coroutine[Any, Any, T]], patience: float, stop: Stop | None = None) -> T:
        """What a request gives.

        Raises what it raises, TimeoutError after `patience` seconds, and StoppedError when stopped.
        """

        async def bounded() -> T:
            async with asyncio.timeout(patience):
                return await request()

        future = self._begun(bounded())
        if stop is not None:
            stop.then(future.cancel)
        try:
            return future.result()
        except concurrent.futures.CancelledError:
            raise StoppedError("stopped") from None
        finally:
            future.cancel()

    def stream(self, pieces: Callable[[], AsyncIterator[T]], patience: float, stop: Stop) -> Iterator[T]:
        """What a request gives bit by bit.

        Raises what it raises, TimeoutError when `patience` seconds pass without a bit, and StoppedError when stopped.
        The request is given up when the iterator is closed.
        """
        come: SimpleQueue[Any] = SimpleQueue()

        async def pump() -> None:
            loop = asyncio.get_running_loop()
            try:
                async with asyncio.timeout(patience) as limit:
                    async for piece in pieces():
                        come.put((piece, None))
                        limit.reschedule(loop.time() + patience)
                come.put((_END, None))
            except asyncio.CancelledError:
                come.put((_END, StoppedError("stopped")))
                raise
            except Exception as error:  # noqa: BLE001 - raised again where it is waited for
                come.put((_END, error))

        future = self._begun(pump())

        def give_up() -> None:
            # A request that had not begun to run puts nothing into the queue.
            if future.cancel():
                come.put((_END, StoppedError("stopped")))

        stop.then(give_up)
        try:
            while True:
                piece, error = come.get()
                if error is not None:
                    raise error
                if piece is _END:
                    return
                yield piece
        finally:
            future.cancel()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=_run, args=(self._loop,), name="language model", daemon=True)
                self._thread.start()
                weakref.finalize(self, self._loop.call_soon_threadsafe, self._loop.stop).atexit = False
                atexit.register(_end_with_program, weakref.ref(self))
            return self._loop

    def _begun(self, request: Coroutine[Any, Any, T]) -> concurrent.futures.Future[T]:
        future = asyncio.run_coroutine_threadsafe(request, self._running())
        self._open.add(future)
        future.add_done_callback(self._open.discard)
        return future


def _end_with_program(requests: weakref.ref[Requests]) -> None:
    found = requests()
    if found is not None:
        found.end()


def _run(loop: asyncio.AbstractEventLoop) -> None:
    try:
        loop.run_forever()
        loop.run_until_complete(_connections_closed())
    finally:
        loop.close()


async def _connections_closed() -> None:
    """Replies that were given up leave their connections to Python's collector, which leaves them to the loop.

    What is closed lets go of the next thing to close, in a turn of its own.
    """
    for _ in range(_TURNS):
        closing = asyncio.all_tasks() - {asyncio.current_task()}
        if closing:
            await asyncio.wait(closing, timeout=_CLOSING)
        await asyncio.get_running_loop().shutdown_asyncgens()
        await asyncio.sleep(0)
