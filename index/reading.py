"""A source file → its canonical Document."""

from __future__ import annotations

import codecs
import unicodedata
from typing import TYPE_CHECKING

from index.document import Document
from index.errors import AssistantError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READABLE = frozenset({".txt", ".text", ".md", ".markdown", ""})
"""Endings of the files that are read as text."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY = ("gb18030", "big5", "cp874", "cp1258", "cp1252")
_KEPT_CONTROLS = frozenset("\t\n\f")
_LEAST_PLAUSIBLE = 0.8
_BINARY = "it is a binary file, not text: give its text as .txt in UTF-8"


class UnreadableSourceError(AssistantError):
    """A source whose text cannot be had without guessing."""


def read_document(path: Path, source_id: str) -> Document:
    r"""Read a text file into its canonical form: decoded, NFC, `\n` line ends, form feeds as page marks.

    Raises UnreadableSourceError when the file cannot be opened, is not text, or its encoding cannot be told.
    """
    if path.suffix.lower() not in READABLE:
        raise UnreadableSourceError(f"{path.suffix} files are not read: save it as UTF-8 text (.txt or .md)")
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise UnreadableSourceError(f"cannot be opened ({reason}): check that it is there and may be read") from error
    text, encoding = decode(data)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    warnings = _warnings(text)
    return Document(source_id, text, tuple(_page_starts(text)), encoding, tuple(warnings))


def decode(data: bytes) -> tuple[str, str]:
    """Decode bytes to text; give the text and the encoding's name.

    Byte order marks decide; then strict UTF-8; then UTF-16 without a mark; then the legacy encodings of the region,
    accepted only when what they give is plausible text. Raises UnreadableSourceError instead of giving mojibake.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding), encoding
    if b"\0" in data:
        return _utf16_without_mark(data)
    try:
        return _text_or_error(data.decode("utf-8")), "utf-8"
    except UnicodeDecodeError:
        pass
    candidates = [(encoding, text) for encoding in _LEGACY if (text := _decoded(data, encoding)) is not None]
    scored = [(_plausibility(text, encoding), encoding, text) for encoding, text in candidates]
    best = max(scored, default=(0.0, "", ""))
    if best[0] < _LEAST_PLAUSIBLE:
        raise UnreadableSourceError("its encoding cannot be told: save it as UTF-8 and index again")
    return best[2], best[1]


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return _text_or_error(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise UnreadableSourceError(f"broken {encoding} at byte {error.start}: save it as UTF-8 again") from error


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _utf16_without_mark(data: bytes) -> tuple[str, str]:
    """UTF-16 text has its NUL bytes on the high side of digits, spaces and line ends; a binary file anywhere."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = _decoded(data, encoding)
    if text is None or max(even, odd) < 2 * min(even, odd) or _plausibility(text, encoding) < _LEAST_PLAUSIBLE:
        raise UnreadableSourceError(_BINARY)
    return _text_or_error(text), encoding


def _text_or_error(text: str) -> str:
    controls = sum(unicodedata.category(char) == "Cc" and char not in _KEPT_CONTROLS and char != "\r" for char in text)
    if controls > len(text) * 0.01:
        raise UnreadableSourceError(_BINARY)
    return text


def _plausibility(text: str, encoding: str) -> float:
    """Share of the characters beyond ASCII that ordinary text of that encoding is made of, 0 to 1.

    Chinese: the first levels of GB 2312 (3,755 characters, rows 16-55) and Big5 (A440-C67E), which cover over 95 % of
    running text, and their punctuation; a wrong decoding scatters over the rare levels. Thai, Vietnamese, Western:
    letters and marks of those scripts, with no more than one odd sign among ten.
    """
    beyond = [char for char in text if ord(char) > 127]
    if not beyond:
        return 1.0
    return sum(_ordinary(char, encoding) for char in beyond) / len(beyond)


def _ordinary(char: str, encoding: str) -> bool:
    if encoding == "gb18030":
        try:
            row = char.encode("gb2312")[0] - 0xA0
        except UnicodeEncodeError:
            return False
        return row <= 3 or 16 <= row <= 55
    if encoding == "big5":
        code = int.from_bytes(char.encode("big5", "replace"), "big")
        return 0xA140 <= code <= 0xA3BF or 0xA440 <= code <= 0xC67E
    if encoding == "cp874":
        return "\u0e00" <= char <= "\u0e7f"
    if encoding in {"cp1258", "cp1252"}:
        return (char.isalpha() and char.islower()) or unicodedata.category(char) in {"Mn", "Pd", "Pi", "Pf"}
    return char.isprintable() and unicodedata.category(char) not in {"Co", "Cn"}


def _page_starts(text: str) -> Iterator[int]:
    yield 0
    for offset, char in enumerate(text):
        if char == "\f" and offset + 1 < len(text):
            yield offset + 1


def _warnings(text: str) -> Iterator[str]:
    lost = text.count("\ufffd")
    if lost:
        yield f"{lost} characters were already lost in the file (U+FFFD)"
