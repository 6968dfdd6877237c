"""Documents for tests of the source viewer, and an application that shows them without an index."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from assistant.settings import load_settings
from assistant.web.app import create_app
from index.catalog import CatalogEntry
from index.document import Document, Heading
from index.fingerprints import file_hash

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from assistant.engine import Assistant

HOSTILE_HEADING = '</a><script>window.hacked = 1</script>" onclick="x {{7*7}}'
UNFINISHED_OVERRIDE = "\u202eabc"


@dataclass
class _Ledger:
    file_hash: str


@dataclass
class Shelf:
    """What the viewer reads of an index."""

    folder: Path
    documents: dict[str, Document] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)

    def add(self, document: Document, data: bytes | None = None) -> Document:
        self.documents[document.source_id] = document
        if data is not None:
            path = self.folder / document.source_id
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        self.hashes[document.source_id] = file_hash(self.folder / document.source_id)
        return document

    def document(self, source_id: str) -> Document:
        return self.documents[source_id]

    def entry(self, source_id: str) -> CatalogEntry:
        return CatalogEntry(file=source_id, title=f"Title of {source_id}", publisher="Secretariat", date="2007-12")

    def ledger_entry(self, source_id: str) -> _Ledger:
        return _Ledger(self.hashes[source_id])


class _Manifest:
    id = "20260101T000000000-abcdef12"
    passages = 1


class _Current:
    manifest = _Manifest()

    def __init__(self, shelf: Shelf) -> None:
        self.content = shelf

    def get(self) -> _Current:
        return self


class _Assistant:
    def __init__(self, shelf: Shelf) -> None:
        self.current = _Current(shelf)


def viewer(shelf: Shelf) -> FastAPI:
    """The application that shows what is on a shelf."""
    settings = load_settings(sources=shelf.folder, page_language="en")
    return create_app(cast("Assistant", _Assistant(shelf)), settings)


def chapters(source_id: str, pages: int, first: str = "Opening") -> Document:
    """A document of pages: every fourth begins a chapter, every other a section."""
    text, starts, headings = "", [], []
    for page in range(pages):
        starts.append(len(text))
        if page % 2 == 0:
            title = first if page == 0 else f"{'Chapter' if page % 4 == 0 else 'Section'} {page}"
            headings.append(Heading(len(text), len(text) + len(title), 1 if page % 4 == 0 else 2))
            text += f"{title}\n\n"
        text += (
            f"Words of page {page + 1}. 反对拐卖\n人口 𠮷 {UNFINISHED_OVERRIDE}\n"
            + "The ministers met again. " * 60
            + "\n\n"
        )
    return Document(source_id, text, tuple(starts), headings=tuple(headings))
