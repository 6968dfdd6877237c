"""What came of one question: raw as it is kept in a run's folder, and scored."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from assistant.answer import Answer, Found  # noqa: TC001 - pydantic needs it when it runs
from evals.question_set import Split  # noqa: TC001 - pydantic needs it when it runs


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Result(_Value):
    """The raw result of one question, a line of `results.jsonl`."""

    id: str
    found: Found | None = None
    answer: Answer | None = None
    """None when the run only searched, and when it failed."""
    error: str = ""
    """Why there is no result."""


class Excerpt(_Value):
    """A piece of a source, shortened for reading."""

    source_id: str
    start: int
    end: int
    text: str
    language: str = ""
    relevant: bool = False
    """Whether it is gold, or holds gold."""


class Outcome(_Value):
    """One question with everything that is measured of it."""

    id: str
    split: Split
    language: str
    kind: str
    question: str
    history: tuple[str, ...] = ()
    answerable: bool
    answered: bool
    """Whether an answer was asked for; False in a run that only searches."""
    refused: bool = False
    right: bool | None = None
    """Answerable: answered with all that is wanted; unanswerable: refused. None when only searched."""
    error: str = ""
    answer: str = ""
    wanted: tuple[tuple[str, ...], ...] = ()
    gold: tuple[Excerpt, ...] = ()
    found: tuple[Excerpt, ...] = ()
    """The first passages."""
    cited: tuple[Excerpt, ...] = ()
    evidence: float | None = None
    scores: dict[str, float] = {}
    """By measure; a measure that does not apply to the question is missing."""
    first_ranks: dict[str, int | None] = {}
    """Rank of the first relevant passage in each language in which the answer exists; None: not among the first."""
    timings: dict[str, float] = {}
    """Milliseconds by stage."""

    @property
    def failed(self) -> bool:
        """Whether it belongs among the failures: an error, a wrong answer or refusal, nothing relevant found."""
        if self.error or self.right is not None:
            return bool(self.error) or not self.right
        return self.answerable and self.scores.get("recall@10", 0.0) < 1
