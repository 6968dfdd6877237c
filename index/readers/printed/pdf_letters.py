"""The letters of a PDF: what fonts and their tables make of them, put back to what was written."""

from __future__ import annotations

import unicodedata

import regex

HYPHEN = "\u2010"
"""Stands at the end of a line whose last word goes on in the next."""
UNSPACED = r"\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Han}\p{Hiragana}\p{Katakana}"
"""Scripts that put no space between words, for use in a character class."""
_BROKEN = regex.compile(r"[\u0002\ufffe\u00ad]+$")
_NO_TEXT = regex.compile(r"[\p{Cc}\u00ad\ufeff\ufffe\uffff]+")
_SARA_AM = regex.compile(r"\u0e4d([\u0e48-\u0e4b]?)\u0e32")
_NIKHAHIT_AA = regex.compile(r"\u0ecd([\u0ec8-\u0ecb]?)\u0eb2")
_LOST = regex.compile(r"[\p{Co}\p{Cn}\p{Cc}\ufffd]")
_SIGNS = regex.compile(r"[\p{L}\p{M}\p{N}]")
_RADICALS = str.maketrans(
    "⺌⺒⺓⺝⺟⺠⺩⺬⺵⺷⻁⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻡⻢⻣⻤⻥⻦⻧⻨⻩⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "小巳幺月母民王示网羊虎西见角贝车長长门雨青韦页风飞食首马骨鬼鱼鸟卤麦黄斉齐歯齿竜龙龜亀龟",
)
"""Radicals that stand for whole characters: what a font's table may give for the character that looks the same."""
_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_KANGXI = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}
_THAI_GLYPHS: dict[int, str] = dict(
    zip(
        range(0xF700, 0xF71B),
        "\u0e10\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e48\u0e49\u0e4a\u0e4b\u0e4c"
        "\u0e0d\u0e31\u0e4d\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a",
        strict=True,
    )
)
"""Shifted vowels and tone marks at the private code points that Windows' Thai fonts give them."""
_WRITTEN: dict[int, int | str] = {**_RADICALS, **_LIGATURES, **_KANGXI, **_THAI_GLYPHS}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def written(text: str) -> str:
    """What was written: no ligatures, radicals or shifted marks; a word broken at the end keeps HYPHEN there."""
    if text.isascii() and text.isprintable():
        return text
    broken = _BROKEN.search(text)
    plain = _NO_TEXT.sub("", text.translate(_WRITTEN)) + (HYPHEN if broken else "")
    plain = _SARA_AM.sub(r"\1ำ", plain)
    return unicodedata.normalize("NFC", _NIKHAHIT_AA.sub(r"\1ຳ", plain))


def raised(text: str) -> str:
    """A note's number as it is printed, so that it is no part of the number or word before it."""
    return text.translate(_RAISED)


def is_garbled(text: str) -> bool:
    """Whether most of a text cannot be what was written: no letters of any script, or signs without a meaning."""
    plain = regex.sub(r"[\s.·…_\-–—]+", "", text.translate(_THAI_GLYPHS))
    lost = len(_LOST.findall(plain))
    if lost * 3 > len(plain):
        return True
    return len(plain) >= 60 and len(_SIGNS.findall(plain)) * 5 < len(plain) * 2


def lost(text: str) -> int:
    """How many characters of a text have no meaning."""
    return len(_LOST.findall(_NO_TEXT.sub("", text.translate(_THAI_GLYPHS))))
