"""What is kept of a conversation. It comes back from a browser, so everything in it is doubted."""

from __future__ import annotations

import json
import logging
from typing import Annotated, Any

import regex
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from assistant.answer import Answer, RankedPassage  # noqa: TC001 - pydantic needs the answer when it runs
from assistant.filters import Filters

LARGEST = 700_000
"""Bytes of a whole conversation as JSON in UTF-8. A request that carries it as a text stays below a mebibyte."""
MOST = 100
"""Exchanges of one conversation."""
_PASSAGE = 240
"""Characters kept of a passage that was found: the page shows the first sixty, and its place can be opened."""
_PARTS = {"citations": 200, "passages": 60, "sentences": 500, "timings": 60, "tokens": 20}
_LANGUAGE = regex.compile(r"[A-Za-z0-9-]{0,35}")
_FURTHEST = 1 << 53
"""Numbers that JavaScript keeps exactly."""

_log = logging.getLogger(__name__)
_Count = Annotated[int, Field(ge=0, le=_FURTHEST)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class KeptExchange(_Value):
    """A question with its filters and its answer, or with why there is none."""

    question: Annotated[str, Field(min_length=1, max_length=100_000)]
    filters: Filters = Filters()
    titles: Annotated[tuple[str, ...], Field(max_length=500)] = ()
    """Titles of the sources that the filters name."""
    answer: Answer | None = None
    error: tuple[Annotated[str, Field(max_length=100)], Annotated[str, Field(max_length=10_000)]] | None = None
    """Name of the error's class, and its message."""
    stopped: bool = False

    @model_validator(mode="after")
    def _within_limits(self) -> KeptExchange:
        answer = self.answer
        if answer is not None and (
            not _LANGUAGE.fullmatch(answer.language)
            or any(len(getattr(answer, part)) > most for part, most in _PARTS.items())
        ):
            raise ValueError("this is no answer of the program")
        return self


class Summary(_Value):
    """A conversation as a list shows it."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    title: Annotated[str, Field(max_length=200)] = ""
    renamed: bool = False
    """Whether the user chose the title."""
    created: _Count = 0
    """Milliseconds since 1970, like `changed`."""
    changed: _Count = 0
    revision: _Count = 0
    """How often its exchanges have been kept: whoever keeps them anew must have seen the last ones."""


class Record(Summary):
    """A whole conversation."""

    exchanges: Annotated[tuple[KeptExchange, ...], Field(max_length=MOST)] = ()

    @property
    def summary(self) -> Summary:
        """What a list shows of it."""
        return Summary(**{name: getattr(self, name) for name in Summary.model_fields})

    @property
    def text(self) -> str:
        """What it can be found by: its title, questions, answers and quotations."""
        parts = [self.title]
        for exchange in self.exchanges:
            answer = exchange.answer
            quoted = [f"{one.title}\n{one.quote}" for one in answer.citations] if answer else []
            parts += [exchange.question, answer.answer if answer else "", *quoted]
        return "\n".join(part for part in parts if part)


def read_record(text: str) -> tuple[Record | None, int]:
    """The conversation that a JSON text holds, and how many exchanges were left out because they cannot be used.

    None for a text that holds none.
    """
    try:
        return record_of(json.loads(text) if _size(text) <= LARGEST else None)
    except (ValueError, RecursionError) as error:
        _log.info("no conversation: %s", type(error).__name__)
        return None, 0


def record_of(values: Any) -> tuple[Record | None, int]:  # noqa: ANN401 - whatever JSON gave
    """The same from plain values."""
    try:
        given = values.pop("exchanges", None)
        summary = Summary.model_validate(values)
    except (ValueError, RecursionError, AttributeError, TypeError) as error:
        _log.info("no conversation: %s", type(error).__name__)
        return None, 0
    given = given[-MOST:] if isinstance(given, list) else []
    exchanges = tuple(exchange for one in given if (exchange := _exchange(one)) is not None)
    return Record(**summary.model_dump(), exchanges=exchanges), len(given) - len(exchanges)


def kept(exchanges: list[KeptExchange]) -> list[dict[str, Any]]:
    """The last exchanges, as many as may be kept, as plain values for JSON; older ones may lose what was only found."""
    values: list[dict[str, Any]] = []
    room = LARGEST - 2000
    for exchange in reversed(exchanges[-MOST:]):
        whole = _shortened(exchange).model_dump(mode="json")
        # While there is plenty, passages too: without them, as many exchanges again have room.
        value = whole if room - _needed(whole) > LARGEST / 2 else _without_passages(whole)
        room -= _needed(value)
        if room < 0:
            break
        values.insert(0, value)
    return values


def _needed(value: dict[str, Any]) -> int:
    return _size(json.dumps(value, ensure_ascii=False)) + 2


def _without_passages(value: dict[str, Any]) -> dict[str, Any]:
    return {**value, "answer": {**value["answer"], "passages": []}} if value["answer"] else value


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


def _exchange(value: Any) -> KeptExchange | None:  # noqa: ANN401 - whatever JSON gave
    try:
        return KeptExchange.model_validate(value)
    except (ValidationError, RecursionError) as error:
        _log.info("left out of a conversation: %s", type(error).__name__)
        return None


def _shortened(exchange: KeptExchange) -> KeptExchange:
    """With the beginnings of its passages, each still exactly what stands at its place."""
    if exchange.answer is None:
        return exchange
    passages = tuple(_beginning(passage) for passage in exchange.answer.passages)
    return exchange.model_copy(update={"answer": exchange.answer.model_copy(update={"passages": passages})})


def _beginning(passage: RankedPassage) -> RankedPassage:
    text = passage.text[:_PASSAGE]
    return passage.model_copy(update={"text": text, "end": passage.end - len(passage.text) + len(text)})
