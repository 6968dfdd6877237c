"""Whether an answer says what it should."""

from __future__ import annotations

import unicodedata
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

from index.search_text import simplified

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from regex import Pattern

_UNSPACED = r"\p{Script=Han}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}"
_MARKER = regex.compile(r"\s*\[\d{1,3}\](?!\()")
_MIXED = regex.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+")
_NO_WORD = regex.compile(r"[\p{P}\p{S}]+")
_ARTICLE = regex.compile(r"\b(?:a|an|the)\b")


def without_markers(text: str) -> str:
    """An answer without the [n] that stand for its citations."""
    return _MARKER.sub("", text)


def contains(answer: str, wanted: str) -> bool:
    """Whether an answer holds a string, whatever its white space, width, case and Chinese script.

    Digits at its ends must end a number there: 70 is not in 170.
    """
    return bool(_pattern(wanted).search(_folded(answer)))


def parts_contained(answer: str, parts: Sequence[Sequence[str]]) -> float:
    """Share, 0 to 1, of the parts of which the answer holds an alternative.

    As RGB scores answers (Chen et al., AAAI 2024): every part is needed, any alternative will do.
    """
    text = without_markers(answer)
    return sum(any(contains(text, alternative) for alternative in part) for part in parts) / len(parts)


def exact_match(answer: str, parts: Sequence[Sequence[str]]) -> float:
    """Share, 0 to 1, of the parts that the answer equals after normalising as SQuAD and CMRC 2018 do."""
    text = without_markers(answer)
    return _mean_of_best(parts, lambda wanted: float(tokens(text, wanted) == tokens(wanted, wanted)))


def f1(answer: str, parts: Sequence[Sequence[str]]) -> float:
    """Token F1, 0 to 1: of each part the best alternative's, averaged over the parts.

    Alternatives in a script without spaces: over characters, by the longest common run, as CMRC 2018's script does
    (Cui et al., EMNLP 2019). Others: over words, as a bag, as SQuAD's does (Rajpurkar et al., EMNLP 2016).
    """
    text = without_markers(answer)

    def score(wanted: str) -> float:
        said, gold = tokens(text, wanted), tokens(wanted, wanted)
        common = _longest_run(said, gold) if is_unspaced(wanted) else sum((Counter(said) & Counter(gold)).values())
        return 2 * common / (len(said) + len(gold)) if said and gold else float(said == gold)

    return _mean_of_best(parts, score)


def is_unspaced(text: str) -> bool:
    """Whether a text is written, in part at least, in a script without spaces between words."""
    return bool(regex.search(f"[{_UNSPACED}]", text))


def tokens(text: str, like: str) -> list[str]:
    """Units of comparison: characters and Latin words for `like` in a script without spaces, else words."""
    plain = _NO_WORD.sub(" ", _folded(text))
    if is_unspaced(like):
        return _MIXED.findall(plain)
    return _ARTICLE.sub(" ", plain).split()


def _mean_of_best(parts: Sequence[Sequence[str]], score: Callable[[str], float]) -> float:
    return sum(max(score(alternative) for alternative in part) for part in parts) / len(parts)


def _longest_run(first: Sequence[str], second: Sequence[str]) -> int:
    """Length of the longest run of tokens that both have, in O(len(first) · len(second))."""
    best, before = 0, [0] * (len(second) + 1)
    for token in first:
        row = [0]
        for position, other in enumerate(second):
            row.append(before[position] + 1 if token == other else 0)
        best, before = max(best, *row), row
    return best


@lru_cache(maxsize=256)
def _folded(text: str) -> str:
    return simplified(unicodedata.normalize("NFKC", text).casefold())


@lru_cache(maxsize=4096)
def _pattern(wanted: str) -> Pattern[str]:
    letters = "".join(_folded(wanted).split())
    before = r"(?<!\d)" if letters[:1].isdigit() else ""
    after = r"(?!\d)" if letters[-1:].isdigit() else ""
    return regex.compile(before + r"\s*".join(map(regex.escape, letters)) + after)
