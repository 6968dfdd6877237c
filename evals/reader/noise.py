"""What is made of good questions and clean windows: false premises, and the slips of a scanner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

_NUMBER = regex.compile(r"(?<!\d)\d+(?!\d)")
_ORDINAL = regex.compile(r"(?<=第)[一二三四五六七八九十]+")
_ORDINALS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_ENGLISH_ORDINAL = regex.compile(r"\b(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b")
_ENGLISH_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_NAME = regex.compile(r"(?<=\p{Ll}\s|,\s)\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)*")
_BETWEEN_HAN = regex.compile(r"(?<=\p{Han})(?=\p{Han})")

SLIPS = 0.02
"""A scanner's slips: so many of the characters are lost, and twice as many gaps between Han characters open."""


def false_premise(question: str, names: Sequence[str], rng: random.Random) -> str | None:
    """The question with a number, an ordinal or a name swapped for another; None when it has none.

    `names` are answers to questions about the same article, which its questions often name.
    """
    swaps: list[tuple[tuple[int, int], str]] = []
    swaps.extend((found.span(), _other_number(found[0], rng)) for found in _NUMBER.finditer(question))
    for pattern, ordinals in ((_ORDINAL, _ORDINALS), (_ENGLISH_ORDINAL, _ENGLISH_ORDINALS)):
        swaps.extend(
            (found.span(), rng.choice([other for other in ordinals if other != found[0]]))
            for found in pattern.finditer(question)
        )
    plain = [name for name in names if 2 <= len(name) <= 40 and not _NUMBER.search(name)]
    for name in plain:
        at = question.find(name)
        others = [other for other in plain if other not in question and name not in other]
        if at >= 0 and others:
            swaps.append(((at, at + len(name)), rng.choice(others)))
    capitals = [name for name in plain if name[:1].isupper()]
    if capitals:
        swaps.extend((found.span(), rng.choice(capitals)) for found in _NAME.finditer(question))
    swaps = [(span, other) for span, other in swaps if question[slice(*span)] != other]
    if not swaps:
        return None
    (start, end), other = rng.choice(swaps)
    return question[:start] + other + question[end:]


def scanned(text: str, rng: random.Random) -> str:
    """The text as a poor scan gives it: characters lost, stray spaces between Han characters."""
    kept = "".join(character for character in text if rng.random() > SLIPS)
    return _BETWEEN_HAN.sub(lambda _: " " if rng.random() < 2 * SLIPS else "", kept)


def _other_number(number: str, rng: random.Random) -> str:
    """A number of as many digits; a year's neighbour as often as not."""
    if len(number) == 4 and rng.random() < 0.5:
        return str(int(number) + rng.choice([-3, -2, -1, 1, 2, 3]))
    first = rng.choice("123456789")
    return first + "".join(rng.choice("0123456789") for _ in number[1:])
