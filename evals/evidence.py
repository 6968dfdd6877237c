"""`python -m evals.evidence`: fit what the assistant holds for enough evidence, on development questions.

Questions on the written documents (`evals.reader.written`), whose near misses are many, count beside the set's own for
what each feature weighs. How much is enough, and how good it is, the set's own questions say.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated, Any
from zlib import crc32

import numpy as np
import typer

from assistant.engine import Assistant
from assistant.evidence import BALANCED, CAUTIOUS, EAGER, WEIGHTS, features
from assistant.scorers import NO_READER, PACKAGED_READER
from assistant.settings import load_settings
from evals.opening import open_set
from evals.reader.written import NAME as WRITTEN
from index.build import build_index

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from sklearn.linear_model import LogisticRegression

    from evals.question_set import Question
    from evals.runner import OpenedSet

USED = {
    "reader": ("relevance", "alone", "similarity", "quantities"),
    "cosine": ("similarity", "quantities"),
}
"""The features of each scorer; the others did not help questions that were left out of the fit."""
WRONG_REFUSALS = {CAUTIOUS: 0.12, BALANCED: 0.05, EAGER: 0.01}
"""The share of answerable development questions that each manner of answering may refuse."""
_STRENGTH = 0.3
"""C of the logistic regression: the smaller, the nearer the weights stay to 0."""
_FOLDS = 5
_WRITTEN, _WRITTEN_WEIGHT = 240, 0.4
"""Questions on the written documents, and what one of them counts beside one of the set's own."""
app = typer.Typer(help=__doc__)


@dataclass(frozen=True)
class Observed:
    """The features of some questions, and whether the sources answer them (n,)."""

    rows: list[dict[str, float]]
    answerable: NDArray[np.bool_]


@app.command()
def fit(
    question_set: Annotated[str, typer.Argument(help="Question set whose development half is fitted.")] = "commit",
    output: Annotated[Path, typer.Option(help="The file to write.")] = WEIGHTS,
) -> None:
    """Ask every development question with the reader and without, and fit a logistic regression for each."""
    if question_set == WRITTEN:
        raise typer.BadParameter(f"{WRITTEN} stands beside every fit: name another set")
    logging.basicConfig(level=logging.WARNING)
    fitted: dict[str, Any] = {}
    for scorer, reader in (("reader", PACKAGED_READER), ("cosine", NO_READER)):
        settings = load_settings(reader=reader)
        opened, beside = open_set(question_set, settings), open_set(WRITTEN, settings)
        own, written = _observed(opened, _development(opened)), _observed(beside, _of_one_half(beside)[:_WRITTEN])
        fitted[scorer] = regression(own, USED[scorer], beside=written)
        typer.echo(f"{scorer}: {json.dumps(fitted[scorer])}")
    output.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    typer.echo(f"{output}: written")


def _development(opened: OpenedSet) -> list[Question]:
    return [question for question in opened.questions.questions if question.split == "dev"]


def _of_one_half(written: OpenedSet) -> list[Question]:
    """The written development questions whose other wording is not of the test half, in a chance order."""
    tested = {_unworded(question) for question in written.questions.questions if question.split == "test"}
    kept = [question for question in _development(written) if _unworded(question) not in tested]
    return sorted(kept, key=lambda question: crc32(question.id.encode()))


def _unworded(question: Question) -> str:
    return question.id.rpartition("/")[0]


def _observed(opened: OpenedSet, asked: Sequence[Question]) -> Observed:
    build_index(opened.settings)
    assistant = Assistant(opened.settings)
    rows = [features(*assistant.read(case.question, history=case.history)) for case in asked]
    return Observed(rows, np.array([case.answerable for case in asked]))


def regression(own: Observed, used: tuple[str, ...], *, beside: Observed | None = None) -> dict[str, Any]:
    """Intercept, weights and floors from observed features, and how well they do on questions left out of the fit.

    `beside` takes part in every fit, a question of it with `_WRITTEN_WEIGHT`; floors and measures are of `own`.
    """
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold

    values, answerable = _values(own, used), own.answerable
    other = _values(beside, used) if beside else values[:0]
    labels = beside.answerable if beside else answerable[:0]
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    values, other = (values - mean) / spread, (other - mean) / spread
    left_out = np.empty(len(values))
    for rest, fold in StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(values, answerable):
        model = _logistic(values[rest], answerable[rest], other, labels)
        left_out[fold] = model.predict_proba(values[fold])[:, 1]
    model = _logistic(values, answerable, other, labels)
    weights = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - weights @ mean)
    # Floors come from predictions for questions left out of the fit; they would be too high from those in it.
    floors = {name: float(np.quantile(left_out[answerable], share)) for name, share in WRONG_REFUSALS.items()}
    return {
        "intercept": round(intercept, 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(used, weights, strict=True)},
        "floors": {name: round(floor, 4) for name, floor in floors.items()},
        "questions": [int(answerable.sum()), int((~answerable).sum())],
        "beside": [int(labels.sum()), int((~labels).sum())],
        "auroc_left_out": round(float(roc_auc_score(answerable, left_out)), 3),
        "refused_left_out": {
            name: round(float((left_out[~answerable] < floor).mean()), 3) for name, floor in floors.items()
        },
    }


def _values(observed: Observed, used: tuple[str, ...]) -> NDArray[np.float64]:
    """(questions, features)."""
    return np.array([[row[name] for name in used] for row in observed.rows])


def _logistic(
    values: NDArray[np.float64], labels: NDArray[np.bool_], other: NDArray[np.float64], others: NDArray[np.bool_]
) -> LogisticRegression:
    """Logistic regression on standard scores, classes balanced; a row of `other` counts `_WRITTEN_WEIGHT`."""
    from sklearn.linear_model import LogisticRegression

    counts = np.concatenate([np.ones(len(labels)), np.full(len(others), _WRITTEN_WEIGHT)])
    model = LogisticRegression(C=_STRENGTH, class_weight="balanced")
    return model.fit(np.vstack([values, other]), np.concatenate([labels, others]), sample_weight=counts)


if __name__ == "__main__":
    app()
