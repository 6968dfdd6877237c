"""Whether a PDF file is whole: its first bytes, its last ones, and where they point."""

from __future__ import annotations

import re

from index.errors import UnreadableSourceError
from index.readers.pdfium import DAMAGED

_HEAD = 1_024
"""Bytes before which `%PDF-` must stand; mail programs put something before it."""
_TAIL = 4_096
"""Bytes that may follow the last `%%EOF`; web servers put something after it."""
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF")
_OBJECT = re.compile(rb"\s*\d+\s+\d+\s+obj")


def has_index(data: bytes) -> bool:
    """Whether the file ends as a PDF ends and its end points to its index of objects.

    Without that pdfium gathers what objects it finds, and pages may be missing. Raises UnreadableSourceError for what
    is no PDF, and for one that has no end.
    """
    header = data.find(b"%PDF-", 0, _HEAD)
    if header < 0:
        raise UnreadableSourceError("it is not a PDF file: give it the ending of what it is, or get the file again")
    end = data.rfind(b"%%EOF")
    rest = data[end + len(b"%%EOF") :].strip(b"\0 \t\r\n") if end >= 0 else b""
    if end < 0 or len(rest) > _TAIL or b" obj" in rest:
        raise UnreadableSourceError(DAMAGED)
    starts = [int(found[1]) for found in _START.finditer(data, max(0, end - _HEAD), end + len(b"%%EOF"))]
    if not starts:
        raise UnreadableSourceError(DAMAGED)
    return any(_is_index(data, start + shift) for start in starts[-1:] for shift in {0, header})


def _is_index(data: bytes, offset: int) -> bool:
    place = data[offset : offset + 64]
    return place.lstrip().startswith(b"xref") or bool(_OBJECT.match(place))
