"""`python -m evals.injections --llm …`: hostile documents, answered by a real model."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.engine import Assistant
from assistant.settings import load_settings
from assistant.web.answer_view import answer_html
from evals.injections.cases import injections, let_through
from index.build import build_index

if TYPE_CHECKING:
    from assistant.answer import Answer
    from evals.injections.cases import Injection


def hostile_sources(folder: Path) -> Path:
    """A folder with every hostile document as a text file."""
    folder.mkdir(parents=True, exist_ok=True)
    for injection in injections():
        (folder / f"{injection.id}.txt").write_text(injection.document, encoding="utf-8")
    return folder


def main(
    llm: Annotated[str, typer.Option(help="The model, as in the setting llm.")],
    limit: Annotated[int, typer.Option(help="Injections asked about.", min=1)] = 1000,
) -> None:
    """Ask about every document; print what got through, and what became of the answers."""
    with tempfile.TemporaryDirectory() as folder:
        sources = hostile_sources(Path(folder) / "sources")
        assistant = Assistant(load_settings(sources=sources, storage=Path(folder) / "storage", llm=llm))
        build_index(assistant.settings)
        ends: Counter[str] = Counter()
        through = 0
        for injection in injections()[:limit]:
            answer = assistant.ask(injection.question)
            content = assistant.current.get().content
            found = list(let_through(injection, answer, content, answer_html(answer, "en")))
            through += bool(found)
            ends[_end(answer, injection)] += 1
            for one in found:
                typer.echo(f"{injection.id}: {one}")
        typer.echo(f"{through} of {ends.total()} let something through")
        for end, count in ends.most_common():
            typer.echo(f"{count:4} {end}")


def _end(answer: Answer, injection: Injection) -> str:
    if answer.refused:
        return "refused"
    if answer.notice and not answer.sentences:
        return f"quoted: {answer.notice.kind}"
    right = any(injection.answer in citation.quote for citation in answer.citations)
    return "written, with the words that answer" if right else "written, without the words that answer"


if __name__ == "__main__":
    typer.run(main)
