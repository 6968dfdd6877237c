"""What lies on a page before it is read in order: pieces of text with their place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

import regex

from index.readers.printed.pdf_letters import UNSPACED

_IS_UNSPACED = regex.compile(rf"[{UNSPACED}\u3001-\u3011\uff01-\uff65]")


class Placed(Protocol):
    """Anything with a place on a page; y grows downwards, in points or pixels."""

    @property
    def left(self) -> float: ...  # noqa: D102
    @property
    def top(self) -> float: ...  # noqa: D102
    @property
    def right(self) -> float: ...  # noqa: D102
    @property
    def bottom(self) -> float: ...  # noqa: D102
    @property
    def size(self) -> float: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Fragment:
    """Words that stand side by side on one line."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    """Height of the type; the unit of the gaps around it."""
    confidence: float | None = None
    """How sure the reading is, 0 to 1, when it was read off a picture."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line drawn on a page, `level` when it is horizontal."""

    level: bool
    at: float
    """Its y when it is level, its x when it is upright."""
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Layer:
    """The fragments of a page that are written in one direction, seen in that direction."""

    width: float
    height: float
    fragments: list[Fragment]
    rules: list[Rule] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page in reading order."""

    text: str
    size: float
    begins: bool
    """Whether a paragraph begins with it."""
    kind: Literal["text", "row"] = "text"
    """A `row` is one of a table, and stands alone."""
    leading: float = 0.0
    """From the line above it, in its own size; 0 for the first one of a column."""
    confidence: float | None = None
    """How sure the reading is, 0 to 1, when it was read off a picture."""


def separator(before: str, after: str, gap: float, size: float) -> str:
    """What stands between two pieces of one line: nothing or a space.

    Scripts without spaces between words have one only where there is room for it.
    """
    if not before or not after:
        return ""
    least = 0.12
    if is_unspaced(before[-1], after[0]):
        least = 0.8 if is_wide(before[-1]) or is_wide(after[0]) else 0.22
    elif is_wide(before[-1]) or is_wide(after[0]):
        least = 0.4
    return " " if gap > least * size or gap < -0.3 * size else ""


def is_unspaced(before: str, after: str) -> bool:
    """Whether two characters that follow one another are of scripts without spaces between words."""
    return bool(_IS_UNSPACED.match(before) and _IS_UNSPACED.match(after))


def is_wide(char: str) -> bool:
    """Whether a character is as wide as it is high, and stands in a grid."""
    return bool(regex.match(r"[\p{Han}\p{Hiragana}\p{Katakana}\u3001-\u3011\uff01-\uff65]", char))


def joined(lines: list[str]) -> str:
    """The lines of a cell or heading as one line."""
    text = ""
    for line in lines:
        text += (" " if text and line and not is_unspaced(text[-1], line[0]) else "") + line
    return text
