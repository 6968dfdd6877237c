"""Finds words in a document: whatever their case, width, line breaks and Chinese characters, at their exact offsets."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import regex

from index.search_text import simplified

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST_WORDS = 200
MOST_SPANS = 100_000
"""Hits of which the places are told."""
_AT_ONCE = 1 << 20
"""Characters that are normalised at once, so that memory stays within some 30 MB besides the result."""
_SPACE, _UNSPACED, _HAN, _DIGIT = 1, 2, 4, 8
_UNSPACED_SCRIPTS = regex.compile(
    r"[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}"
    r"\p{Script=Myanmar}，。、；：！？“”《》（）「」『』]"
)
"""A space between two of these is no space between words: a line ended there, or somebody typed one."""
_HAN_SCRIPT = regex.compile(r"\p{Script=Han}")
_RAISED = frozenset("²³¹⁰⁴⁵⁶⁷⁸⁹")
"""Numbers of notes: what stands before one is found without it."""
_SAME = str.maketrans("‘’‚‛ʼ′“”„‟″«»‐‑‒–—―−", '\'\'\'\'\'\'"""""""-------')
_WRAP = regex.compile(r"[-\u00ad\u2010]\n[^\S\n]*")
_REST_OF_CLUSTER = regex.compile(r"(?:[\p{M}\u200c\u200d]|(?<=[\u17d2\u1039])\p{L})*")
"""Signs that combine with the letter before them; in Khmer and Burmese also the letter that is written below it."""


@dataclass(frozen=True)
class Found:
    """Where words stand in a text."""

    count: int
    spans: tuple[tuple[int, int], ...]
    """The first 100,000, in reading order, none within another."""


@dataclass(frozen=True)
class _Folded:
    """A text as it is compared, and for every character of it the offset of the character that it comes from."""

    text: str
    offsets: NDArray[np.int32]


def find(text: str, words: str) -> Found:
    """Find words in a text; no letter is torn from the signs that combine with it."""
    wanted = _fold(words[:LONGEST_WORDS]).text.strip()
    if not wanted:
        return Found(0, ())
    folded = _folded(text)
    spans: list[tuple[int, int]] = []
    at = folded.text.find(wanted)
    while at >= 0 and len(spans) < MOST_SPANS:
        start, end = int(folded.offsets[at]), int(folded.offsets[at + len(wanted) - 1]) + 1
        if rest := _REST_OF_CLUSTER.match(text, end):
            end = rest.end()
        # One character may be compared as two, and a hit may begin within the last character of the one before.
        if not spans or start >= spans[-1][1]:
            spans.append((start, end))
        at = folded.text.find(wanted, at + len(wanted))
    more = folded.text.count(wanted, at) if at >= 0 else 0
    return Found(len(spans) + more, tuple(spans))


@lru_cache(maxsize=4)
def _folded(text: str) -> _Folded:
    return _fold(text)


def _fold(text: str) -> _Folded:
    codes = np.frombuffer(text.encode("utf-32-le", errors="replace"), dtype=np.uint32)
    if not codes.size:
        return _Folded("", np.zeros(0, dtype=np.int32))
    seen = np.zeros(0x110000, dtype=bool)
    seen[codes] = True
    letters = _Letters([int(code) for code in np.flatnonzero(seen)])
    dropped = _wrap_hyphens(text)
    blocks = [letters.compared(codes, start, dropped) for start in range(0, codes.size, _AT_ONCE)]
    compared, kinds, offsets = (np.concatenate([block[part] for block in blocks]) for part in range(3))
    kept = _without_needless_space(kinds)
    compared, offsets = compared[kept], offsets[kept]
    return _Folded(compared.astype("<u4").tobytes().decode("utf-32-le"), offsets)


class _Letters:
    """What each character of a text is compared as."""

    def __init__(self, codes: list[int]) -> None:
        compared = [_compared(chr(code)) for code in codes]
        top = codes[-1] + 1
        self._lengths = np.zeros(top, dtype=np.int8)
        self._starts = np.zeros(top, dtype=np.int32)
        self._kinds = np.zeros(top, dtype=np.uint8)
        lengths = np.array([len(one) for one in compared])
        self._lengths[codes] = lengths
        self._starts[codes] = np.cumsum(lengths) - lengths
        self._kinds[codes] = [_kind(chr(code)) for code in codes]
        self._all = np.array([ord(char) for one in compared for char in one], dtype=np.uint32)

    def compared(
        self, codes: NDArray[np.uint32], start: int, dropped: NDArray[np.int64]
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint8], NDArray[np.int32]]:
        """What a block of a text is compared as: characters, their kinds, and the offsets that they come from."""
        block = codes[start : start + _AT_ONCE]
        lengths = self._lengths[block]
        here = dropped[(dropped >= start) & (dropped < start + block.size)] - start
        lengths[here] = 0
        origins = np.repeat(np.arange(block.size, dtype=np.int32), lengths)
        within = np.arange(origins.size, dtype=np.int32) - np.repeat(
            np.cumsum(lengths, dtype=np.int32) - lengths, lengths
        )
        sources = block[origins]
        return self._all[self._starts[sources] + within], self._kinds[sources], origins + np.int32(start)


def _compared(char: str) -> str:
    """What a character is compared as: nothing when it is invisible, a space for any white space."""
    if char.isspace():
        return " "
    if unicodedata.category(char) == "Cf":
        return ""
    if char in _RAISED:
        return char
    plain = unicodedata.normalize("NFKC", char.translate(_SAME)).casefold().translate(_SAME)
    return simplified(plain) if _HAN_SCRIPT.search(plain) else plain


def _kind(char: str) -> int:
    if char.isspace():
        return _SPACE
    kind = _UNSPACED if _UNSPACED_SCRIPTS.match(char) else 0
    kind |= _HAN if _HAN_SCRIPT.match(char) else 0
    return kind | (_DIGIT if char.isdecimal() else 0)


def _wrap_hyphens(text: str) -> NDArray[np.int64]:
    """Offsets of hyphens, and of the line ends after them, that cut a word in small letters in two."""
    offsets: list[int] = []
    for match in _WRAP.finditer(text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        if before.islower() and after.islower():
            offsets += range(*match.span())
    return np.array(offsets, dtype=np.int64)


def _without_needless_space(kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which characters stay: of white space one, and none where the script puts none."""
    space = kinds == _SPACE
    kept: NDArray[np.bool_] = ~space
    starts = np.flatnonzero(space & ~np.concatenate(([False], space[:-1])))
    ends = np.flatnonzero(space & ~np.concatenate((space[1:], [False])))
    padded = np.concatenate((kinds, np.zeros(1, dtype=np.uint8)))
    before, after = padded[starts - 1], padded[ends + 1]
    before = np.where(starts == 0, 0, before)
    needless = ((before & after & _UNSPACED) > 0) | ((before & _HAN > 0) & (after & _DIGIT > 0))
    needless |= (before & _DIGIT > 0) & (after & _HAN > 0)
    kept[starts[~needless]] = True
    return kept
