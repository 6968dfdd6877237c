"""Numbers and dates in one form, whatever the script: 二〇〇七年十二月, December 2007 and ธันวาคม 2550 are the same."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import regex

from index.dates import dates
from index.numbers import numbers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class QuantityKind(StrEnum):
    """What a quantity is; the value begins its term."""

    DATE = "d"
    NUMBER = "n"


@dataclass(frozen=True)
class Quantity:
    """A number or a date in a text.

    `key` is `2007-12-14`, `2007-12`, `2007` or `12-14` (a day without its year) for dates, which are Gregorian, and
    plain decimal for numbers: `200`, `1.5`, `25%`.
    """

    start: int
    end: int
    kind: QuantityKind
    key: str

    @property
    def term(self) -> str:
        """`d:2007-12`, `n:200`: no word looks like it, since words have no colon."""
        return f"{self.kind}:{self.key}"

    @property
    def terms(self) -> tuple[str, ...]:
        """Its term and those of the dates that it lies in: month, year, and the day in any year."""
        if self.kind is QuantityKind.NUMBER or "-" not in self.key:
            return (self.term,)
        year, *rest = self.key.split("-")
        if len(year) < 4:
            return (self.term,)
        day = (f"d:{'-'.join(rest)}",) if len(rest) == 2 else ()
        return (self.term, *((f"d:{year}-{rest[0]}",) if day else ()), *day, f"d:{year}")


_ZEROS = "๐໐០၀႐"
"""The zeros of Thai, Lao, Khmer, Burmese and Shan; their other digits follow."""
_ASCII_DIGIT = {ord(zero) + value: str(value) for zero in _ZEROS for value in range(10)}
_FOREIGN_DIGIT = regex.compile("[๐-๙໐-໙០-៩၀-၉႐-႙]")
_YEAR = regex.compile(r"([dn]):(\d{4})")


def quantities(text: str) -> list[Quantity]:
    """The numbers and dates of a search text, in reading order; of a range both ends. Offsets count characters."""
    if _FOREIGN_DIGIT.search(text):
        text = text.translate(_ASCII_DIGIT)
    found = []
    for date in dates(text):
        if date.key:
            found.append(Quantity(date.start, date.end, QuantityKind.DATE, date.key))
        text = text[: date.start] + "\0" * (date.end - date.start) + text[date.end :]
    found.extend(Quantity(part.start, part.end, QuantityKind.NUMBER, part.key) for part in numbers(text))
    return sorted(found, key=lambda quantity: (quantity.start, quantity.end))


def quantity_terms(text: str) -> Iterator[str]:
    """Terms of the numbers and dates of a search text, a date's also for the month and the year it lies in."""
    for quantity in quantities(text):
        yield from quantity.terms


def is_quantity_term(term: str) -> bool:
    """Whether a term stands for a number or a date, not for a word."""
    return term[1:2] == ":"


def present_quantities(keys: Iterable[str], text: str) -> set[str]:
    """Which of the terms `d:2007-12`, `n:200` a search text holds.

    A date holds the month and the year it lies in. A number of four digits and a year are the same here, as a
    text does not always say which it means.
    """
    held = set(quantity_terms(text))
    held.update(_twin(term) for term in list(held))
    return {key for key in keys if key in held}


def _twin(term: str) -> str:
    match = _YEAR.fullmatch(term)
    return term if match is None else f"{'n' if match[1] == 'd' else 'd'}:{match[2]}"
