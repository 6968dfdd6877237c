"""`commit-assistant eval feedback`: what users said of answers, its review, and question sets made of it."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations when it runs
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.commands.context import console, printed, settings_of
from index.errors import WrongCallError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assistant.feedback.record import Feedback
    from assistant.feedback.store import FeedbackStore

app = typer.Typer(
    help="List what users said of answers, review it, and make questions of it.",
    invoke_without_command=True,
    rich_markup_mode=None,
)
_LONGEST = 300
_SHOWN_CITATIONS = 5


@app.callback()
def feedback(
    context: typer.Context,
    output: Annotated[
        Path | None,
        typer.Option(metavar="FILE.yaml", help="Write what was accepted as a question set, to be completed by hand."),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="List what is reviewed too; with --output, write what is not reviewed too."),
    ] = False,
) -> None:
    """List what awaits a review."""
    if context.invoked_subcommand is not None:
        if output is not None or everything:
            raise WrongCallError("--output and --all go without a command after `feedback`")
        return
    store = _store(context)
    if output is not None:
        chosen = store.list("accepted", "") if everything else store.list("accepted")
        _write(context, chosen, output)
        return
    _show(store.list() if everything else store.list(""), store)


@app.command("review")
def review(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Ids from the list.")],
    accept: Annotated[bool, typer.Option("--accept/--reject", help="Whether it may become a question of a set.")],
) -> None:
    """Accept or reject feedback; the decision may be changed."""
    store = _store(context)
    for feedback_id in ids:
        store.get(feedback_id)
    for feedback_id in ids:
        record = store.review(feedback_id, accept=accept)
        console().print(printed(f"{record.id} {record.review}: {_line(record.about.question)}"))


def _store(context: typer.Context) -> FeedbackStore:
    from assistant.feedback.store import FILE, FeedbackStore

    return FeedbackStore(settings_of(context).storage / FILE)


def _write(context: typer.Context, chosen: Sequence[Feedback], output: Path) -> None:
    if not chosen:
        raise WrongCallError(
            "nothing is accepted yet: `eval feedback review ID --accept`, or --all for what is not reviewed"
        )
    from evals.documents import Documents
    from evals.feedback.cases import case_of
    from evals.feedback.file import write_cases

    documents = Documents(settings_of(context).sources)
    cases = [case_of(record, documents) for record in reversed(chosen)]
    write_cases(cases, output)
    complete = sum(case.complete for case in cases)
    console().print(printed(f"{output}: {complete} questions, {len(cases) - complete} to be completed by hand"))
    if not complete:
        typer.echo("None can be asked before one is completed: the comments in the file say what is missing", err=True)


def _show(records: Sequence[Feedback], store: FeedbackStore) -> None:
    out = console()
    for record in records:
        for line in _told(record):
            out.print(printed(line))
        out.print()
    waiting = len(store.list("")) if records else 0
    out.print(printed(f"{len(records)} listed, {waiting} to be reviewed") if records else _nothing(store))


def _nothing(store: FeedbackStore) -> str:
    if store.list():
        return "Nothing awaits a review; --all lists what there is."
    return printed(f"There is no feedback in {store.path}.")


def _told(record: Feedback) -> Iterator[str]:
    """One piece of feedback, for reading."""
    from evals.feedback.cases import said_of

    about = record.about
    yield f"{record.id}  {record.time[:16].replace('T', ' ')} UTC  {said_of(record)}  {record.review or 'not reviewed'}"
    if record.opinion.text.strip():
        yield f"  said      {_line(record.opinion.text)}"
    for question in about.history[-3:]:
        yield f"  before    {_line(question)}"
    yield f"  question  {_line(about.question)}"
    if about.filters.active:
        yield f"  within    {_line(about.filters.described)}"
    yield f"  {'refused' if about.refused else 'answer '}   {_line(about.answer)}"
    for place in about.citations[:_SHOWN_CITATIONS]:
        yield f"  {'nearest' if about.refused else 'cites  '}   {place.source_id} {place.start}-{place.end}"


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
