"""`commit-assistant search`: ranked passages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.commands.context import console, printed, settings_of
from assistant.commands.filter_options import Languages, Publishers, Since, SourceIds, Types, Until, filters_of
from index.errors import AssistantError, WrongCallError

if TYPE_CHECKING:
    from assistant.answer import Found
    from assistant.commands.batch import QuestionLine
    from assistant.filters import Filters


def search(
    context: typer.Context,
    question: Annotated[str | None, typer.Argument(help="What to look for, in any language.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="Number of passages.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    questions: Annotated[Path | None, typer.Option(metavar="IN.jsonl", help="Search for every line of a file.")] = None,
    output: Annotated[Path | None, typer.Option(metavar="OUT.jsonl", help="Where the results go.")] = None,
    languages: Languages = None,
    since: Since = None,
    until: Until = None,
    types: Types = None,
    publishers: Publishers = None,
    source_ids: SourceIds = None,
) -> None:
    """Show the passages nearest to a question, best first."""
    if (question is None) == (questions is None):
        raise WrongCallError("give one question, or a file of them with --questions")
    filters = filters_of(
        languages=languages, since=since, until=until, types=types, publishers=publishers, sources=source_ids
    )
    from assistant.engine import Assistant

    assistant = Assistant(settings_of(context))
    if questions is not None:
        _search_many(assistant, questions, output, filters, k)
        return
    found = assistant.search(question or "", k, filters=filters)
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        _show(found)


def _search_many(assistant: Any, questions: Path, output: Path | None, filters: Filters, k: int) -> None:  # noqa: ANN401 - imported late
    from assistant.commands.batch import answer_all, read_questions

    def searched(line: QuestionLine) -> dict[str, Any]:
        result: dict[str, Any] = assistant.search(
            line.question, k, history=line.history, question_id=line.id, filters=line.filters
        ).as_json()
        return result

    failed = answer_all(read_questions(questions, filters), searched, output)
    if failed:
        raise AssistantError(f'{failed} of the questions could not be searched for: their lines say why under "error"')


def _show(found: Found) -> None:
    out = console()
    if not found.passages and found.filters.active:
        out.print(printed(f"Nothing is within {found.filters.described}."))
    for passage in found.passages:
        heading = f" › {passage.heading}" if passage.heading else ""
        out.print(printed(f"{passage.rank}. {passage.title}{heading}"))
        out.print(
            printed(f"   {passage.source_id}, characters {passage.start}-{passage.end}, score {passage.score:.2f}")
        )
        out.print(printed("   " + " ".join(passage.text.split())))
        out.print()
