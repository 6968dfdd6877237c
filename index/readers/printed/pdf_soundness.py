"""Whether a PDF file is whole: its first bytes, its last ones, and where they point."""

from __future__ import annotations

import re
import zlib

from index.errors import UnreadableSourceError
from index.readers.printed.pdfium import DAMAGED

_HEAD = 1_024
"""Bytes before which `%PDF-` must stand; mail programs put something before it."""
_TAIL = 4_096
"""Bytes that may follow the last `%%EOF`; web servers put something after it."""
_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF")
_STREAM = re.compile(rb">>\s*stream\r?\n")
_LENGTH = re.compile(rb"/Length\s+(\d+)(?!\s+\d+\s+R)\b")
_PACKED = re.compile(rb"/Filter\s*(?:\[\s*)?/FlateDecode\b(?!\s*/)")
_LONGEST_HEAD = 1_000
_MOST_UNPACKED = 20_000_000
"""Bytes of one stream; what unpacks to more is no text, and may be a bomb."""
_BITE = 65_536
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


def broken_streams(data: bytes) -> bool:
    """Whether a stream does not end where it says, or a packed one cannot be unpacked: something is missing inside."""
    if b"/Encrypt" in data:
        return False
    for found in _STREAM.finditer(data):
        head = data[max(0, found.start() - _LONGEST_HEAD) : found.start()]
        head = head[head.rfind(b" obj") :] if b" obj" in head else b""
        length = _LENGTH.search(head)
        if not length:
            continue
        start, end = found.end(), found.end() + int(length[1])
        if b"endstream" not in data[max(start, end - 4) : end + 32]:
            return True
        if _PACKED.search(head) and b"/Image" not in head and not _unpacks(memoryview(data)[start:end]):
            return True
    return False


def _unpacks(packed: memoryview) -> bool:
    unpacker, left = zlib.decompressobj(), _MOST_UNPACKED
    try:
        for at in range(0, len(packed), _BITE):
            left -= len(unpacker.decompress(packed[at : at + _BITE], left))
            if left <= 0:
                return True
    except zlib.error as error:
        return "incorrect data check" in str(error)
    return True


def _is_index(data: bytes, offset: int) -> bool:
    place = data[offset : offset + 64]
    return place.lstrip().startswith(b"xref") or bool(_OBJECT.match(place))
