"""What stands in an export, whatever form it is written in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from assistant.export.texts import ExportLanguage

BlockKind = Literal["title", "heading", "subheading", "text", "item", "entry"]
"""An `item` belongs to a list, an `entry` to the bibliography."""


@dataclass(frozen=True)
class Span:
    """Text of one kind. A line break in it is a line break, and nothing in it is markup."""

    text: str
    italic: bool = False
    link: bool = False
    """Whether it is an http address."""
    language: str = ""
    """BCP 47, where it is known."""


@dataclass(frozen=True)
class Mark:
    """The place in a text that a footnote belongs to."""

    number: int


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Block:
    """A heading, paragraph or line of a list."""

    kind: BlockKind
    pieces: tuple[Span | Mark, ...]


@dataclass(frozen=True)
class Note:
    """A footnote: a quotation, its reference, and what to know about it, a paragraph each."""

    number: int
    paragraphs: tuple[Spans, ...]


@dataclass(frozen=True)
class Content:
    """A whole export."""

    title: str
    language: ExportLanguage
    blocks: tuple[Block, ...]
    notes: tuple[Note, ...]
    """In the order of their numbers, from 1; each has at least one mark."""


def plain(spans: Spans) -> str:
    """The words of spans alone."""
    return "".join(span.text for span in spans)
