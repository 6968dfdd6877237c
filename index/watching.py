"""Watch mode: the index is brought up to date whenever the sources have changed and come to rest."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.build import build_index
from index.errors import AssistantError, one_line

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator

    from index.build import BuildResult, Progress
    from index.settings import IndexSettings

_log = logging.getLogger(__name__)
_LONGEST_SECONDS = 60.0
"""Changes that never rest are taken up after this long all the same."""
_LOOK_SECONDS = 5.0
"""How often it is looked whether a failed build is to be tried again."""


@dataclass(frozen=True)
class Pace:
    """How long is waited, in seconds."""

    settle: float = 2.0
    """Files must rest this long: a copy in progress writes several times a second."""
    retry: float = 30.0
    """After this long a build that failed is tried again without a change."""


class Watcher:
    """Builds now, and again after every change of the sources folder, until it is stopped.

    Whatever goes wrong is told once, tried again, and ends nothing.
    """

    def __init__(
        self,
        settings: IndexSettings,
        built: Callable[[BuildResult], None],
        failed: Callable[[str], None],
        *,
        progress: Progress | None = None,
        pace: Pace | None = None,
    ) -> None:
        """`built` is told the result of every build that changed or mended something, and of the first; `failed` every
        new reason why one failed, on one line.
        """
        self._settings = settings
        self._built = built
        self._failed = failed
        self._progress = progress
        self._pace = pace or Pace()
        self._failure = ""
        self._told = False

    def run(self, stop: threading.Event) -> None:
        """Watch until `stop` is set; KeyboardInterrupt comes through."""
        for _ in self._moments(stop):
            self._build()

    def _build(self) -> None:
        try:
            result = build_index(self._settings, progress=self._progress)
        except AssistantError as error:
            self._fail(one_line(error))
        except Exception as error:  # noqa: BLE001 - a watch that ends in the night helps nobody
            _log.exception("the index was not brought up to date")
            self._fail(f"{type(error).__name__}: {one_line(error)}")
        else:
            if result.changed or self._failure or not self._told:
                self._built(result)
            self._failure, self._told = "", True

    def _fail(self, message: str) -> None:
        if message != self._failure:
            self._failed(message)
        self._failure = message

    def _moments(self, stop: threading.Event) -> Iterator[None]:
        """The moments to build at: now, after changes that have come to rest, and now and then after a failure."""
        yield
        while not stop.is_set():
            try:
                yield from self._after_changes(stop)
            except FileNotFoundError:
                # The folder is gone; it may come back.
                stop.wait(min(self._pace.retry, _LOOK_SECONDS))
                if not stop.is_set():
                    yield

    def _after_changes(self, stop: threading.Event) -> Iterator[None]:
        from watchfiles import watch

        folder, last, first = self._settings.sources, time.monotonic(), True
        for changes in watch(
            folder,
            watch_filter=lambda _, path: not _is_hidden(folder, path),
            step=max(1, int(self._pace.settle * 1000)),
            debounce=int(_LONGEST_SECONDS * 1000),
            stop_event=stop,
            rust_timeout=max(100, int(min(self._pace.retry, _LOOK_SECONDS) * 1000)),
            yield_on_timeout=True,
            raise_interrupt=True,
        ):
            # What changed between the last build and the beginning of the watch is found at its first look.
            again = first or (self._failure and time.monotonic() - last >= self._pace.retry)
            first = False
            if changes or again:
                yield
                last = time.monotonic()
            if not folder.is_dir():
                raise FileNotFoundError(folder)


def _is_hidden(folder: Path, path: str) -> bool:
    try:
        relative = Path(path).relative_to(folder.resolve())
    except ValueError:
        return False
    return any(part.startswith(".") for part in relative.parts)
