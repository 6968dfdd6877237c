"""`commit-assistant index`: bring the index up to date."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.context import console, printed, settings_of
from index.errors import AssistantError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.build import BuildResult, Progress
    from index.ledger import LedgerEntry
    from index.settings import IndexSettings


def index(
    context: typer.Context,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make everything anew, also what has not changed.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
) -> None:
    """Bring the index up to date with the sources, and print what every source gave."""
    settings = settings_of(context)
    if dry_run:
        _show_changes(settings)
        return
    result = build_with_progress(settings, rebuild=rebuild)
    show_ledger(result.ledger)
    out = console()
    passages = sum(entry.passages for entry in result.ledger)
    if result.changed:
        anew = f"{result.embedded} embedded, {result.reused} reused"
        out.print(f"{passages} passages ({anew}) in {result.seconds:.1f} s: index {result.generation_id}")
    else:
        out.print(f"{passages} passages: the index is up to date ({result.generation_id})")
    if result.problems:
        count = len(result.problems)
        raise AssistantError(f"{count} of {len(result.ledger)} sources gave nothing: the table says why")


def build_with_progress(settings: IndexSettings, *, rebuild: bool = False) -> BuildResult:
    """Build the index with a progress bar on stderr."""
    from index.build import build_index

    with _progress() as progress:
        return build_index(settings, rebuild=rebuild, progress=progress)


def show_ledger(ledger: Sequence[LedgerEntry]) -> None:
    """Print what every source gave, one row each."""
    from rich.table import Table

    table = Table(
        "source", "pages", "characters", "passages", "languages", "seconds", "problems", box=None, pad_edge=False
    )
    table.columns[0].overflow = "fold"
    for column in (1, 2, 3, 5):
        table.columns[column].justify = "right"
    for entry in ledger:
        languages = ", ".join(f"{name} {share:.0%}" for name, share in entry.languages.items())
        problems = "; ".join(filter(None, (entry.problem, *entry.warnings)))
        counts = (str(entry.pages), f"{entry.characters:,}", str(entry.passages))
        table.add_row(printed(entry.source_id), *counts, languages, f"{entry.seconds:.2f}", printed(problems))
    console().print(table)


def _show_changes(settings: IndexSettings) -> None:
    from index.changes import pending_changes

    changes = pending_changes(settings)
    out = console()
    for kind, names in changes.by_kind():
        for name in names:
            out.print(printed(f"{kind:9} {name}"))
    if changes.everything:
        out.print("settings  changed, or no index yet: every source is done anew")
    if changes.descriptions:
        out.print("changed   catalog.yaml or glossary.yaml")
    idle = "" if changes.needed else ": nothing to do"
    out.print(f"{changes.count} changes, {len(changes.unchanged)} sources unchanged{idle}")


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
