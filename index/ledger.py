"""What the build made of every source, page by page."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any

from index.garbling import signs_of_garbling

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.document import Document, Passage

POOR_CONFIDENCE = 0.85
"""Mean confidence of scanned lines below which words may be wrong: a page read at .9 has an error every few lines."""


@dataclass(frozen=True)
class PageEntry:
    """One page of a source."""

    page: int
    """From 1."""
    characters: int
    passages: int
    languages: dict[str, float] = field(default_factory=dict)
    """Share of the passages' characters in each language, 0 to 1, largest first."""
    confidence: float | None = None
    """Mean confidence of its scanned lines by length, 0 to 1; None where nothing was read off a picture."""
    warnings: tuple[str, ...] = ()

    @property
    def poor(self) -> bool:
        """Whether it was read off a picture with words that may be wrong."""
        return self.confidence is not None and self.confidence < POOR_CONFIDENCE


@dataclass(frozen=True)
class LedgerEntry:
    """One source: what it gave, how long it took (seconds), and what went wrong."""

    source_id: str
    file_hash: str = ""
    """SHA-256 of the file, to tell later whether it has changed."""
    pages: int = 0
    characters: int = 0
    passages: int = 0
    languages: dict[str, float] = field(default_factory=dict)
    """Share of the passages' characters in each language, 0 to 1, largest first."""
    encoding: str = ""
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    problem: str = ""
    """Why nothing of it is in the index; empty when it is."""
    format: str = ""
    """What it was read as: text, html, pdf, image, docx."""
    reader: str = ""
    """Fingerprint of what read it."""
    splitter: str = ""
    """Fingerprint of what split it."""
    confidence: float | None = None
    """Mean confidence of all scanned lines, 0 to 1."""
    duplicate_of: str = ""
    """Another source with the same bytes."""
    page_entries: tuple[PageEntry, ...] = ()
    """The pages of a source that has some."""

    @classmethod
    def of(cls, document: Document, passages: Sequence[Passage], file_hash: str, seconds: float) -> LedgerEntry:
        """The entry of a source that was read; without a passage it is a problem."""
        pages = _pages(document, passages)
        warnings = [*document.warnings, *signs_of_garbling(document.text)]
        return cls(
            source_id=document.source_id,
            file_hash=file_hash,
            pages=document.pages,
            characters=len(document.text),
            passages=len(passages),
            languages=_shares(passages),
            encoding=document.encoding,
            seconds=round(seconds, 3),
            warnings=tuple(dict.fromkeys(warnings)),
            problem="" if passages else "no text in it: check the file, or remove it from the sources",
            format=document.format,
            confidence=document.confidence(0, len(document.text)),
            page_entries=pages if document.pages > 1 or document.scanned else (),
        )

    @property
    def poor_pages(self) -> tuple[int, ...]:
        """Pages that were read off a picture with words that may be wrong."""
        return tuple(page.page for page in self.page_entries if page.poor)

    def as_json(self) -> dict[str, Any]:
        """The entry as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> LedgerEntry:
        """The entry that `as_json` gave."""
        known = {one.name for one in fields(cls)}
        pages = tuple(
            PageEntry(**{**page, "warnings": tuple(page["warnings"])}) for page in values.get("page_entries", ())
        )
        given = {key: value for key, value in values.items() if key in known}
        return cls(**{**given, "warnings": tuple(values.get("warnings", ())), "page_entries": pages})


def _pages(document: Document, passages: Sequence[Passage]) -> tuple[PageEntry, ...]:
    by_page: dict[int, list[Passage]] = {}
    for passage in passages:
        by_page.setdefault(passage.page or 1, []).append(passage)
    entries = []
    for number in range(1, document.pages + 1):
        start, end = document.page_span(number)
        found, text = by_page.get(number, []), document.text[start:end]
        entries.append(
            PageEntry(
                page=number,
                characters=len(text.strip()),
                passages=len(found),
                languages=_shares(found),
                confidence=document.confidence(start, end),
                warnings=tuple(signs_of_garbling(text)),
            )
        )
    return tuple(entries)


def _shares(passages: Sequence[Passage]) -> dict[str, float]:
    counts = Counter[str]()
    for passage in passages:
        counts[passage.language] += len(passage.text)
    total = sum(counts.values()) or 1
    return {language: round(count / total, 3) for language, count in counts.most_common()}
