"""A sentence made false by changing little: a number, a name, a denial."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

_NUMBER = regex.compile(r"(?<![\d.,])\d[\d,.]*(?<![.,])")
_HAN_NUMBER = regex.compile(r"[二三四五六七八九十](?=[个名次年月国项人亿万千百])")
_NAME = regex.compile(r"(?<!^)(?<![.!?]\s)\b\p{Lu}\p{Ll}{3,}(?:\s\p{Lu}\p{Ll}{2,})*")
_DENIALS = {
    "en": (r"\b(is|was|are|were|has|have|had|can|could|will|would|did|does|do|may|must|should)\b(?! not)", r"\1 not"),
    "zh": (r"(?<![不没无未])(是|在|有|能|会|可以|被|由)", None),
    "vi": (r"(?<!không )\b(là|có|được|đã|bị|sẽ)\b", r"không \1"),
    "th": (r"(?<!ไม่)(เป็น|มี|ได้|ถูก|สามารถ)", r"ไม่\1"),
}


def corrupted(sentence: str, language: str, names: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Kind and text of each corruption that the sentence allows; `names` is a text from which other names are taken."""
    for kind, text in (
        ("number", _other_number(sentence, chance)),
        ("name", _other_name(sentence, names, chance)),
        ("negation", _denied(sentence, language)),
    ):
        if text and text != sentence:
            yield kind, text


def _other_number(sentence: str, chance: random.Random) -> str | None:
    found = list(_NUMBER.finditer(sentence))
    if found:
        match = chance.choice(found)
        digits = match[0]
        at = chance.randrange(len(digits))
        while not digits[at].isdigit():
            at = chance.randrange(len(digits))
        other = chance.choice([digit for digit in "123456789" if digit != digits[at]])
        return f"{sentence[: match.start()]}{digits[:at]}{other}{digits[at + 1 :]}{sentence[match.end() :]}"
    han = list(_HAN_NUMBER.finditer(sentence))
    if not han:
        return None
    match = chance.choice(han)
    other = chance.choice([digit for digit in "二三四五六七八九" if digit != match[0]])
    return sentence[: match.start()] + other + sentence[match.end() :]


def _other_name(sentence: str, names: str, chance: random.Random) -> str | None:
    found = list(_NAME.finditer(sentence))
    others = sorted({match[0] for match in _NAME.finditer(names)} - {match[0] for match in found})
    others = [other for other in others if other not in sentence]
    if not found or not others:
        return None
    match = chance.choice(found)
    return sentence[: match.start()] + chance.choice(others) + sentence[match.end() :]


def _denied(sentence: str, language: str) -> str | None:
    pattern, replacement = _DENIALS[language]
    if replacement is not None:
        return regex.sub(pattern, replacement, sentence, count=1, flags=regex.IGNORECASE)

    def denied(match: regex.Match[str]) -> str:
        return "没有" if match[0] == "有" else f"不{match[0]}"

    return regex.sub(pattern, denied, sentence, count=1)
