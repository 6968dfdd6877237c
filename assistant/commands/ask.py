"""`commit-assistant ask`: one answer, or many."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.answer import State, Support
from assistant.commands.context import console, printed, settings_of
from assistant.commands.filter_options import Languages, Publishers, Since, SourceIds, Types, Until, filters_of
from index.errors import AssistantError, WrongCallError

if TYPE_CHECKING:
    from assistant.answer import Answer
    from assistant.commands.batch import QuestionLine
    from assistant.filters import Filters


def ask(
    context: typer.Context,
    question: Annotated[str | None, typer.Argument(help="What you want to know, in any language.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole answer as JSON.")] = False,
    questions: Annotated[Path | None, typer.Option(metavar="IN.jsonl", help="Answer every line of a file.")] = None,
    output: Annotated[Path | None, typer.Option(metavar="OUT.jsonl", help="Where the answers go.")] = None,
    languages: Languages = None,
    since: Since = None,
    until: Until = None,
    types: Types = None,
    publishers: Publishers = None,
    source_ids: SourceIds = None,
) -> None:
    """Answer a question with the sources' exact words, or say that they do not."""
    if (question is None) == (questions is None):
        raise WrongCallError("give one question, or a file of them with --questions")
    filters = filters_of(
        languages=languages, since=since, until=until, types=types, publishers=publishers, sources=source_ids
    )
    from assistant.engine import Assistant

    assistant = Assistant(settings_of(context))
    if questions is not None:
        _ask_many(assistant, questions, output, filters)
        return
    answer = assistant.ask(question or "", filters=filters)
    if as_json:
        typer.echo(json.dumps(answer.as_json(), ensure_ascii=False, indent=2))
    else:
        _show(answer)


def _ask_many(assistant: Any, questions: Path, output: Path | None, filters: Filters) -> None:  # noqa: ANN401 - imported late
    from assistant.commands.batch import answer_all, read_questions

    def answered(line: QuestionLine) -> dict[str, Any]:
        result: dict[str, Any] = assistant.ask(
            line.question, history=line.history, question_id=line.id, filters=line.filters
        ).as_json()
        return result

    failed = answer_all(read_questions(questions, filters), answered, output)
    if failed:
        raise AssistantError(f'{failed} of the questions could not be answered: their lines say why under "error"')


def _show(answer: Answer) -> None:
    out = console()
    if answer.notice:
        out.print(printed(f"({answer.notice.message})"))
        out.print()
    out.print(printed(_marked(answer)))
    out.print()
    if answer.left_out:
        out.print(f"{answer.left_out} written sentences were left out: the sources do not support them.")
    if answer.filters.active:
        out.print(printed(f"Within {answer.filters.described}."))
    for citation in answer.citations:
        page = f", p. {citation.page}" if citation.page else ""
        known = ", ".join(part for part in (citation.publisher, citation.date) if part)
        where = f"{citation.source_id}{page}, characters {citation.start}-{citation.end}"
        out.print(printed(f"[{citation.number}] {citation.title}{f' ({known})' if known else ''}: {where}"))
        if answer.sentences:
            out.print(printed(f"    “{citation.quote}”"))
        if citation.state is State.UNSUPPORTED:
            out.print("    the nearest words; they do not support the sentence that names them")
        if citation.poor_scan:
            sure = f" (confidence {citation.confidence:.2f})" if citation.confidence is not None else ""
            out.print(
                f"    read off a picture that is hard to read{sure}: compare it with the page before you quote it"
            )
        for place in citation.also:
            out.print(printed(f"    also {place.title}: {place.source_id}, characters {place.start}-{place.end}"))


def _marked(answer: Answer) -> str:
    """The answer with a remark behind each written sentence that is not borne out."""
    remarks = {Support.WEAK: " (weakly supported)", Support.UNSUPPORTED: " (NOT SUPPORTED by the sources)"}
    pieces, end = [], 0
    for sentence in answer.sentences:
        pieces += [answer.answer[end : sentence.end], remarks.get(sentence.support or Support.SUPPORTED, "")]
        end = sentence.end
    return "".join((*pieces, answer.answer[end:]))
