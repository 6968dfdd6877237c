"""What programs may ask for, and what is told when they ask wrongly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import Turn
from assistant.filters import Filters

if TYPE_CHECKING:
    from collections.abc import Sequence

MANY = 200
"""Passages that may be searched for at once."""
_Question = Annotated[str, Field(description="what to find out, in any language")]
_History = Annotated[tuple[Turn, ...], Field(max_length=100, description="the conversation before, oldest first")]
_Filters = Annotated[Filters, Field(description="what the sources must be like")]


class SearchCall(BaseModel):
    """Passages are wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: _Question
    k: Annotated[int, Field(ge=1, le=MANY, description="number of passages")] = 10
    history: _History = ()
    filters: _Filters = Filters()
    id: Annotated[str, Field(max_length=200, description="comes back in the answer")] = ""


class AskCall(BaseModel):
    """An answer is wanted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    question: _Question
    history: _History = ()
    filters: _Filters = Filters()
    id: Annotated[str, Field(max_length=200, description="comes back in the answer")] = ""
    stream: Annotated[bool, Field(description="whether the answer is sent as it grows, as server-sent events")] = False


class Failure(BaseModel):
    """Why there is no answer."""

    error: Annotated[str, Field(description="one line that says what is wrong and what to do")]


def complaint(errors: Sequence[Any]) -> str:
    """What is wrong with a call, on one line, from what FastAPI or pydantic found; it repeats nothing of the call."""
    first = errors[0] if errors else {"type": "", "loc": (), "msg": "it cannot be read"}
    if first["type"] == "json_invalid":
        return 'the body is no JSON: send an object like {"question": "…"}'
    place = ".".join(str(step) for step in first["loc"] if step not in {"body", "path", "query"})
    message = " ".join(str(first["msg"]).removeprefix("Value error, ").split())
    return f"{place or 'body'}: {message}"
