"""`commit-assistant eval`: run question sets, compare runs, hold a set's floors."""
# ruff: noqa: PLR0913, PLR0917 - typer reads annotations when it runs, and an option is an argument

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.commands.context import console, printed, settings_of
from evals.feedback.command import app as feedback_app
from index.errors import AssistantError, WrongCallError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evals.report.model import Report
    from evals.runner import OpenedSet, RunProgress
    from evals.stamp import Selection

app = typer.Typer(help="Measure the assistant on question sets.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(feedback_app, name="feedback")
_EVERY = 25
_EXTRA = ("ir_measures", "matplotlib", "scipy")
_Set = Annotated[
    str,
    typer.Argument(
        metavar="SET", help="A set's name (commit, written), a YAML file, squad:PATH[,PATH], pairs:PATH or rgb:PATH."
    ),
]
_Output = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Where results and report go; a run that was stopped goes on there.")
]
_WithoutPositives = Annotated[
    bool, typer.Option("--without-positives", help="rgb only: leave out the passages that hold the answers.")
]


@app.command("run")
def run_set(
    context: typer.Context,
    name: _Set,
    output: _Output = None,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="A sample of N questions.")] = None,
    only: Annotated[
        str, typer.Option(metavar="KIND", help="One kind of question, or answerable, or unanswerable.")
    ] = "",
    split: Annotated[str, typer.Option(metavar="dev|test|all", help="Part of the set.")] = "all",
    search_only: Annotated[bool, typer.Option("--search-only", help="Search, and ask for no answers.")] = False,
    without_positives: _WithoutPositives = False,
) -> None:
    """Run a question set; print a table, write report.json and report.html."""
    if split not in {"dev", "test", "all"}:
        raise WrongCallError(f"no part {split!r}: --split takes dev, test or all")
    from evals.opening import open_set
    from evals.stamp import Selection
    from evals.tables import show_report

    selection = Selection.model_validate({"limit": limit, "only": only, "split": split, "search_only": search_only})
    opened = open_set(name, settings_of(context), without_positives=without_positives)
    show_report(_run(opened, output, selection))


@app.command("compare")
def compare_runs(
    first: Annotated[Path, typer.Argument(metavar="A", help="Folder of a run, or its report.json.")],
    second: Annotated[Path, typer.Argument(metavar="B", help="The run to set beside it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON.")] = False,
) -> None:
    """Set two runs of one question set side by side, with the significance of every difference."""
    _check_extra()
    from evals.compare import compare
    from evals.report.model import read_report
    from evals.tables import show_comparison

    comparison = compare(read_report(first), read_report(second))
    if as_json:
        typer.echo(comparison.model_dump_json(indent=2))
    else:
        show_comparison(comparison)


@app.command("gate")
def gate_set(context: typer.Context, name: _Set, output: _Output = None) -> None:
    """Run a question set and fail when a measure is below the set's floor."""
    from evals.gate import verdicts
    from evals.opening import open_set
    from evals.stamp import Selection
    from evals.tables import show_verdicts

    opened = open_set(name, settings_of(context))
    if not opened.questions.floors:
        raise WrongCallError(f"{name} has no floors: write them under `floors:` in the set's file")
    found = verdicts(_run(opened, output, Selection()))
    show_verdicts(found)
    failed = sum(not verdict.held for verdict in found)
    if failed:
        raise AssistantError(f"{failed} of {len(found)} floors were not held: the table and the report say which")


@app.command("judge")
def judge_run(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Folder of a finished run.")],
    url: Annotated[str, typer.Option("--url", help="Address of an OpenAI-compatible server, often with /v1.")],
    model: Annotated[str, typer.Option("--model", metavar="NAME", help="The model that judges.")],
) -> None:
    """Let a language model judge a run's answers; the key, if one is needed, is COMMIT_ASSISTANT_JUDGE_KEY."""
    _check_extra()
    from evals.judge import Judge, judge
    from evals.report.model import read_report
    from evals.report.page import write_report
    from evals.tables import show_judged

    try:
        with _progress("judging", "answers") as (progress, _):
            judged = judge(folder, Judge(url, model), progress)
    except KeyboardInterrupt:
        typer.echo("What is judged is kept: the same command goes on", err=True)
        raise
    page = write_report(read_report(folder), folder)
    typer.echo(f"Report: {printed(str(page))}", err=True)
    show_judged(judged)


def _run(opened: OpenedSet, output: Path | None, selection: Selection) -> Report:
    _check_extra()
    from evals.report.page import write_report
    from evals.runner import run

    folder = output or _new_folder(opened)
    try:
        with _progress() as (progress, building):
            report = run(opened, folder, selection, progress, building)
    except KeyboardInterrupt:
        typer.echo(f"What is done is kept: go on with --output {printed(str(folder))}", err=True)
        raise
    page = write_report(report, folder)
    typer.echo(f"Report: {printed(str(page))}", err=True)
    return report


def _new_folder(opened: OpenedSet) -> Path:
    from evals.view.folders import runs_folder

    return runs_folder() / f"{opened.questions.name}-{datetime.now().astimezone():%Y%m%d-%H%M%S}"


def _check_extra() -> None:
    """Whether what a report needs is there, before an hour is spent on a run."""
    missing = [name for name in _EXTRA if find_spec(name) is None]
    if missing:
        raise AssistantError(f"{' and '.join(missing)} missing: run `pip install 'commit-assistant[eval]'`")


@contextmanager
def _progress(doing: str = "asking", what: str = "questions") -> Iterator[tuple[RunProgress, Any]]:
    """A bar on a terminal, otherwise a line for every 25 questions."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    out = console(stderr=True)
    columns = (TextColumn("{task.description:10}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bars:
        tasks: dict[str, Any] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        def asked(done: int, total: int) -> None:
            show(doing, done, total)
            if not out.is_terminal and (done % _EVERY == 0 or done == total):
                out.print(f"{done} of {total} {what}")

        yield asked, show
