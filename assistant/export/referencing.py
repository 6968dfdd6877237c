"""References to quotations in the style that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from assistant.export.chicago import chicago_entry, chicago_note
from assistant.export.content import Span, Spans, plain
from assistant.export.gbt7714 import gbt7714_entry, gbt7714_reference
from assistant.export.work import work_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from assistant.answer import Citation, Place
    from assistant.export.work import Work
    from index.catalog import CatalogEntry

Style = Literal["gbt7714", "chicago"]
"""GB/T 7714-2015 (numeric), or The Chicago Manual of Style (notes and bibliography)."""


def reference(place: Citation | Place, entry: CatalogEntry | None, style: Style, accessed: date) -> str:
    """The reference to a quotation, with its page, as plain text on one line.

    `entry` is what the catalogue knows about its source, `accessed` the day on which it was looked at.
    """
    return plain(note_reference(work_of(place, entry, accessed), style))


def quotation_with_reference(citation: Citation | Place, entry: CatalogEntry | None, style: Style, day: date) -> str:
    """A quotation word for word in quotation marks, and its reference on a line of its own, as plain text."""
    return f"“{citation.quote}”\n{reference(citation, entry, style, day)}"


def note_reference(work: Work, style: Style) -> Spans:
    """The reference as it stands in a note."""
    return gbt7714_reference(work) if style == "gbt7714" else chicago_note(work)


def bibliography(works: Iterable[Work], style: Style) -> list[Spans]:
    """A line for each work, each source once: numbered in the order given (GB/T 7714) or sorted (Chicago)."""
    distinct: dict[str, Work] = {}
    for work in works:
        distinct.setdefault(work.source_id, work.whole)
    if style == "gbt7714":
        return [gbt7714_entry(work, number) for number, work in enumerate(distinct.values(), start=1)]
    return sorted((chicago_entry(work) for work in distinct.values()), key=_sorting)


def quoted(quote: str, language: str) -> Spans:
    """A quotation word for word, in quotation marks."""
    return (Span(f"“{quote}”", language=language),)


def _sorting(entry: Spans) -> tuple[str, str]:
    words = plain(entry)
    return words.lstrip("“‘\"'").casefold(), words
