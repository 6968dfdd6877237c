"""The words of a PDF page → fragments: words that stand side by side on one line."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from index.readers.layout.fragments import Fragment, Rule, is_unspaced, is_wide, separator
from index.readers.printed.pdf_letters import raised

_NOTE = regex.compile(r"[\d*†‡,]{1,4}")
TALL = 0.87
"""How high the number of a note is at most, to the letters before it."""
_WIDEST_SPACE = 1.0


@dataclass(slots=True)
class Word:
    """Characters without a space between them, in the coordinates of their direction of writing."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    note: bool
    """Whether it ends in a raised number, which stands for a note."""
    space: str
    """What the page has before it: nothing, a space that is written, or one (`~`) that pdfium sees in a gap."""


def fragments_of(words: list[Word], upright: list[Rule]) -> list[Fragment]:
    """Words in fragments; an upright rule between two words parts them."""
    found: list[Fragment] = []
    run: list[Word] = []
    text = ""
    for word in words:
        if not word.text:
            continue
        if run and (glue := _glue(run, text, word)) is not None and not _ruled_off(run[-1], word, upright):
            text += glue
            run.append(word)
        else:
            if run:
                found.append(_fragment(run, text))
            run, text = [word], word.text
    if run:
        found.append(_fragment(run, text))
    return found


def _glue(run: list[Word], text: str, word: Word) -> str | None:
    """What the run of words grows by with one more, None when it does not go on with it."""
    last = run[-1]
    main = max(run[0], last, key=lambda each: each.size)
    gap = word.left - last.right
    if not -0.6 * main.size <= gap <= _WIDEST_SPACE * max(main.size, word.size):
        return None
    rise = main.baseline - word.baseline
    if abs(rise) <= 0.2 * main.size:
        return _between(text, word, gap, main.size) + word.text
    if 0 < rise <= 0.7 * main.size and word.size <= TALL * main.size and _NOTE.fullmatch(word.text):
        word.baseline, word.note = main.baseline, True
        return separator(text, word.text, gap, main.size) + raised(word.text)
    return None


def _between(text: str, word: Word, gap: float, size: float) -> str:
    """What stands between a word and the text before it: the page's own space, unless its script has none there."""
    if not word.space:
        return separator(text, word.text, gap, size)
    if is_unspaced(text[-1], word.text[0]):
        return " " if word.space == " " and not is_wide(text[-1]) else separator(text, word.text, gap, size)
    return " "


def _ruled_off(last: Word, word: Word, upright: list[Rule]) -> bool:
    """Whether a rule stands between two words of a line: they are in two cells of a table."""
    middle = word.baseline - word.size / 3
    return any(
        last.right - 0.2 * last.size <= rule.at <= word.left + 0.2 * word.size and rule.start <= middle <= rule.end
        for rule in upright
    )


def _fragment(run: list[Word], text: str) -> Fragment:
    size = max(run, key=lambda word: len(word.text)).size
    baseline = run[0].baseline
    return Fragment(
        text,
        min(word.left for word in run),
        baseline - 0.8 * size,
        max(word.right for word in run),
        baseline + 0.2 * size,
        size,
    )
