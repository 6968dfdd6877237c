"""Signs that a reply is none that can be shown: it repeats itself, or is in another language."""

from __future__ import annotations

import regex

from index.languages import detect_language, script_counts

_LONGEST_PERIOD = 400
_TIMES = 4
_LEAST_REPEATED = 120
_ENOUGH_LETTERS = 30
_OWN_SHARE = 0.3
"""Share of letters in the language's own script, below which a reply is in another language: names keep theirs."""
_KANA_SHARE = 0.1
"""Share of Japanese letters from which Han characters are Japanese, too."""
_OWN_SCRIPTS = frozenset({"zh", "th", "km", "lo", "my", "ja", "ko"})
_LETTERS = regex.compile(r"[\p{L}\p{N}]+")


def repeats(text: str) -> bool:
    """Whether the end of a text says the same four times in a row."""
    tail = " ".join(text[-_LONGEST_PERIOD * _TIMES :].split())
    for period in range(1, min(_LONGEST_PERIOD, len(tail) // _TIMES) + 1):
        times = max(_TIMES, -(-_LEAST_REPEATED // period))
        if period * times <= len(tail) and tail[-period:] * times == tail[-period * times :]:
            return True
    return False


def repeated_sentence(sentences: list[str]) -> bool:
    """Whether one of some sentences stands among them four times."""
    said = ["".join(_LETTERS.findall(sentence)) for sentence in sentences]
    return any(said.count(one) >= _TIMES for one in set(said) if len(one) > 3)


def in_other_language(text: str, language: str) -> bool:
    """Whether a text is surely not in the language of a question; BCP 47, script ignored."""
    wanted = language.split("-", maxsplit=1)[0]
    counts = script_counts(text)
    letters = sum(counts.values())
    if letters < _ENOUGH_LETTERS:
        return False
    if wanted in _OWN_SCRIPTS:
        # Five Latin letters say about as much as one letter of the others.
        own = counts.get(wanted, 0)
        if wanted == "ja" and own:
            own += counts.get("zh", 0)
        elif counts.get("ja", 0) > _KANA_SHARE * letters:
            return True
        return own < _OWN_SHARE * (letters - counts.get("latin", 0) + counts.get("latin", 0) / 5)
    if counts.get("latin", 0) < _OWN_SHARE * letters:
        return wanted in {"en", "vi", "fr", "de", "es", "id", "ms", "pt", "it"}
    found = detect_language(text)
    return wanted in {"en", "vi"} and found in {"en", "vi"} and found != wanted
