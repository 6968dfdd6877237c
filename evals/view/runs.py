"""Runs as they are listed: the head of each report, read once for as long as the file stays as it is."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ValidationError

from evals.report.model import FORMAT, Estimate, Estimates, Report
from evals.run_folder import PAGE, REPORT, STAMP
from evals.stamp import RunStamp  # noqa: TC001 - pydantic needs it when it runs
from evals.view.folders import read_inside, run_names
from index.errors import AssistantError

if TYPE_CHECKING:
    from pathlib import Path

Fault = Literal["", "damaged", "unfinished"]
_KEPT = 1000


class _Head(BaseModel):
    """What is read of a report: not the outcomes, which are most of it."""

    format: int
    set: str
    made: datetime
    stamp: RunStamp
    settings: dict[str, Any]
    splits: dict[str, Estimates]


@dataclass(frozen=True)
class Run:
    """One run of a question set, or what is left of one."""

    name: str
    """Its folder, below the folder of the runs."""
    made: datetime
    """Of a run without a report: when its files changed last."""
    fault: Fault = ""
    head: _Head | None = None
    """None for a run without a usable report."""
    page: bool = False
    """Whether it has a page to open."""

    @property
    def set(self) -> str:
        """The name of its question set; empty when that is unknown."""
        return self.head.set if self.head else ""

    @property
    def whole(self) -> bool:
        """Whether the whole set was asked."""
        selection = self.head.stamp.selection if self.head else None
        return selection is not None and (selection.limit, selection.only, selection.split) == (None, "", "all")

    @property
    def questions(self) -> int:
        """How many questions were asked."""
        counted = self.figure("errors")
        return counted.n if counted else 0

    def figure(self, measure: str) -> Estimate | None:
        """A measure over all questions of the run."""
        return self.head.splits.get("all", {}).get(measure) if self.head else None


class Runs:
    """The runs below a folder; looked for anew at every use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, tuple[object, Run]] = {}

    def all(self) -> list[Run]:
        """Every run, newest first."""
        return sorted((self._run(name) for name in run_names(self.folder)), key=lambda run: run.made, reverse=True)

    def get(self, name: str) -> Run | None:
        """The run of a name, None when there is none: only what `all` lists can be opened."""
        return self._run(name) if name in run_names(self.folder) else None

    def report_page(self, name: str) -> bytes:
        """The HTML of a run's report. Raises OSError."""
        return read_inside(self.folder, name, PAGE)

    def report(self, name: str) -> Report:
        """A run's whole report. Raises AssistantError."""
        try:
            return Report.model_validate_json(read_inside(self.folder, name, REPORT))
        except (OSError, ValidationError) as error:
            raise AssistantError("the report cannot be read: run the question set again") from error

    def versions(self, *names: str) -> tuple[object, ...]:
        """Changes whenever one of the runs' reports does."""
        return tuple(_mark(self.folder / name) for name in names)

    def _run(self, name: str) -> Run:
        mark = _mark(self.folder / name)
        known = self._known.get(name)
        if known is not None and known[0] == mark:
            return known[1]
        if len(self._known) >= _KEPT:
            self._known.clear()
        run = self._read(name)
        self._known[name] = (mark, run)
        return run

    def _read(self, name: str) -> Run:
        path = self.folder / name
        changed = datetime.fromtimestamp(max((time for _, time, _ in _mark(path)), default=0) / 1e9, UTC)
        if not os.path.lexists(path / REPORT):
            return Run(name, changed, "unfinished")
        try:
            head = _Head.model_validate_json(read_inside(self.folder, name, REPORT))
            made = (head.made if head.made.tzinfo else head.made.replace(tzinfo=UTC)).astimezone(UTC)
        except (OSError, OverflowError, ValidationError):
            return Run(name, changed, "damaged")
        if head.format != FORMAT or not _is_unicode(name):
            return Run(name, changed, "damaged")
        return Run(name, made, head=head, page=(path / PAGE).is_file())


def _mark(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Times and sizes of the files that a listed run is read from."""
    marks = []
    for file in (REPORT, STAMP, PAGE):
        try:
            found = (folder / file).lstat()
        except OSError:
            continue
        marks.append((file, found.st_mtime_ns, found.st_size))
    return tuple(marks)


def _is_unicode(name: str) -> bool:
    """A file name of bytes that are no UTF-8 can be shown and linked to nowhere."""
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
