"""The numbers that lists show: those of a browser, and those of Word."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_HAN_DIGITS = "〇一二三四五六七八九"
_THAI_LETTERS = "กขคงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


def decimal(number: int) -> str:
    """1, 2, 3."""
    return str(number)


def lower_letter(number: int) -> str:
    """a, b … z, aa, ab."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(97 + rest) + letters
    return letters or str(number)


def upper_letter(number: int) -> str:
    """A, B … Z, AA, AB."""
    return lower_letter(number).upper()


def lower_roman(number: int) -> str:
    """i, ii, iii."""
    if not 0 < number < 4000:
        return str(number)
    letters = ""
    for value, name in _ROMAN:
        letters += name * (number // value)
        number %= value
    return letters


def upper_roman(number: int) -> str:
    """I, II, III."""
    return lower_roman(number).upper()


def han(number: int) -> str:
    """一, 二 … 十, 十一 … 一百零五."""
    if not 0 < number < 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_HAN_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _HAN_DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_HAN_DIGITS[ones] if ones else "")


def circled(number: int) -> str:
    """①, ② … ⑳."""
    return chr(0x245F + number) if 0 < number <= 20 else str(number)


def two_digits(number: int) -> str:
    """01, 02 … 10."""
    return f"{number:02d}"


def digits_of(zero: str) -> Callable[[int], str]:
    """Decimal numbers in the digits of another script, by its zero."""

    def digits(number: int) -> str:
        return "".join(chr(ord(zero) + int(digit)) if digit.isdecimal() else digit for digit in str(number))

    return digits


def letters_of(letters: str) -> Callable[[int], str]:
    """The letters of an alphabet in their order, then numbers."""
    return lambda number: letters[number - 1] if 0 < number <= len(letters) else str(number)


thai_letter = letters_of(_THAI_LETTERS)
heavenly_stem = letters_of(_STEMS)
earthly_branch = letters_of(_BRANCHES)
thai = digits_of("๐")
khmer = digits_of("០")
lao = digits_of("໐")
burmese = digits_of("၀")

OF_BROWSERS: dict[str, Callable[[int], str]] = {
    "1": decimal,
    "a": lower_letter,
    "A": upper_letter,
    "i": lower_roman,
    "I": upper_roman,
    "lower-alpha": lower_letter,
    "lower-latin": lower_letter,
    "upper-alpha": upper_letter,
    "upper-latin": upper_letter,
    "lower-roman": lower_roman,
    "upper-roman": upper_roman,
    "decimal-leading-zero": two_digits,
    "cjk-ideographic": han,
    "simp-chinese-informal": han,
    "trad-chinese-informal": han,
    "cjk-heavenly-stem": heavenly_stem,
    "cjk-earthly-branch": earthly_branch,
    "thai": thai,
    "khmer": khmer,
    "cambodian": khmer,
    "lao": lao,
    "myanmar": burmese,
}
"""By an HTML list's `type` or `list-style-type`."""
OF_WORD: dict[str, Callable[[int], str]] = {
    "lowerLetter": lower_letter,
    "upperLetter": upper_letter,
    "lowerRoman": lower_roman,
    "upperRoman": upper_roman,
    "decimalZero": two_digits,
    "chineseCounting": han,
    "chineseCountingThousand": han,
    "ideographDigital": han,
    "japaneseCounting": han,
    "japaneseDigitalTenThousand": han,
    "taiwaneseCounting": han,
    "taiwaneseCountingThousand": han,
    "taiwaneseDigital": han,
    "ideographTraditional": heavenly_stem,
    "ideographZodiac": earthly_branch,
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "thaiNumbers": thai,
    "thaiCounting": thai,
    "thaiLetters": thai_letter,
}
"""By Word's name of the number format; any other counts in decimal numbers."""
