"""Which numbers and dates of a sentence its source holds, though it may be put together of several places."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from index.quantities import present_quantities

if TYPE_CHECKING:
    from collections.abc import Iterable

_DAY = regex.compile(r"d:(\d{4})-(\d{2})-(\d{2})")
_BUDDHIST_YEAR = regex.compile(r"n:(2[4-6]\d{2})")
_BUDDHIST_ERA = 543
"""Years by which the Buddhist era of Thailand and Laos is ahead."""


def held_quantities(terms: Iterable[str], text: str) -> set[str]:
    """Those of the terms `d:2007-12`, `n:200` that a search text holds.

    A day is held too when its month stands there and its number by itself (27-28 October, … on the 29th), and a bare
    year of the Buddhist era when the year of the common era does.
    """
    wanted = set(terms)
    held = present_quantities(wanted, text)
    for term in wanted - held:
        day, year = _DAY.fullmatch(term), _BUDDHIST_YEAR.fullmatch(term)
        if day:
            months = {f"d:{day[1]}-{day[2]}"}
            alone = regex.search(rf"(?<!\d){int(day[3])}(?!\d)", text)
            if alone and present_quantities(months, text):
                held.add(term)
        elif year and present_quantities({f"d:{int(year[1]) - _BUDDHIST_ERA}"}, text):
            held.add(term)
    return held
