"""The sources of an index, as programs read of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from index.errors import WrongCallError

if TYPE_CHECKING:
    from index.catalog import CatalogEntry
    from index.content import Content
    from index.ledger import LedgerEntry

LONGEST_EXCERPT = 20_000
"""Characters of a source that are given at once."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class UnknownSourceError(WrongCallError):
    """No source of this id is in the index."""

    def __init__(self, source_id: str) -> None:
        super().__init__(f"no source {source_id[:200]!r} in the index: the list of sources has their ids")


class PageFacts(_Value):
    """What one page gave."""

    page: int
    characters: int
    passages: int
    languages: dict[str, float]
    confidence: float | None
    warnings: tuple[str, ...]


class SourceSummary(_Value):
    """One source: what the catalogue knows, and what the index has of it."""

    source_id: str
    title: str
    title_en: str = ""
    publisher: str = ""
    date: str = ""
    type: str = ""
    origin: str = ""
    notes: str = ""
    format: str
    languages: Annotated[dict[str, float], Field(description="share of the characters in each language, 0 to 1")]
    pages: int
    characters: int
    passages: int
    confidence: Annotated[float | None, Field(description="of what was read off pictures, 0 to 1")]
    duplicate_of: str = ""
    warnings: tuple[str, ...] = ()
    problem: Annotated[str, Field(description="why nothing of it is in the index; empty when it is")] = ""


class SourceFacts(SourceSummary):
    """One source, page by page."""

    encoding: str = ""
    file_hash: Annotated[str, Field(description="SHA-256 of the file")] = ""
    page_entries: Annotated[tuple[PageFacts, ...], Field(description="where it has pages")] = ()


class Shelf(_Value):
    """All sources of an index."""

    generation: str
    sources: tuple[SourceSummary, ...]


class Excerpt(_Value):
    """A stretch of a source's text: `text` is its characters from `start` to `end`."""

    source_id: str
    title: str
    start: int
    end: int
    length: Annotated[int, Field(description="characters of the whole text")]
    page: int | None = None
    text: str


def summaries(content: Content) -> tuple[SourceSummary, ...]:
    """Every source that the index was built from, those that gave nothing too."""
    return tuple(SourceSummary(**_told(made, content.entries.get(made.source_id))) for made in content.ledger())


def facts(content: Content, source_id: str) -> SourceFacts:
    """One source. Raises UnknownSourceError."""
    try:
        made = content.ledger_entry(source_id)
    except (KeyError, UnicodeEncodeError) as error:
        raise UnknownSourceError(source_id) from error
    pages = tuple(
        PageFacts(**{name: getattr(page, name) for name in PageFacts.model_fields}) for page in made.page_entries
    )
    told = _told(made, content.entries.get(source_id))
    return SourceFacts(**told, encoding=made.encoding, file_hash=made.file_hash, page_entries=pages)


def excerpt(content: Content, source_id: str, start: int, length: int) -> Excerpt:
    """Up to `length` characters of a source's text from `start` on. Raises UnknownSourceError, WrongCallError."""
    try:
        source, entry = content.document(source_id), content.entry(source_id)
    except (KeyError, UnicodeEncodeError) as error:
        raise UnknownSourceError(source_id) from error
    if not 0 <= start <= len(source.text):
        raise WrongCallError(f"start {start} is not in the text, which has {len(source.text)} characters")
    end = min(start + min(length, LONGEST_EXCERPT), len(source.text))
    return Excerpt(
        source_id=source_id,
        title=entry.shown_title,
        start=start,
        end=end,
        length=len(source.text),
        page=source.page_at(start),
        text=source.text[start:end],
    )


def _told(made: LedgerEntry, entry: CatalogEntry | None) -> dict[str, Any]:
    catalogued = ("title_en", "publisher", "date", "type", "origin", "notes")
    known = {name: getattr(entry, name) for name in catalogued} if entry else {}
    counted = ("source_id", "format", "languages", "pages", "characters", "passages", "confidence", "duplicate_of")
    found = {name: getattr(made, name) for name in (*counted, "warnings", "problem")}
    return {**known, **found, "title": entry.shown_title if entry else made.source_id}
