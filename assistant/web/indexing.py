"""Bringing the index up to date from the page: one build at a time, in the background, with its progress."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from index.errors import AssistantError, one_line

if TYPE_CHECKING:
    from index.settings import IndexSettings

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class IndexingState:
    """How far the build is that was started last."""

    running: bool = False
    stage: str = ""
    """`reading` or `embedding`, while it runs."""
    done: int = 0
    total: int = 0
    changed: int = 0
    """Sources that differed, when it is finished."""
    failed: int = 0
    """Sources that gave nothing, when it is finished."""
    error: str = ""
    """Why it failed; the index that was in use still is."""
    finished: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return dict(self.__dict__)


class Indexing:
    """Starts builds for the page."""

    def __init__(self, settings: IndexSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._state = IndexingState()

    @property
    def state(self) -> IndexingState:
        """As it is now."""
        return self._state

    def start(self) -> None:
        """Start a build unless one is running."""
        with self._lock:
            if self._state.running:
                return
            self._state = IndexingState(running=True)
        # A daemon: closing the page's process is like a power cut, which costs nothing.
        threading.Thread(target=self._run, name="indexing", daemon=True).start()

    def _run(self) -> None:
        from index.build import build_index

        try:
            result = build_index(self._settings, progress=self._tell)
        except AssistantError as error:
            self._state = IndexingState(finished=True, error=one_line(error))
        except Exception as error:  # noqa: BLE001 - the page is to say that it failed
            _log.exception("the index was not brought up to date")
            self._state = IndexingState(finished=True, error=type(error).__name__)
        else:
            changed = result.changes.count if result.changed else 0
            self._state = IndexingState(finished=True, changed=changed, failed=len(result.problems))

    def _tell(self, stage: str, done: int, total: int) -> None:
        self._state = replace(self._state, stage=stage, done=done, total=total)
