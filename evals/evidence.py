"""`python -m evals.evidence`: fit what the assistant holds for enough evidence, on development questions."""

from __future__ import annotations

import json
import logging
from pathlib import Path  # noqa: TC003 - typer reads it
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from assistant.engine import Assistant
from assistant.evidence import BALANCED, CAUTIOUS, EAGER, WEIGHTS, features
from assistant.scorers import NO_READER, PACKAGED_READER
from assistant.settings import load_settings
from evals.opening import open_set
from index.build import build_index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evals.runner import OpenedSet

USED = {
    "reader": ("relevance", "answer", "similarity", "quantities"),
    "cosine": ("similarity", "quantities"),
}
"""The features of each scorer; the others did not help questions that were left out of the fit."""
WRONG_REFUSALS = {CAUTIOUS: 0.12, BALANCED: 0.05, EAGER: 0.01}
"""The share of answerable development questions that each manner of answering may refuse."""
_STRENGTH = 0.3
"""C of the logistic regression: the smaller, the nearer the weights stay to 0."""
_FOLDS = 5
app = typer.Typer(help=__doc__)


@app.command()
def fit(
    question_set: Annotated[str, typer.Argument(help="Question set whose development half is fitted.")] = "commit",
    output: Annotated[Path, typer.Option(help="The file to write.")] = WEIGHTS,
) -> None:
    """Ask every development question with the reader and without, and fit a logistic regression for each."""
    logging.basicConfig(level=logging.WARNING)
    fitted: dict[str, Any] = {}
    for scorer, reader in (("reader", PACKAGED_READER), ("cosine", NO_READER)):
        opened = open_set(question_set, load_settings(reader=reader))
        build_index(opened.settings)
        rows, answerable = _observed(opened)
        fitted[scorer] = regression(rows, answerable, USED[scorer])
        typer.echo(f"{scorer}: {json.dumps(fitted[scorer])}")
    output.write_text(json.dumps(fitted, indent=2) + "\n", encoding="utf-8")
    typer.echo(f"{output}: written")


def _observed(opened: OpenedSet) -> tuple[list[dict[str, float]], NDArray[np.bool_]]:
    """The features of every development question, and whether the sources answer it (n,)."""
    assistant = Assistant(opened.settings)
    asked = [question for question in opened.questions.questions if question.split == "dev"]
    rows = [features(*assistant.read(case.question, history=case.history)) for case in asked]
    return rows, np.array([case.answerable for case in asked])


def regression(rows: list[dict[str, float]], answerable: NDArray[np.bool_], used: tuple[str, ...]) -> dict[str, Any]:
    """Intercept, weights and floors from observed features, and how well they do on questions left out of the fit."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    values = np.array([[row[name] for name in used] for row in rows])
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    model = LogisticRegression(C=_STRENGTH, class_weight="balanced")
    standard = (values - mean) / spread
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=0)
    left_out = cross_val_predict(model, standard, answerable, cv=folds, method="predict_proba")[:, 1]
    model.fit(standard, answerable)
    weights = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - weights @ mean)
    # Floors come from predictions for questions left out of the fit; they would be too high from those in it.
    floors = {name: float(np.quantile(left_out[answerable], share)) for name, share in WRONG_REFUSALS.items()}
    return {
        "intercept": round(intercept, 4),
        "weights": {name: round(float(weight), 4) for name, weight in zip(used, weights, strict=True)},
        "floors": {name: round(floor, 4) for name, floor in floors.items()},
        "questions": [int(answerable.sum()), int((~answerable).sum())],
        "auroc_left_out": round(float(roc_auc_score(answerable, left_out)), 3),
        "refused_left_out": {
            name: round(float((left_out[~answerable] < floor).mean()), 3) for name, floor in floors.items()
        },
    }


if __name__ == "__main__":
    app()
