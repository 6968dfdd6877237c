"""`commit-assistant search`: ranked passages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.commands.context import console, printed, settings_of
from index.errors import AssistantError, WrongCallError

if TYPE_CHECKING:
    from assistant.answer import Found
    from assistant.commands.batch import QuestionLine


def search(
    context: typer.Context,
    question: Annotated[str | None, typer.Argument(help="What to look for, in any language.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=200, help="Number of passages.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
    questions: Annotated[Path | None, typer.Option(metavar="IN.jsonl", help="Search for every line of a file.")] = None,
    output: Annotated[Path | None, typer.Option(metavar="OUT.jsonl", help="Where the results go.")] = None,
) -> None:
    """Show the passages nearest to a question, best first."""
    if (question is None) == (questions is None):
        raise WrongCallError("give one question, or a file of them with --questions")
    from assistant.engine import Assistant

    assistant = Assistant(settings_of(context))
    if questions is not None:
        _search_many(assistant, questions, output, k)
        return
    found = assistant.search(question or "", k)
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
    else:
        _show(found)


def _search_many(assistant: Any, questions: Path, output: Path | None, k: int) -> None:  # noqa: ANN401 - imported late
    from assistant.commands.batch import answer_all, read_questions

    def searched(line: QuestionLine) -> dict[str, Any]:
        result: dict[str, Any] = assistant.search(line.question, k, history=line.history, question_id=line.id).as_json()
        return result

    failed = answer_all(read_questions(questions), searched, output)
    if failed:
        raise AssistantError(f'{failed} of the questions could not be searched for: their lines say why under "error"')


def _show(found: Found) -> None:
    out = console()
    for passage in found.passages:
        heading = f" › {passage.heading}" if passage.heading else ""
        out.print(printed(f"{passage.rank}. {passage.title}{heading}"))
        out.print(
            printed(f"   {passage.source_id}, characters {passage.start}-{passage.end}, score {passage.score:.4f}")
        )
        out.print(printed("   " + " ".join(passage.text.split())))
        out.print()
