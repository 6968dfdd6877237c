"""The bytes of a web page → its text, by what the page says of its encoding."""

from __future__ import annotations

import codecs

import regex

from index.errors import UnreadableSourceError
from index.readers.encodings import decode

_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SAID = regex.compile(rb"""<meta\b[^<>]{0,500}?charset\s*=\s*["']?\s*([a-zA-Z0-9_.:-]{2,40})""", regex.I)
_SAID_BY_XML = regex.compile(rb"""\s*<\?xml\b[^<>]{0,200}?encoding\s*=\s*["']([a-zA-Z0-9_.:-]{2,40})""", regex.I)
_WITHIN = 4096
"""Bytes in which a page must say its encoding; browsers look at 1,024."""
_MEANT = {
    **dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "x-gbk", "csgb2312", "chinese"), "gb18030"),
    **dict.fromkeys(("big5", "x-x-big5", "big5-hkscs", "cn-big5"), "big5hkscs"),
    **dict.fromkeys(("iso-8859-1", "latin1", "latin-1", "ascii", "us-ascii", "x-cp1252"), "cp1252"),
    **dict.fromkeys(("tis-620", "tis620", "iso-8859-11", "windows-874", "x-windows-874", "dos-874"), "cp874"),
    **dict.fromkeys(("windows-1258", "x-cp1258"), "cp1258"),
}
"""What browsers take an encoding's name to mean."""


_KNOWN = regex.compile(r"utf-8|gb18030|big5hkscs|cp\d+|iso8859-\d+|koi8-[ru]|euc_[a-z]+|shift_jis|hz")
_MOST_LOST = 1000
"""One character in this many may be broken in a page that says its encoding: sites used to cut texts by bytes."""


def decode_page(data: bytes) -> tuple[str, str]:
    """Decode a page; give its text and the encoding's name. Raises UnreadableSourceError instead of giving mojibake.

    A byte order mark decides; then strict UTF-8; then the encoding that the page names; then the rules for any text.
    cp1252 is named by pages in any encoding, and counts only where those rules do not tell.
    """
    if data.startswith(_BOMS) or b"\0" in data or _decoded(data, "utf-8") is not None:
        return decode(data)
    said = _said(data)
    if said not in {"", "cp1252"} and (text := _decoded(data, said)) is not None:
        return text, said
    try:
        return decode(data)
    except UnreadableSourceError:
        text = data.decode(said, "replace") if said else ""
        if not text or text.count("\ufffd") * _MOST_LOST > len(text):
            raise
        return text, said


def _said(data: bytes) -> str:
    """The encoding that a page names, as Python calls it; empty when it names none that is known."""
    start = data[:_WITHIN]
    found = _SAID.search(start) or _SAID_BY_XML.match(start)
    name = found[1].decode("ascii", "replace").lower() if found else ""
    try:
        known = codecs.lookup(_MEANT.get(name, name)).name if name else ""
    except LookupError:
        return ""
    return known if _KNOWN.fullmatch(known) else ""


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None
