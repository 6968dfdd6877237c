"""The terms of the lexical index, for scripts with spaces between words and without."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from index.quantities import quantity_terms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from Stemmer import Stemmer

TOKENS_VERSION = 3
"""Raised whenever the same text would give other terms."""
_RUN = regex.compile(
    r"""
    (?P<han> [\p{Script=Han}]+ )
  | (?P<number> \d+ (?: [.,]\d+ )* )
  | (?P<unspaced>
      [[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Hiragana}\p{Script=Katakana}]--\d]+ )
  | (?P<word> [\p{L}\p{M}]+ (?: ['’-] [\p{L}\p{M}]+ )* )
    """,
    regex.VERBOSE | regex.VERSION1,
)
_CLUSTER = regex.compile(r"\X")
_ASCII = regex.compile(r"[a-z]+")


def terms(text: str) -> list[str]:
    """Terms of a search text, in reading order, repeated as often as they occur; those of numbers and dates last.

    Han runs give pairs of characters (a single one itself); Thai, Lao, Khmer and Burmese runs give triples and pairs
    of clusters of signs, which need no dictionary and find a word of two, จีน, in a text; words are lower-cased,
    English ones stemmed (Snowball), and words with diacritics are given with and without them; digits lose their
    separators. Numbers and dates have a term besides that is the same in every script: `n:200`, `d:2007-12`.
    """
    return [*_terms(text), *quantity_terms(text)]


def _terms(text: str) -> Iterator[str]:
    for match in _RUN.finditer(text):
        run = match[0]
        if match["han"]:
            yield from _grams(list(run), 2)
        elif match["unspaced"]:
            clusters = _CLUSTER.findall(run)
            yield from _grams(clusters, 3)
            if len(clusters) > 2:
                yield from _grams(clusters, 2)
        elif match["number"]:
            yield _decimal(run)
        else:
            yield from _word(run.lower())


def _grams(units: list[str], size: int) -> Iterator[str]:
    if len(units) <= size:
        yield "".join(units)
        return
    for position in range(len(units) - size + 1):
        yield "".join(units[position : position + size])


def _decimal(number: str) -> str:
    """Digits of any script as ASCII, without thousands separators."""
    plain = regex.sub(r",(?=\d{3})", "", number)
    return "".join(
        str(unicodedata.decimal(char)) if char.isdigit() and char not in "0123456789" else char for char in plain
    )


def _word(word: str) -> Iterator[str]:
    for part in regex.split(r"['’-]", word):
        folded = _without_marks(part)
        if _ASCII.fullmatch(folded) and folded == part:
            yield str(_stemmer().stemWord(part))
        elif folded != part:
            yield part
            yield str(_stemmer().stemWord(folded)) if _ASCII.fullmatch(folded) else folded
        elif part:
            yield part


def _without_marks(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.replace("đ", "d"))
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not unicodedata.combining(char)))


@lru_cache(maxsize=1)
def _stemmer() -> Stemmer:
    from Stemmer import Stemmer

    return Stemmer("english")
