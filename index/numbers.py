"""Numbers in a search text, in digits and in the words of the languages of the Mekong and English."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from index.number_patterns import (
    DECIMAL,
    ENGLISH,
    HAN_GATE,
    HAN_NUMBER,
    HAN_SCALED,
    UNSPACED,
    VIETNAMESE,
    VIETNAMESE_DECIMAL,
    VIETNAMESE_LETTER,
)
from index.number_words import DIGIT_SCALES, HAN_NO_ONE_AFTER, HAN_SCALES, UnspacedNumbers
from index.numerals import han_number, plain, word_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    import regex

_FIRST = frozenset({"first", "nhất", "đầu tiên"})
_LONGEST = 15
"""Digits: what is longer is an identifier, not a number."""


@dataclass(frozen=True)
class NumberPart:
    """A number with its place; `key` is plain decimal, with % for a percentage."""

    start: int
    end: int
    key: str


def numbers(text: str) -> list[NumberPart]:
    """Every number of a text whose digits are ASCII, in reading order; words for one count as ordinals only."""
    vietnamese = bool(VIETNAMESE_LETTER.search(text))
    found = list(_decimals(text, vietnamese=vietnamese))
    if HAN_GATE.search(text):
        found.extend(_han(text))
    found.extend(_words(ENGLISH, text))
    if vietnamese:
        found.extend(_words(VIETNAMESE, text))
    for table, script, pattern in UNSPACED:
        if script.search(text):
            found.extend(_in_unspaced(table, pattern, text))
    return sorted(found, key=lambda part: (part.start, part.end))


def _decimals(text: str, *, vietnamese: bool) -> Iterator[NumberPart]:
    for match in (VIETNAMESE_DECIMAL if vietnamese else DECIMAL).finditer(text):
        value = _decimal(match["number"], vietnamese=vietnamese)
        if value is None:
            continue
        if match["han"]:
            value = sum((_scaled(*pair) for pair in HAN_SCALED.findall(f"{value:f}{match['han']}")), Decimal(0))
        if match["scale"]:
            value *= DIGIT_SCALES[match["scale"].lower()]
        yield NumberPart(*match.span(), plain(value) + ("%" if match["percent"] else ""))


def _decimal(digits: str, *, vietnamese: bool) -> Decimal | None:
    digits = digits.replace(" ", "")
    if vietnamese:
        groups = digits.replace(",", ".").split(".")
        thousands = len(groups) > 1 and all(len(group) == 3 for group in groups[1:])
        digits = ("" if thousands else ".").join(groups)
    digits = digits.replace(",", "")
    if len(digits) > _LONGEST or digits.count(".") > 1:
        return None
    return Decimal(digits)


def _scaled(digits: str, scales: str) -> Decimal:
    value = Decimal(digits)
    for scale in scales:
        value *= HAN_SCALES[scale]
    return value


def _han(text: str) -> Iterator[NumberPart]:
    for match in HAN_NUMBER.finditer(text):
        numeral = match["percent"] or match["ordinal"] or match["cardinal"]
        if match["first"]:
            yield NumberPart(*match.span(), "1")
        if not numeral or (match["cardinal"] and not _counts(match)):
            continue
        value = han_number(numeral)
        if value is not None:
            yield NumberPart(*match.span(), f"{value}%" if match["percent"] else str(value))


def _counts(match: regex.Match[str]) -> bool:
    """Whether a cardinal is one: 四 in 四川 is not, nor 一 in 一个, nor 十 in 数十名."""
    numeral, before = match["cardinal"], match.string[max(0, match.start() - 1) : match.start()]
    if before and (
        (before in "几数" and numeral[0] in HAN_SCALES) or (before in HAN_NO_ONE_AFTER and numeral[0] == "一")
    ):
        return False
    return len(numeral) > 1 or (numeral not in "一〇○零" and match["counted"] is not None)


def _words(pattern: regex.Pattern[str], text: str) -> Iterator[NumberPart]:
    for match in pattern.finditer(text):
        words = [word.lower() for word in match.captures("word")]
        value = word_number(words)
        if value is not None and (value > 1 or words[-1] in _FIRST):
            yield NumberPart(*match.span(), str(value))


def _in_unspaced(table: UnspacedNumbers, pattern: regex.Pattern[str], text: str) -> Iterator[NumberPart]:
    for match in pattern.finditer(text):
        if match["own"]:
            value = (table.ordinals or {})[match["own"]]
        else:
            value = table.words[match.groupdict().get("ordinal") or match["cardinal"]]
        if value > 1 or not match["cardinal"]:
            yield NumberPart(*match.span(), str(value))
