"""What is kept when a user rates an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from assistant.answer import Stamp  # noqa: TC001 - pydantic needs it when it runs
from assistant.filters import Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.answer import Answer, Turn

Rating = Literal["good", "bad"]
Reason = Literal[
    "wrong", "incomplete", "not_asked", "wrong_source", "should_have_refused", "should_have_answered", "other"
]
REASONS: tuple[Reason, ...] = get_args(Reason)
"""What may be wrong with a bad answer; `not_asked`: it answers something that was not asked."""
Review = Literal["", "accepted", "rejected"]
LONGEST_TEXT = 2000
"""Characters of a user's own words."""
_EARLIER = 20
"""Questions before the one that was answered; a follow-up takes nothing from older ones."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cited(_Value):
    """Words that an answer cited, and where they stood when it was given."""

    source_id: str
    start: int
    end: int
    quote: str


class RatedAnswer(_Value):
    """What is kept of an answer that can be rated."""

    answer_id: str
    question: str
    history: tuple[str, ...] = ()
    """The questions before it, oldest first."""
    filters: Filters = Filters()
    language: str = ""
    """Language of the question, BCP 47."""
    answer: str
    citations: tuple[Cited, ...] = ()
    """Of a refusal: the nearest passages."""
    refused: bool
    stamp: Stamp

    @classmethod
    def of(cls, answer: Answer, history: Sequence[Turn] = ()) -> RatedAnswer:
        """What is kept of an answer in a conversation."""
        asked = [_writable(turn.content) for turn in history if turn.role == "user"]
        return cls(
            answer_id=answer.id,
            question=_writable(answer.question),
            history=tuple(asked[-_EARLIER:]),
            filters=answer.filters,
            language=answer.language,
            answer=_writable(answer.answer),
            citations=tuple(
                Cited(source_id=place.source_id, start=place.start, end=place.end, quote=_writable(place.quote))
                for place in answer.citations
            ),
            refused=answer.refused,
            stamp=answer.stamp,
        )


class Opinion(_Value):
    """What a user says of an answer."""

    rating: Rating
    reason: Reason | None = None
    text: Annotated[str, Field(max_length=LONGEST_TEXT)] = ""
    """In the user's own words."""

    @model_validator(mode="after")
    def _fitting(self) -> Opinion:
        if self.rating == "good" and self.reason is not None:
            raise ValueError("a reason belongs to a bad answer")
        return self

    def misfit(self, answer: RatedAnswer) -> str:
        """Why it cannot be meant of an answer; empty when it can."""
        if self.reason == "should_have_refused" and answer.refused:
            return "the question was refused, so it cannot be that it should have been"
        if self.reason == "should_have_answered" and not answer.refused:
            return "the question was answered, so it cannot be that it should have been"
        return ""


class Feedback(_Value):
    """A rated answer."""

    id: str
    time: str
    """ISO 8601, UTC."""
    about: RatedAnswer
    opinion: Opinion
    review: Review = ""
    """What a reviewer decided; empty before."""

    @property
    def reviewed(self) -> bool:
        """Whether somebody has decided about it."""
        return bool(self.review)


def _writable(text: str) -> str:
    """Text that can be written as UTF-8: half a surrogate pair cannot."""
    return text.encode("utf-8", errors="replace").decode("utf-8")
