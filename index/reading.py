"""A source file → its canonical Document: which reader reads it, and what the reading depends on."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Protocol, cast

from index.errors import UnreadableSourceError
from index.readers.options import ReadingOptions

if TYPE_CHECKING:
    from pathlib import Path

    from index.document import Document

_READERS: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {
    "text": (frozenset({".txt", ".text", ".md", ".markdown", ""}), ()),
    "html": (frozenset({".html", ".htm", ".xhtml"}), ("trafilatura", "lxml", "lxml_html_clean")),
    "pdf": (frozenset({".pdf"}), ("pypdfium2", "rapidocr")),
    "image": (frozenset({".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".bmp"}), ("rapidocr",)),
    "docx": (frozenset({".docx"}), ("mammoth", "lxml")),
}
"""By the module below `index/readers`: the endings it reads, and packages whose version may change what it gives."""
_INSTEAD = {
    ".doc": "save it as .docx or .pdf",
    ".rtf": "save it as .docx or .pdf",
    ".odt": "save it as .docx or .pdf",
    ".ppt": "save it as .pdf",
    ".pptx": "save it as .pdf",
    ".xls": "save it as .pdf",
    ".xlsx": "save it as .pdf",
    ".epub": "save it as .pdf or .html",
    ".zip": "unpack it and put what is in it into the folder",
}
READABLE = frozenset(ending for endings, _ in _READERS.values() for ending in endings)
"""Endings of the files that are read."""


class Reader(Protocol):
    """A module of `index/readers`."""

    VERSION: int

    def read(self, data: bytes, source_id: str, options: ReadingOptions) -> Document:
        """Read a file's bytes. Raises UnreadableSourceError."""


def read_document(path: Path, source_id: str, options: ReadingOptions | None = None) -> Document:
    r"""Read a file into its canonical form: NFC, `\n` line ends, with pages, marked headings and scanned lines.

    Raises UnreadableSourceError when the file cannot be opened or its text cannot be had without guessing.
    """
    kind_of(path)
    return parse(load(path), path, source_id, options or ReadingOptions())


def load(path: Path) -> bytes:
    """A file's bytes. Raises UnreadableSourceError."""
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise UnreadableSourceError(f"cannot be opened ({reason}): check that it is there and may be read") from error


def parse(data: bytes, path: Path, source_id: str, options: ReadingOptions) -> Document:
    """The Document of a file's bytes; `path` tells by its ending what they are. Raises UnreadableSourceError."""
    return _reader(kind_of(path)).read(data, source_id, options)


def kind_of(path: Path) -> str:
    """The name of the reader for a file, by its ending. Raises UnreadableSourceError that says what to do instead."""
    ending = path.suffix.lower()
    for kind, (endings, _) in _READERS.items():
        if ending in endings:
            return kind
    advice = _INSTEAD.get(ending, "save it as PDF, DOCX, HTML or UTF-8 text (.txt or .md)")
    raise UnreadableSourceError(f"{ending} files are not read: {advice}")


def reader_fingerprint(path: Path, options: ReadingOptions) -> str:
    """What the Document of a file depends on besides its bytes; empty for a file that is not read."""
    try:
        kind = kind_of(path)
    except UnreadableSourceError:
        return ""
    packages = [f"{name} {_version(name)}" for name in _READERS[kind][1]]
    options_of_pictures = [f"ocr {options.ocr}"] if kind in {"pdf", "image"} else []
    return ", ".join([f"{kind} {_reader(kind).VERSION}", *packages, *options_of_pictures])


def _reader(kind: str) -> Reader:
    return cast("Reader", import_module(f"index.readers.{kind}"))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
