"""Words of a vocabulary that are spelt almost like another: what a typo was meant to be."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

_LATIN_WORD = regex.compile(r"[\p{Latin}\p{M}]{5,}")
_LEAST_SIMILARITY = 0.8
"""One edit in a word of five to nine letters, two from ten letters on."""


class SimilarWords:
    """Words in Latin letters by length, each with the set of its letters as bits.

    One edit changes at most two bits, which leaves few of a length to compare letter by letter.
    """

    def __init__(self, words: Iterable[str]) -> None:
        by_length = defaultdict(list)
        for word in words:
            if _LATIN_WORD.fullmatch(word):
                by_length[len(word)].append(word)
        self._words = dict(by_length)
        self._letters = {
            length: np.fromiter(map(_letters, found), dtype=np.uint32, count=len(found))
            for length, found in by_length.items()
        }

    def nearest(self, word: str, limit: int) -> list[str]:
        """The most similar words, best first, by optimal string alignment; those that begin alike go first."""
        if not _LATIN_WORD.fullmatch(word):
            return []
        from rapidfuzz.distance import OSA

        found = []
        for candidate in self._candidates(word):
            similarity = OSA.normalized_similarity(word, candidate)
            # rapidfuzz's own cutoff leaves out what is exactly as similar.
            if similarity >= _LEAST_SIMILARITY - 1e-9 and candidate != word:
                found.append((-similarity, candidate[0] != word[0], candidate))
        return [candidate for _, _, candidate in sorted(found)[:limit]]

    def _candidates(self, word: str) -> Iterable[str]:
        letters = np.uint32(_letters(word))
        for length, words in self._words.items():
            edits = int((1 - _LEAST_SIMILARITY) * max(length, len(word)) + 1e-9)
            if abs(length - len(word)) <= edits:
                changed = np.bitwise_count(self._letters[length] ^ letters)
                yield from (words[at] for at in np.flatnonzero(changed <= 2 * edits))


def _letters(word: str) -> int:
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 31)
    return bits
