"""The content of `report.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, ValidationError

from evals.outcome import Outcome  # noqa: TC001 - pydantic needs it when it runs
from evals.question_set import Split  # noqa: TC001 - pydantic needs it when it runs
from evals.run_folder import REPORT
from evals.stamp import RunStamp  # noqa: TC001 - pydantic needs it when it runs
from index.errors import AssistantError, WrongCallError

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
"""Raised whenever an older report can no longer be read."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Estimate(_Value):
    """A measure's value over `n` questions, with its 95 % interval where one was made; None: not to be computed."""

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None


Estimates = dict[str, Estimate]
"""By measure."""


class LanguagePair(_Value):
    """Recall of the answers in one language for the questions in another: share found among the first k."""

    question_language: str
    document_language: str
    n: int
    recall: dict[int, float]


class Stage(_Value):
    """How long one stage takes, in milliseconds."""

    name: str
    p50: float
    p95: float


class Report(_Value):
    """A scored run."""

    format: int = FORMAT
    set: str
    description: str = ""
    floors: dict[Split, dict[str, float]] = {}
    made: str
    """ISO 8601, UTC."""
    stamp: RunStamp
    settings: dict[str, Any]
    splits: dict[str, Estimates]
    """`dev`, `test` and `all`."""
    kinds: dict[str, Estimates]
    languages: dict[str, Estimates]
    """By the question's language."""
    pairs: tuple[LanguagePair, ...]
    stages: tuple[Stage, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """The outcomes that are not as they should be."""
        return tuple(outcome for outcome in self.outcomes if outcome.failed)


def read_report(path: Path) -> Report:
    """The report in a run's folder, or a `report.json` itself. Raises AssistantError."""
    file = path / REPORT if path.is_dir() else path
    try:
        return Report.model_validate_json(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongCallError(f"{file} cannot be read ({error.strerror}): name a folder of `eval run`") from error
    except (ValidationError, UnicodeDecodeError) as error:
        raise AssistantError(f"{file} is no report of this version: run the question set again") from error
