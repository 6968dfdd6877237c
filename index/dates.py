"""Dates in a search text, in the ways that the languages of the Mekong and English write them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import regex

from index.month_names import BURMESE_MONTHS, ENGLISH_MONTHS, MONTHS, UNSPACED_MONTHS, VIETNAMESE_MONTHS
from index.numerals import han_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BUDDHIST_ERA = 543
_FIRST_BUDDHIST_YEAR = 2400
"""Years from here on are of the Buddhist era: no text speaks of the Gregorian ones."""


@dataclass(frozen=True)
class DatePart:
    """What one written date says: `2007-12-14`, `2007-12`, `2007` or, without its year, `12-14`."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int | None

    @property
    def key(self) -> str | None:
        """None for a month alone, which says too little."""
        if self.year is None and self.day is None:
            return None
        year = "" if self.year is None else f"{self.year:04}"
        parts = [year, *(f"{part:02}" for part in (self.month, self.day) if part is not None)]
        return "-".join(part for part in parts if part)


def _any(names: Sequence[str] | dict[str, int]) -> str:
    return "|".join(regex.escape(name) for name in sorted(names, key=len, reverse=True))


_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)(?:st|nd|rd|th)?"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])(?!\d)"
_YEAR = r"(?P<year>(?:1[5-9]|2[01456])\d\d)(?!\d)"
_HAN_DIGIT = "[〇○零O一二三四五六七八九]"
_HAN_YEAR = rf"(?P<year>(?:1[5-9]|2[01])\d\d|[一二]{_HAN_DIGIT}{{3}})"
_HAN_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_HAN_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DASH = "[-‐‑–—―~～]"
_HAN_JOIN = rf"\s*(?:{_DASH}+|[至到和及与、,])\s*"
_DAY_WORD = r"(?:(?:the|ngày|วันที่|ວັນທີ|ថ្ងៃទី|ទី)\s*)?"
_JOIN_WORD = "(?:to|and|through|until|và|đến|tới|ถึง|และ|ຫາ|ແລະ|ដល់|និង|နှင့်|မှ)"
_JOIN = rf"(?:\s*(?:{_DASH}+|&)\s*|\s*\b{_JOIN_WORD}\s*)"
_DAYS = rf"{_DAY}(?:{_JOIN}{_DAY_WORD}{_DAY}){{0,4}}"
_YEAR_WORD = r"""(?:of|in|năm|(?:ปี\s*)?(?:พ\.?\s?ศ\.?|ค\.?\s?ศ\.?|พุทธศักราช|คริสต์ศักราช)|ปี
    |(?:ປີ\s*)?(?:ພ\.?\s?ສ\.?|ຄ\.?\s?ສ\.?)|ປີ
    |ឆ្នាំ(?:\s*[គព]\.ស\.?)?|[គព]\.ស\.?)"""
_TO_YEAR = rf"[\s,./-]{{0,4}}(?:{_YEAR_WORD}\s*)?"
_ENGLISH = rf"(?<!\p{{L}})(?P<month>{_any(ENGLISH_MONTHS)})(?!\p{{L}})\.?"
_MARKED_MONTH = (
    rf"(?:(?:เดือน|ເດືອນ|ខែ)\s*(?:ที่\s*)?{_MONTH}|\btháng\s+(?:{_MONTH}|(?P<month>{_any(VIETNAMESE_MONTHS)})\b))"
)
_NAMED_MONTH = rf"(?:{_ENGLISH}|(?:(?:เดือน|ເດືອນ|ខែ)\s*)?(?P<month>{_any(UNSPACED_MONTHS)})|{_MARKED_MONTH})"
_BURMESE = rf"(?P<month>{_any(BURMESE_MONTHS)})\s*လ"
_COUNTED = r"""(?:人|名|个|家|元|万|亿|件|美元|米|公里|次|%|[\p{Latin}]
    |\s(?:people|persons|women|children|victims|delegates|dollars|participants|million|billion|USD|km|người|คน|ราย|ຄົນ|នាក់))"""
