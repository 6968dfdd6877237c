"""The library: every source with what the index has of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.web.links import source_address
from assistant.web.templating import document
from assistant.web.texts import texts
from assistant.web.uploads import ACCEPTED
from index.ledger_csv import ledger_csv

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assistant.web.texts import PageLanguage
    from index.catalog import CatalogEntry
    from index.generation import Generation
    from index.ledger import LedgerEntry


@dataclass(frozen=True)
class Shelf:
    """One source as it is listed."""

    title: str
    address: str
    """Empty for a source of which nothing is in the index."""
    source_id: str
    facts: tuple[str, ...]
    """Date, type, languages, as far as they are known."""
    passages: int
    pages: int
    read: str
    """What it was read as, and how surely."""
    warnings: tuple[str, ...]
    problem: str


def library_page(
    generation: Generation,
    language: PageLanguage,
    *,
    indexing: bool,
    upload_limit: int | None = None,
    beside: Sequence[tuple[str, str]] = (),
) -> str:
    """The list as HTML; `indexing`: with a button to bring the index up to date; with a limit (MB), files are taken.

    `beside` are other pages that it leads to: address and title.
    """
    content, entries = generation.content, generation.content.entries
    shelves = [_shelf(made, entries.get(made.source_id), language) for made in content.ledger()]
    return document(
        "library.html",
        language=language,
        texts=texts(language),
        manifest=generation.manifest,
        shelves=sorted(shelves, key=lambda shelf: not shelf.problem),
        problems=sum(bool(shelf.problem) for shelf in shelves),
        indexing=indexing,
        upload_limit=upload_limit,
        beside=beside,
        accepted=ACCEPTED,
    )


def library_csv(generation: Generation) -> bytes:
    """The ledger for a spreadsheet, which takes CSV without a byte order mark for something else than UTF-8."""
    return ledger_csv(generation.content.ledger()).encode("utf-8-sig")


def _shelf(made: LedgerEntry, entry: CatalogEntry | None, language: PageLanguage) -> Shelf:
    words = texts(language)
    spoken = [f"{words.source.languages.get(name, name)} {share:.0%}" for name, share in made.languages.items()]
    kind = words.source.types.get(entry.type, entry.type) if entry else ""
    facts = (entry.date if entry else "", kind, words.narrow.separator.join(spoken))
    read = words.library.formats.get(made.format, made.format)
    if made.confidence is not None:
        read += f" ({words.library.confidence.format(confidence=f'{made.confidence:.2f}')})"
    same = [words.library.duplicate.format(source=made.duplicate_of)] if made.duplicate_of else []
    poor = [words.library.poor.format(pages=", ".join(map(str, made.poor_pages)))] if made.poor_pages else []
    # The ledger names such pages too, one by one and in English.
    others = [warning for warning in made.warnings if not (poor and "is read with a confidence" in warning)]
    return Shelf(
        title=entry.shown_title if entry else made.source_id,
        address="" if made.problem else source_address(made.source_id, language),
        source_id=made.source_id,
        facts=tuple(fact for fact in facts if fact),
        passages=made.passages,
        pages=made.pages,
        read=read,
        warnings=(*same, *poor, *others),
        problem=made.problem,
    )
