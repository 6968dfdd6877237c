"""`python -m evals.verification fit|measure`: the checks of written sentences, on true and corrupted ones."""

from __future__ import annotations

import json
import sys
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.engine import Assistant
from assistant.models import Models
from assistant.settings import load_settings
from assistant.writing.support import WEIGHTS
from evals.verification.cases import xquad_cases
from evals.verification.commit_cases import commit_cases
from evals.verification.figures import lines
from evals.verification.fitting import fitted
from evals.verification.scoring import measured
from index.glossary import Glossary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evals.verification.cases import Case
    from evals.verification.scoring import Measured

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
Data = Annotated[Path, typer.Option(help="Folder with xquad.en.json and its translations.", exists=True)]
Count = Annotated[int, typer.Option(help="True sentences of XQuAD.", min=1)]


@app.command()
def fit(data: Data, count: Count = 150) -> None:
    """Fit on XQuAD's first articles and the development half of the COMMIT statements; write `support.json`."""
    assistant = Assistant(load_settings())
    cases = chain(xquad_cases(data, count, fitting=True), commit_cases(assistant, "dev"))
    WEIGHTS.write_text(json.dumps(fitted(_measured(cases)), indent=2) + "\n", encoding="utf-8")
    typer.echo(f"written to {WEIGHTS}")


@app.command()
def measure(data: Data, count: Count = 150) -> None:
    """Measure on XQuAD's other articles and on the test half of the COMMIT statements."""
    assistant = Assistant(load_settings())
    for title, cases in (
        ("COMMIT statements, test half", commit_cases(assistant, "test")),
        ("XQuAD, articles not fitted on", xquad_cases(data, count, fitting=False)),
    ):
        typer.echo(f"\n{title}")
        for line in lines(_measured(cases)):
            typer.echo(line)


def _measured(cases: Iterable[Case]) -> list[Measured]:
    settings = load_settings()
    glossary = Glossary.load(settings.sources)

    def seen(number: int) -> None:
        if number % 50 == 0:
            sys.stderr.write(f"\r{number} sentences")

    return list(measured(cases, Models(settings), glossary, seen))


if __name__ == "__main__":
    app()