_MARKERS = ("เดือน", "วันที่", "ปี", "พ.ศ.", "ค.ศ.", "ເດືອນ", "ວັນທີ", "ປີ", "ພ.ສ.", "ຄ.ສ.", "ខែ", "ថ្ងៃ", "ឆ្នាំ", "គ.ស.", "ព.ស.")
_STARTS = "".join(sorted({name[0] for name in (*UNSPACED_MONTHS, *BURMESE_MONTHS, *_MARKERS)}))
"""Characters that a date in a script without spaces begins with, besides digits."""
_DATE = regex.compile(
    rf"""
    (?=[\d一二三四五六七八九十{_STARTS}]|(?<!\p{{L}})[jfmasondti])
    (?: (?<![\d/.-]) {_YEAR} (?P<mark>[-./・·‧]) {_MONTH} (?P=mark) {_DAY}
  | (?<![\d/.-]) {_YEAR} - {_MONTH} (?!-?\d|年)
  | (?<![\d/.-]) (?P<first>\d{{1,2}}) (?:{_DASH}(?P<first>\d{{1,2}}))? (?P<mark>[-/.]) (?P<second>\d{{1,2}}) (?P=mark)
      {_YEAR}
  | \b(?:ngày|วันที่|ວັນທີ|ថ្ងៃទី)\s* {_DAYS} [/-] {_MONTH} (?![/-]?\d)
  | (?<!\d) (?:{_HAN_YEAR}\s*年\s*)? (?:{_HAN_MONTH}月?{_HAN_JOIN})? {_HAN_MONTH}\s*月份?\s*
      (?: {_HAN_DAY} (?:[日号]?{_HAN_JOIN}{_HAN_DAY}){{0,4}} \s*[日号] )?
  | (?<![\d一二三四五六七八九〇○零]) (?:{_HAN_YEAR}\s*年?{_HAN_JOIN}){{0,2}} {_HAN_YEAR}\s*年
  | (?<![\d\p{{Latin}}.,/]) {_DAYS} [\s,./-]{{0,3}}(?:of\s+)? {_NAMED_MONTH} (?:{_TO_YEAR}{_YEAR})?
  | {_ENGLISH} \s* {_DAYS} (?:[\s,]*{_YEAR})?
  | {_NAMED_MONTH} {_TO_YEAR} {_YEAR}
  | (?:{_YEAR}\s*(?:ခုနှစ်|ခု)?[\s,၊]*)? {_BURMESE} \s* (?:{_DAYS}\s*ရက်)?
  | {_MARKED_MONTH}
  | {_YEAR_WORD}\s* {_YEAR}
  | (?<![\d.,:$€£¥]|\d\s) (?P<year>(?:19|20)\d\d) (?!\d|[.,:]\d|{_COUNTED}) )
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_NEAR = regex.compile(rf"(?:{_HAN_JOIN}|{_JOIN})(?:từ\s*|from\s*)?{_DAY_WORD}|\s*(?:till|until)\s*", regex.IGNORECASE)
_MAY_BE = regex.compile(r"\d|[年月]|tháng", regex.IGNORECASE)


def dates(text: str) -> list[DatePart]:
    """Every date of a text whose digits are ASCII, in reading order; of a range both ends.

    A date without its year takes that of the one it is joined to: "27 October to 2 November 2004".
    """
    if not _MAY_BE.search(text):
        return []
    found: list[DatePart] = []
    for match in _DATE.finditer(text):
        found.extend(_parts(match))
    _share_years(text, found)
    return found


def _parts(match: regex.Match[str]) -> Iterator[DatePart]:
    years = [_gregorian(year) for year in match.captures("year")]
    months = [_month(month) for month in match.captures("month")]
    days = [_number(day) for day in match.captures("day")]
    if first := match.captures("first"):
        days, month = [int(day) for day in first], int(match["second"])
        if month > 12:
            days, month = [month], days[0]
        months = [month]
    if not _possible(months, days):
        return
    if not months:
        yield from (DatePart(*match.spans("year")[at], year, None, None) for at, year in enumerate(years))
        return
    year = years[0] if years else None
    yield from (DatePart(*match.span(), year, month, None) for month in months[:-1])
    last_days: list[int | None] = [*days] or [None]
    yield from (DatePart(*match.span(), year, months[-1], day) for day in last_days)


def _share_years(text: str, found: list[DatePart]) -> None:
    for at in range(len(found) - 1, 0, -1):
        _share_year(text, found, at - 1, at)
    for at in range(1, len(found)):
        _share_year(text, found, at, at - 1)


def _share_year(text: str, found: list[DatePart], to: int, source: int) -> None:
    if found[to].year is not None or found[source].year is None or found[source].month is None:
        return
    first, second = sorted((found[to], found[source]), key=lambda part: part.start)
    if first.end == second.end or _NEAR.fullmatch(text, first.end, second.start):
        found[to] = replace(found[to], year=found[source].year)


def _possible(months: Sequence[int], days: Sequence[int]) -> bool:
    return all(1 <= month <= 12 for month in months) and all(1 <= day <= 31 for day in days)


def _gregorian(year: str) -> int:
    number = _number(year)
    return number - _BUDDHIST_ERA if number >= _FIRST_BUDDHIST_YEAR else number


def _month(month: str) -> int:
    return MONTHS.get(month.lower()) or _number(month)


def _number(digits: str) -> int:
    return int(digits) if digits.isdecimal() else int(han_number(digits) or 0)
