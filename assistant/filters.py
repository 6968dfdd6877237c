"""Filters: which sources and passages a question may be answered from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import regex
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from index.errors import WrongCallError

if TYPE_CHECKING:
    from collections.abc import Mapping

_DATE = regex.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")
AFTER_ALL = "~"
"""Sorts after every digit and hyphen: `2007` ≤ any day of 2007 ≤ `2007~`."""


def _names(value: Any) -> Any:  # noqa: ANN401 - whatever JSON or YAML gave
    return (value,) if isinstance(value, str) else value


def _date(value: Any) -> Any:  # noqa: ANN401 - whatever JSON or YAML gave
    if value is None or value == "":
        return None
    text = str(value).strip()
    match = _DATE.fullmatch(text)
    if match is None or not _exists(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1)):
        raise ValueError(f"{text!r} is no date: write it like 2007, 2007-12 or 2007-12-14")
    return text


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


_Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], BeforeValidator(_names)]
_Date = Annotated[str | None, BeforeValidator(_date)]


class Filters(BaseModel):
    """What the sources of an answer must be like. Values of one field are alternatives; all fields must fit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    languages: _Names = ()
    """Languages of the passages, BCP 47; scripts and regions do not count: zh-Hans and zh-Hant are zh."""
    since: _Date = None
    """A year, month or day (`2007`, `2007-12`, `2007-12-14`). A source fits when its date may lie in the range; one
    without a date never does."""
    until: _Date = None
    """Like `since`; the whole year or month counts."""
    types: _Names = ()
    publishers: _Names = ()
    """Names of publishers or, where none has just this name, a part of them."""
    sources: _Names = ()
    """Source ids, folders (`minutes/`) and globs (`minutes/*2007*`)."""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Filters:
        """Filters from JSON, YAML or a command line. Raises WrongCallError that names the key, on one line."""
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise WrongCallError(f"filters: {explanation(error)}") from error

    @property
    def active(self) -> int:
        """How many fields narrow something down."""
        return len(self.model_dump())

    @property
    def described(self) -> str:
        """The fields that narrow something down, on one line: `since 2007, types newsletter`."""
        shown = {
            key: value if isinstance(value, str) else " or ".join(value) for key, value in self.model_dump().items()
        }
        return ", ".join(f"{key} {value}" for key, value in shown.items())

    @model_validator(mode="after")
    def _ordered(self) -> Filters:
        if self.since and self.until and self.since > self.until + AFTER_ALL:
            raise ValueError(f"since {self.since} is after until {self.until}")
        return self

    @model_serializer(mode="wrap")
    def _set_ones(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in handler(self).items() if value}


def explanation(error: ValidationError) -> str:
    """What is wrong with the values of filters, on one line; they may stand below a key `filters`."""
    first = error.errors()[0]
    place = [step for step in first["loc"] if step != "filters"]
    key = str(place[0]) if place else ""
    if first["type"] == "extra_forbidden":
        return f"unknown key {key!r}: allowed are {', '.join(Filters.model_fields)}"
    if first["type"] == "model_type":
        return 'write them like {"since": "2007", "types": ["newsletter"]}'
    message = str(first["msg"]).removeprefix("Value error, ")
    return f"{key}: {message}" if key else message
