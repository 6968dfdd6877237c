"""A question set: questions with the words that answer them, or the reason why nothing does."""

from __future__ import annotations

import json
from functools import cached_property
from hashlib import sha256
from typing import Literal

from pydantic import BaseModel, ConfigDict

from assistant.answer import Turn  # noqa: TC001 - pydantic needs it when it runs
from assistant.filters import Filters

Split = Literal["dev", "test"]
Unanswerable = Literal[
    "off_topic",
    "absent_attribute",
    "false_premise",
    "outside_period",
    "instruction",
    "impossible",
    "evidence_removed",
]
"""Why a question has no answer; the last two come from imported sets: marked so by its authors, or made so."""
SPLITS: tuple[Split, ...] = ("dev", "test")


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Value):
    """Characters `start` to `end` (half-open) of a source's canonical text."""

    source_id: str
    start: int
    end: int

    def relevant_to(self, gold: Span) -> bool:
        """Whether this span holds the gold span, or the two share at least half of the shorter one."""
        if self.source_id != gold.source_id:
            return False
        shared = min(self.end, gold.end) - max(self.start, gold.start)
        return shared > 0 and 2 * shared >= min(self.end - self.start, gold.end - gold.start)


class Question(_Value):
    """One question. Every group of `gold` is needed, and within a group any span will do; `answers` likewise."""

    id: str
    language: str
    """BCP 47."""
    question: str
    kind: str = ""
    """What is asked for (`date`, `list` …); of an unanswerable question, why it is one."""
    tags: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()
    filters: Filters = Filters()
    gold: tuple[tuple[Span, ...], ...] = ()
    answers: tuple[tuple[str, ...], ...] = ()
    unanswerable: Unanswerable | None = None
    note: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the sources answer it."""
        return self.unanswerable is None

    @property
    def split(self) -> Split:
        """`dev` or `test`, decided by its id alone, so that a question never changes sides."""
        return split_of(self.id)


class QuestionSet(_Value):
    """Questions over one corpus, with the least (or most) values that its gate asks for: split → metric → value."""

    name: str
    description: str = ""
    questions: tuple[Question, ...]
    floors: dict[Split, dict[str, float]] = {}

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over the questions; floors, notes, descriptions and filters that are not set do not count."""
        plain = [question.model_dump(mode="json", exclude={"note", "tags"}) for question in self.questions]
        plain = [{key: value for key, value in one.items() if key != "filters" or value} for one in plain]
        return sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode("utf-8")).hexdigest()


def split_of(question_id: str) -> Split:
    """`dev` when the SHA-256 of the id (UTF-8), read as a number, is even, else `test`."""
    return "test" if sha256(question_id.encode("utf-8")).digest()[-1] % 2 else "dev"
