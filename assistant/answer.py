"""What the assistant gives: answers, citations, passages found."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.filters import Filters


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Turn(_Value):
    """One message of a conversation before the question."""

    role: Literal["user", "assistant"]
    content: str


class State(StrEnum):
    """How a quotation relates to its source."""

    EXACT = "exact"
    NEAR = "near"
    """Equal after normalising spaces, width and script."""
    UNSUPPORTED = "unsupported"


class Support(StrEnum):
    """How far what a written sentence cites bears it out."""

    SUPPORTED = "supported"
    WEAK = "weak"
    """Something speaks for it; read the quotation before relying on it."""
    UNSUPPORTED = "unsupported"


class Place(_Value):
    """Words of a source and where they stand: `quote` is `document.text[start:end]` of its canonical text."""

    source_id: str
    title: str
    quote: str
    start: int
    end: int
    page: int | None = None


class Citation(Place):
    """A numbered quotation."""

    number: int = Field(ge=1)
    state: State = State.EXACT
    publisher: str = ""
    date: str = ""
    language: str = ""
    also: tuple[Place, ...] = ()
    """Other places that say the same."""
    confidence: float | None = None
    """How sure the reading of its lines is where they were read off a picture, 0 to 1."""
    poor_scan: bool = False
    """Whether its words may differ from those on the page, which was hard to read."""
    answer: tuple[int, int] | None = None
    """The words of the quotation that answer, `quote[start:end]`, where the reader found any."""
    picture_page: int | None = None
    """The page, from 1, whose picture can be looked at beside it; None for a source without pictures."""


class RankedPassage(_Value):
    """A passage that was found, best first (`rank` from 1)."""

    rank: int
    source_id: str
    start: int
    end: int
    text: str
    score: float
    """How it stands out among the passages of its language, and its share of the best BM25 score; comparable within one
    question only.
    """
    title: str = ""
    language: str = ""
    heading: str = ""
    page: int | None = None
    similarity: float | None = None
    """Cosine of question and passage, -1 to 1."""
    lexical: float | None = None
    """BM25 score."""
    read: float | None = None
    """What the reader says of it, a logit; None where it read nothing of it."""


class Sentence(_Value):
    """A sentence that a language model wrote: `answer.answer[start:end]`, with the markers of its citations."""

    start: int
    end: int
    support: Support | None = None
    """None while it is being written."""
    score: float = 0.0
    """Estimate, 0 to 1, that it follows from what it cites."""
    citations: tuple[int, ...] = ()
    """Numbers of its citations."""
    missing: tuple[str, ...] = ()
    """Numbers, names and addresses that do not stand in what it cites."""


class Notice(_Value):
    """What the user should know about how an answer came about."""

    kind: str
    message: str
    """One line, in English; the page has its own words for each kind."""


class Stamp(_Value):
    """What an answer was made with, so that it can be made again."""

    generation: str
    corpus: str
    embedding_model: str
    engine: str = "embedded"
    reader: str = ""
    """What read the first passages closely: packaged, none, or a model's name."""
    prompts: dict[str, str] = {}
    version: str = ""


class Answer(_Value):
    """An answer whose `[n]` stand for its citations, or a refusal that names the nearest passages."""

    id: str
    question: str
    answer: str
    refused: bool
    citations: tuple[Citation, ...] = ()
    passages: tuple[RankedPassage, ...] = ()
    timings: dict[str, float] = {}
    """Milliseconds by stage; `total_ms` is all of them."""
    stamp: Stamp
    filters: Filters = Filters()
    """What the sources had to be like; empty for all of them."""
    language: str = ""
    """Language of the question, BCP 47."""
    evidence: float = 0.0
    """How much speaks for the answer being in the sources, 0 to 1."""
    sentences: tuple[Sentence, ...] = ()
    """The sentences of a written answer, each checked; empty for one that only quotes."""
    left_out: int = 0
    """Written sentences that were left out because the sources do not support them."""
    notice: Notice | None = None
    """Why a language model did not write the answer, or not all of it."""
    understood: str = ""
    """The question as it was searched for, when it is a follow-up; else empty."""
    tokens: dict[str, int] = {}
    """Tokens of the language model's `prompt` and `reply`; empty when none wrote."""

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return self.model_dump(mode="json")


class Found(_Value):
    """The passages for a question, without an answer."""

    id: str
    question: str
    passages: tuple[RankedPassage, ...]
    timings: dict[str, float]
    stamp: Stamp
    filters: Filters = Filters()

    def as_json(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return self.model_dump(mode="json")
