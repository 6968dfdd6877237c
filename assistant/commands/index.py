"""`commit-assistant index`: bring the index up to date."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.context import console, printed, settings_of
from index.errors import AssistantError, WrongCallError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.build import BuildResult, Progress
    from index.ledger import LedgerEntry
    from index.settings import IndexSettings


_WARNINGS = 3
"""Warnings of a source that are shown; a scanned report has one for every page."""


def index(
    context: typer.Context,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make everything anew, also what has not changed.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on: build again whenever the sources change.")] = False,
    rollback: Annotated[bool, typer.Option("--rollback", help="Go back to the index before the one in use.")] = False,
) -> None:
    """Bring the index up to date with the sources, and print what every source gave."""
    if rebuild + dry_run + watch + rollback > 1:
        raise WrongCallError("--rebuild, --dry-run, --watch and --rollback exclude each other: name one")
    settings = settings_of(context)
    if dry_run:
        _show_changes(settings)
    elif rollback:
        _roll_back(settings)
    elif watch:
        _watch(settings)
    else:
        _build(settings, rebuild=rebuild)


def build_with_progress(settings: IndexSettings, *, rebuild: bool = False) -> BuildResult:
    """Build the index with a progress bar on stderr."""
    from index.build import build_index

    with _progress() as progress:
        return build_index(settings, rebuild=rebuild, progress=progress)


def show_ledger(ledger: Sequence[LedgerEntry]) -> None:
    """Print what every source gave, one row each."""
    from rich.table import Table

    table = Table(
        *("source", "pages", "characters", "passages", "languages", "ocr", "seconds", "problems"),
        box=None,
        pad_edge=False,
    )
    table.columns[0].overflow = "fold"
    for column in (1, 2, 3, 5, 6):
        table.columns[column].justify = "right"
    for entry in ledger:
        languages = ", ".join(f"{name} {share:.0%}" for name, share in entry.languages.items())
        same = f"same file as {entry.duplicate_of}" if entry.duplicate_of else ""
        more = len(entry.warnings) - _WARNINGS
        rest = f"{more} more warnings: `commit-assistant sources show {entry.source_id}`" if more > 0 else ""
        problems = "; ".join(filter(None, (entry.problem, *entry.warnings[:_WARNINGS], rest, same)))
        counts = (str(entry.pages), f"{entry.characters:,}", str(entry.passages))
        read = "" if entry.confidence is None else f"{entry.confidence:.2f}"
        seconds = f"{entry.seconds:.2f}"
        table.add_row(printed(entry.source_id), *counts, languages, read, seconds, printed(problems))
    console().print(table)


def _build(settings: IndexSettings, *, rebuild: bool) -> None:
    result = build_with_progress(settings, rebuild=rebuild)
    show_ledger(result.ledger)
    console().print(_summary(result))
    if result.problems:
        count = len(result.problems)
        raise AssistantError(f"{count} of {len(result.ledger)} sources gave nothing: the table says why")


def _summary(result: BuildResult) -> str:
    passages = sum(entry.passages for entry in result.ledger)
    if not result.changed:
        return f"{passages} passages: the index is up to date ({result.generation_id})"
    anew = f"{result.embedded} embedded, {result.reused} reused"
    return f"{passages} passages ({anew}) in {result.seconds:.1f} s: index {result.generation_id}"


def _watch(settings: IndexSettings) -> None:
    from index.watching import Watcher

    out = console()

    def built(result: BuildResult) -> None:
        for kind, names in result.changes.by_kind():
            for name in names if result.changed else ():
                out.print(printed(f"{kind:9} {name}"))
        for entry in result.problems if result.changed else ():
            out.print(printed(f"nothing of {entry.source_id}: {entry.problem}"))
        out.print(_summary(result))

    def failed(message: str) -> None:
        typer.echo(f"commit-assistant: {printed(message)}", err=True)

    out.print(printed(f"Watching {settings.sources} (Ctrl-C ends it)."))
    with _progress() as progress:
        Watcher(settings, built, failed, progress=progress).run(threading.Event())


def _roll_back(settings: IndexSettings) -> None:
    from filelock import Timeout

    from index.build import builders_lock
    from index.generation import current_generation
    from index.pruning import roll_back

    try:
        with builders_lock(settings):
            name = roll_back(settings.storage)
    except Timeout as error:
        raise AssistantError("a build is running in this storage folder: wait until it is finished") from error
    manifest = current_generation(settings).glance().manifest
    out = console()
    out.print(f"{manifest.sources} sources, {manifest.passages} passages: back to index {name}")
    out.print("`commit-assistant index` brings it up to date with the sources again.")


def _show_changes(settings: IndexSettings) -> None:
    from index.changes import pending_changes

    changes = pending_changes(settings)
    out = console()
    for kind, names in changes.by_kind():
        for name in names:
            out.print(printed(f"{kind:9} {name}"))
    if changes.everything:
        out.print("There is no index yet: every source is read.")
    for what in changes.settings:
        out.print(f"settings  {what} changed")
    if changes.descriptions:
        out.print("changed   catalog.yaml or glossary.yaml")
    if changes.needed:
        done = f"{len(changes.read)} files are read, {len(changes.split)} texts are split again"
        out.print(f"{changes.count} changes, {len(changes.unchanged)} sources unchanged: {done}")
    else:
        out.print(f"0 changes, {len(changes.unchanged)} sources unchanged: nothing to do")


@contextmanager
def _progress() -> Iterator[Progress]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    out = console(stderr=True)
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bars:
        tasks = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show
