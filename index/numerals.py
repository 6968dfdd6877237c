"""The value of a number that is written in words or Chinese characters."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import regex

from index.number_words import ENGLISH_CARDINALS, HAN_DIGITS, HAN_SCALES, HAN_TENS, WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

_YEAR_LIKE = regex.compile(r"一[八九][一-九〇○零]{2}|二[〇○零][一-九〇○零]{2}")
_MYRIAD = 10_000


def han_number(numeral: str) -> int | None:
    """The value of 二十三, 两千, 一百五十, 三万五; of digits one by one, 二〇〇七, only with a zero or like a year.

    None for what is no number: 三四 is three or four, 万一 a word.
    """
    numeral = "".join(HAN_TENS.get(char, char) for char in numeral)
    if all(char in HAN_DIGITS for char in numeral):
        return _digit_by_digit(numeral)
    total = section = digit = 0
    scale_before, last_scale, zero = 0, 1, False
    for char in numeral:
        if char in HAN_DIGITS:
            if digit:
                return None
            digit, zero = HAN_DIGITS[char], zero or not HAN_DIGITS[char]
            continue
        scale = HAN_SCALES[char]
        if scale >= _MYRIAD:
            section += digit
            if not section:
                return None
            total = (total + section) * scale if total and total < scale else total + section * scale
            section = 0
        else:
            if not digit and (scale != 10 or section or total):
                return None
            if scale_before and scale_before <= scale:
                return None
            section += (digit or 1) * scale
        digit, zero = 0, False
        scale_before = 0 if scale >= _MYRIAD else scale
        last_scale = scale
    colloquial = digit and not zero and last_scale >= 100
    return total + section + (digit * last_scale // 10 if colloquial else digit)


def _digit_by_digit(numeral: str) -> int | None:
    if len(numeral) > 1 and not any(char in "〇○零" for char in numeral) and not _YEAR_LIKE.fullmatch(numeral):
        return None
    return int("".join(str(HAN_DIGITS[char]) for char in numeral))


def word_number(words: Sequence[str]) -> int | None:
    """The value of `one hundred and twenty-third` or `hai mươi ba`, as its words; None when they make no number."""
    total = current = last = 0
    for word in words:
        value = WORDS[word]
        if word == "mươi":
            if not 2 <= last <= 9:
                return None
            current += last * 9
        elif value == 100:
            if not 1 <= current < 100:
                return None
            current *= 100
        elif value >= 1000:
            if not current:
                return None
            total, current = total + current * value, 0
        else:
            if current % (10 if value < 10 else 100) or (last == 10 and word in ENGLISH_CARDINALS):
                return None
            current += value
        last = value
    return total + current


def plain(number: Decimal) -> str:
    """A number as plain decimal digits: 120000000, 1.5."""
    return format(number.normalize() if number % 1 else number.quantize(Decimal(1)), "f")
