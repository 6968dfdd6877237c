"""Bringing the index up to date from the page: one build at a time, in the background, with its progress."""

from __future__ import annotations

import logging
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from index.errors import AssistantError, DamagedIndexError, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from index.build import BuildResult
    from index.settings import IndexSettings

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FailedSource:
    """A source of which nothing is in the index, and why, on one line."""

    title: str
    problem: str


@dataclass(frozen=True)
class ChangedSources:
    """What a build took up, by title."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    renamed: tuple[str, ...] = ()
    """`old file → new file`: the title is the same."""
    removed: tuple[str, ...] = ()
    failed: tuple[FailedSource, ...] = ()
    """Every one there is, also those that failed before."""


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
    renewed: bool = False
    """Whether another index is in use now; also when settings alone differed."""
    sources: ChangedSources = ChangedSources()
    """Which these are, when it is finished."""
    error: str = ""
    """Why it failed; the index that was in use still is."""
    finished: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


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
            before = _titles(self._settings)
            result = build_index(self._settings, progress=self._tell)
            sources = _changed_sources(result, before, _titles(self._settings))
        except AssistantError as error:
            self._state = IndexingState(finished=True, error=one_line(error))
        except Exception as error:  # noqa: BLE001 - the page is to say that it failed
            _log.exception("the index was not brought up to date")
            self._state = IndexingState(finished=True, error=type(error).__name__)
        else:
            changed = result.changes.count if result.changed else 0
            self._state = IndexingState(
                finished=True,
                changed=changed,
                failed=len(result.problems),
                renewed=result.changed,
                sources=sources,
            )

    def _tell(self, stage: str, done: int, total: int) -> None:
        self._state = replace(self._state, stage=stage, done=done, total=total)


def _titles(settings: IndexSettings) -> dict[str, str]:
    """Titles by source id in the index in use; none when there is no index."""
    from index.generation import NoIndexError, current_generation

    try:
        entries = current_generation(settings).glance().content.entries
    except (NoIndexError, DamagedIndexError):
        return {}
    return {source_id: entry.shown_title for source_id, entry in entries.items()}


def _changed_sources(result: BuildResult, before: Mapping[str, str], after: Mapping[str, str]) -> ChangedSources:
    failed = {entry.source_id for entry in result.problems}
    problems = tuple(
        FailedSource(_named(one.source_id, after), one_line(Exception(one.problem))) for one in result.problems
    )
    if not result.changed:
        return ChangedSources(failed=problems)

    def titles(source_ids: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
        return tuple(_named(one, known) for one in source_ids if one not in failed)

    changes = result.changes
    return ChangedSources(
        added=titles(changes.added, after),
        changed=titles(changes.changed, after),
        renamed=tuple(f"{old} → {new}" for old, new in changes.renamed),
        removed=titles(changes.removed, before),
        failed=problems,
    )


def _named(source_id: str, titles: Mapping[str, str]) -> str:
    return titles.get(source_id) or PurePosixPath(source_id).name
