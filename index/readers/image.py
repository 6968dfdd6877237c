"""Pictures of pages: PNG, JPEG, TIFF, WebP and BMP, read off line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import UnreadableSourceError
from index.readers.canonical import CanonicalText

if TYPE_CHECKING:
    from index.document import Document
    from index.readers.options import ReadingOptions

VERSION = 1
"""Raised whenever the same file would give another Document."""


def read(data: bytes, source_id: str, options: ReadingOptions) -> Document:
    """Read a picture, each page of a TIFF file as a page. Raises UnreadableSourceError."""
    if options.ocr == "never":
        raise UnreadableSourceError("reading pictures is switched off: give its text as .txt, or switch it on")
    from index.readers.scanned.ocr import LONGEST_SIDE, shared_ocr
    from index.readers.scanned.pictures import MOST_PAGES, page, page_count

    count = page_count(data)
    if count > MOST_PAGES:
        raise UnreadableSourceError(f"it has {count} pages: cut it into parts")
    ocr, text, warnings = shared_ocr(), CanonicalText(), []
    for number in range(1, count + 1):
        if number > 1:
            text.page()
        reading = ocr.read(page(data, number, LONGEST_SIDE))
        begins = True
        for line in reading.lines:
            text.scanned_line(line.text, line.confidence or 0.0, begins=begins or line.begins)
            begins = line.kind == "row"
        if warning := reading.warning(number if count > 1 else None):
            warnings.append(warning)
    document = text.document(source_id, "image", warnings=warnings)
    if not document.text.strip():
        raise UnreadableSourceError("no text was found on it: leave it out, or give its text as .txt")
    return document
