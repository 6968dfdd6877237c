"""Bytes → text: which encoding a file is written in, without guessing."""

from __future__ import annotations

import codecs
import unicodedata

import regex

from index.errors import UnreadableSourceError

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
_LEAST_AHEAD = 0.05
"""An encoding must be this much more plausible than any other that gives another text."""
_WELL_FORMED_THAI = regex.compile(r"[เ-ไ]?[ก-ฮ][ัิ-ฺ็-๎]*[ะาำๅ]?[ะ]?|[๐-๙฿ๆฯ๏๚๛]")
"""A Thai syllable's consonant with the vowels and tone marks that may stand around it."""
_THAI_VOWEL = regex.compile(r"[ะ-ฺเ-ไ]")
_BIG5_PUNCTUATION = regex.compile(r"[\u2013-\u2027\u3000-\u3011\uff01-\uff5e]")
_TONES_OF_VOWELS = regex.compile(r"[aeiouyăâêôơư][\u0300\u0301\u0303\u0309\u0323]", regex.I)
_OF_THE_REGION = regex.compile(
    r"[\p{Latin}\p{Han}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Hiragana}\p{Katakana}\p{Cyrillic}\p{Common}\p{Inherited}]"
)
_BINARY = "it is a binary file, not text: give its text as .txt in UTF-8"


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
    if (text := _decoded(data, "utf-8")) is not None:
        return _text_or_error(text), "utf-8"
    scored = sorted(
        ((_plausibility(text, name), name, text) for name in _LEGACY if (text := _decoded(data, name)) is not None),
        key=lambda candidate: -candidate[0],
    )
    best = scored[0] if scored else (0.0, "", "")
    rivals = [score for score, _, text in scored if text != best[2] and score > best[0] - _LEAST_AHEAD]
    if best[0] < _LEAST_PLAUSIBLE or rivals:
        raise UnreadableSourceError("its encoding cannot be told: save it as UTF-8 and index again")
    return _text_or_error(best[2]), best[1]


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
    """UTF-16 text has a NUL byte in every digit, space and line end; bytes that are ASCII but for a few NULs have not.

    The side that has more NULs is tried first. It may be the wrong one: U+4E00, one, is among the commonest characters
    of Chinese.
    """
    even, odd = data[0::2].count(0), data[1::2].count(0)
    printable = sum(32 <= byte < 127 for byte in data)
    if (even + odd) * 4 < len(data) and printable * 10 > len(data) * 9:
        raise UnreadableSourceError(_BINARY)
    for encoding in ("utf-16-le", "utf-16-be") if odd > even else ("utf-16-be", "utf-16-le"):
        text = _decoded(data, encoding)
        if text is not None and _plausibility(text, encoding) >= _LEAST_PLAUSIBLE:
            return _text_or_error(text), encoding
    raise UnreadableSourceError(_BINARY)


def _text_or_error(text: str) -> str:
    controls = sum(unicodedata.category(char) == "Cc" and char not in _KEPT_CONTROLS and char != "\r" for char in text)
    if controls > len(text) * 0.01:
        raise UnreadableSourceError(_BINARY)
    return text


def _plausibility(text: str, encoding: str) -> float:
    """Share of the characters beyond ASCII that ordinary text of that encoding is made of, 0 to 1.

    Chinese: the first levels of GB 2312 (3,755 characters, rows 16-55) and Big5 (A440-C67E), which cover over 95 % of
    running text, and their punctuation; a wrong decoding scatters over the rare levels. Thai: signs that stand where
    Thai has them. Vietnamese and Western: small letters and quotation marks, tone marks only on vowels. UTF-16: the
    scripts of the region.
    """
    beyond = [char for char in text if ord(char) > 127]
    if not beyond:
        return 1.0
    if encoding == "cp874":
        well_formed = sum(len(match[0]) for match in _WELL_FORMED_THAI.finditer(text))
        return well_formed / len(beyond) if _THAI_VOWEL.search(text) else 0.0
    ordinary = sum(_ordinary(char, encoding) for char in beyond)
    if encoding == "cp1258":
        ordinary += len(_TONES_OF_VOWELS.findall(text))
    return ordinary / len(beyond)


def _ordinary(char: str, encoding: str) -> bool:
    if encoding == "gb18030":
        try:
            row = char.encode("gb2312")[0] - 0xA0
        except UnicodeEncodeError:
            return False
        return row <= 3 or 16 <= row <= 55
    if encoding == "big5":
        code = int.from_bytes(char.encode("big5", "replace"), "big")
        return bool(_BIG5_PUNCTUATION.match(char)) or 0xA440 <= code <= 0xC67E
    if encoding in {"cp1258", "cp1252"}:
        return (char.isalpha() and char.islower()) or unicodedata.category(char) in {"Pd", "Pi", "Pf"}
    return bool(_OF_THE_REGION.match(char)) and char.isprintable()
