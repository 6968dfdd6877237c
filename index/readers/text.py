"""Text and Markdown files: kept character for character, but for the encoding, NFC and line ends."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from index.document import Document
from index.errors import UnreadableSourceError
from index.readers.encodings import decode
from index.readers.options import LARGEST_TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.readers.options import ReadingOptions

VERSION = 1
"""Raised whenever the same file would give another Document."""


def read(data: bytes, source_id: str, options: ReadingOptions) -> Document:
    r"""Decode a text; form feeds are page marks. Raises UnreadableSourceError."""
    del options
    if len(data) > LARGEST_TEXT:
        raise UnreadableSourceError(f"it is larger than {LARGEST_TEXT // 1_000_000} MB: cut it into parts")
    text, encoding = decode(data)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return Document(source_id, text, tuple(_page_starts(text)), encoding, tuple(_warnings(text)))


def _page_starts(text: str) -> Iterator[int]:
    yield 0
    for offset, char in enumerate(text):
        if char == "\f" and offset + 1 < len(text):
            yield offset + 1


def _warnings(text: str) -> Iterator[str]:
    lost = text.count("\ufffd")
    if lost:
        yield f"{lost} characters were already lost in the file (U+FFFD)"
