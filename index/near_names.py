"""Names that stand in a text with one typo: "Mynamar", "UNAIP", 谅解备忘绿."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import regex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORD = regex.compile(r"[\p{Latin}\p{M}\d]+")
_LATIN = regex.compile(r"\p{Latin}")
_HAN_RUN = regex.compile(r"\p{Script=Han}+")
_HAN_NUMERAL = frozenset("〇零一二三四五六七八九十百千万亿两")
_LEAST_LETTERS = 6
_LEAST_LETTERS_SWAPPED = 5
"""Two letters that changed places are surely a slip: UNAIP. Another letter may make another word."""
_LEAST_HAN = 5


class NamePlace(NamedTuple):
    """Where a name stands, and the form that it is a writing of."""

    start: int
    end: int
    form: str


class NearNames:
    """Finds names that are one edit away from how they are written: a letter, or two that changed places.

    Digits and numerals are never taken for a typo: 第八次高官会 is another meeting than 第四次高官会. Nor is the first
    character of a Chinese name, which tells 司长 from 部长.
    """

    def __init__(self, forms: Iterable[str]) -> None:
        self._by_words: dict[int, list[str]] = defaultdict(list)
        self._by_half: dict[tuple[int, int, str], list[str]] = defaultdict(list)
        self._han_lengths: set[int] = set()
        for form in forms:
            if _HAN_RUN.fullmatch(form):
                self._add_han(form)
            elif len(_LATIN.findall(form)) >= _LEAST_LETTERS_SWAPPED:
                self._by_words[len(_WORD.findall(form))].append(form)

    def find(self, text: str, taken: Iterable[tuple[int, int]]) -> list[NamePlace]:
        """The places of names with a typo in a folded text, apart from the places `taken`; the longest win."""
        taken = list(taken)
        found: list[NamePlace] = []
        for place in sorted({*self._latin(text), *self._han(text)}, key=lambda place: place.start - place.end):
            if all(place.end <= start or end <= place.start for start, end in taken):
                taken.append((place.start, place.end))
                found.append(place)
        return sorted(found)

    def _add_han(self, form: str) -> None:
        if len(form) >= _LEAST_HAN:
            half = len(form) // 2
            self._han_lengths.add(len(form))
            self._by_half[len(form), 0, form[:half]].append(form)
            self._by_half[len(form), 1, form[half:]].append(form)

    def _latin(self, text: str) -> Iterator[NamePlace]:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        words = [match.span() for match in _WORD.finditer(text) if _LATIN.search(match[0])]
        for count, forms in self._by_words.items():
            for first, last in zip(words, words[count - 1 :], strict=False):
                written = text[first[0] : last[1]]
                for form, _, _ in process.extract(written, forms, scorer=OSA.distance, score_cutoff=1, limit=2):
                    if _is_typo(written, form):
                        yield NamePlace(first[0], last[1], form)

    def _han(self, text: str) -> Iterator[NamePlace]:
        for run in _HAN_RUN.finditer(text):
            for length in self._han_lengths:
                for start in range(run.start(), run.end() - length + 1):
                    written = text[start : start + length]
                    yield from (NamePlace(start, start + length, form) for form in self._han_forms(written))

    def _han_forms(self, written: str) -> Iterator[str]:
        half = len(written) // 2
        for part, same in enumerate((written[:half], written[half:])):
            for form in self._by_half.get((len(written), part, same), ()):
                wrong = [pair for pair in zip(written, form, strict=True) if pair[0] != pair[1]]
                if len(wrong) == 1 and written[0] == form[0] and not _HAN_NUMERAL.intersection(wrong[0]):
                    yield form


def _is_typo(written: str, form: str) -> bool:
    if written[:-1] == form[:-1] and len(written) == len(form):
        return False  # the same, or another ending: trafficked and trafficker
    if regex.findall(r"\d", written) != regex.findall(r"\d", form):
        return False
    return len(_LATIN.findall(form)) >= _LEAST_LETTERS or sorted(written) == sorted(form)
