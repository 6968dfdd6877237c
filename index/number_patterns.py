"""Patterns of numbers, in digits and in words; `index/numbers.py` reads what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from index.number_words import (
    DIGIT_SCALES,
    ENGLISH_CARDINALS,
    ENGLISH_ORDINALS,
    ENGLISH_SCALES,
    HAN_COUNTED,
    HAN_FIRST,
    HAN_NO_ORDINAL,
    PERCENT,
    PERCENT_BEFORE,
    UNSPACED_NUMBERS,
    VIETNAMESE_COUNTED,
    VIETNAMESE_SCALES,
    VIETNAMESE_WORDS,
    UnspacedNumbers,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def _any(words: Iterable[str]) -> str:
    return "|".join(regex.escape(word) for word in sorted(words, key=len, reverse=True))


_HAN = "[〇○零一二三四五六七八九十百千万亿两廿卅]+"
_AFTER_DIGITS = rf"""(?P<han>[十百千万亿]+(?:\d+[十百千万亿]+)*)? (?:\s?(?P<scale>{_any(DIGIT_SCALES)})(?!\p{{Latin}}))?
    (?:\s?(?P<percent>{_any(PERCENT)})(?!\p{{L}}))?"""
_BEFORE_DIGITS = rf"(?:(?P<percent>{_any(PERCENT_BEFORE)})\s?)?"
DECIMAL = regex.compile(
    rf"""{_BEFORE_DIGITS} (?P<number>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d{{1,3}}(?:\ 000)+(?!\d)|\d+(?:\.\d+)*)
    {_AFTER_DIGITS}""",
    regex.VERBOSE | regex.IGNORECASE,
)
VIETNAMESE_DECIMAL = regex.compile(
    rf"""{_BEFORE_DIGITS} (?P<number>\d{{1,3}}(?:[.,]\d{{3}})+(?![.,]?\d)|\d+(?:[.,]\d+)?) {_AFTER_DIGITS}""",
    regex.VERBOSE | regex.IGNORECASE,
)
VIETNAMESE_LETTER = regex.compile("[à-öø-ýăđĩũơưạ-ỹ]", regex.IGNORECASE)
HAN_SCALED = regex.compile(r"([\d.]+)([十百千万亿]+)")
HAN_NUMBER = regex.compile(
    rf"""百分之(?P<percent>{_HAN})
  | (?P<skip>{_any(HAN_NO_ORDINAL)}|{_HAN}分之{_HAN}|(?:周|星期|礼拜)[一二三四五六])
  | (?P<first>{_any(HAN_FIRST)})
  | 第(?P<ordinal>{_HAN})
  | (?<!分之)(?P<cardinal>{_HAN})(?P<counted>(?={_any(HAN_COUNTED)}))?""",
    regex.VERBOSE,
)
HAN_GATE = regex.compile("[二三四五六七八九十两廿卅第首百千万亿]")
_CARDINAL, _ORDINAL = _any(ENGLISH_CARDINALS), _any(ENGLISH_ORDINALS)
_ENGLISH_LATER = _any((*ENGLISH_CARDINALS, *ENGLISH_SCALES, *ENGLISH_ORDINALS))
ENGLISH = regex.compile(
    rf"""(?<![\p{{L}}-]) (?:
        (?P<word>{_CARDINAL}) (?:(?:[\s-]+|(?<=hundred|thousand)\s+and\s+)(?P<word>{_ENGLISH_LATER}))*
      | (?<!\bat\s)(?P<word>{_ORDINAL})(?!\s+of\s+all|\s*[,.;]) ) (?!\p{{L}})""",
    regex.VERBOSE | regex.IGNORECASE,
)
_VIETNAMESE_UNITS = _any(set(VIETNAMESE_WORDS) - {"nhất", "nhì", "mốt", "lăm", "tư"})
_VIETNAMESE_LATER = _any((*VIETNAMESE_SCALES, *(set(VIETNAMESE_WORDS) - {"nhất", "nhì", "năm"})))
VIETNAMESE = regex.compile(
    rf"""(?<!\p{{L}}) (?:
        thứ\s+(?P<word>{_any(VIETNAMESE_WORDS)}) (?:(?<=mười)\s+(?!năm)(?P<word>{_any(VIETNAMESE_WORDS)}))?
      | (?P<word>đầu\ tiên)
      | (?!năm\s+(?!{_any((*VIETNAMESE_SCALES, *VIETNAMESE_COUNTED))})) (?P<word>{_VIETNAMESE_UNITS})
        (?:\s+(?P<word>{_VIETNAMESE_LATER}|năm(?=\s+(?:{_any(VIETNAMESE_SCALES)}))))* ) (?!\p{{L}})""",
    regex.VERBOSE | regex.IGNORECASE,
)


def _unspaced(numbers: UnspacedNumbers) -> regex.Pattern[str]:
    words, own = _any(numbers.words), _any(numbers.ordinals or {"\0": 0})
    not_before = rf"(?!{_any(numbers.not_before)})" if numbers.not_before else ""
    before = rf"(?:{_any(numbers.before)})\s*(?P<ordinal>{words}){not_before} |" if numbers.before else ""
    return regex.compile(rf"{before} (?P<own>{own}) | (?P<cardinal>{words})(?=\s*(?:{_any(numbers.counted)}))", regex.X)


UNSPACED = [
    (numbers, regex.compile(rf"\p{{Script={numbers.script}}}"), _unspaced(numbers)) for numbers in UNSPACED_NUMBERS
]
