"""Signs that a text is not what stands on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEAST = 200
"""Characters below which a text is too short to judge."""
_FEWEST_LINES = 20
_SCRAP = 8
"""Characters that a line of running text exceeds, but for the last one of a paragraph."""
_PRIVATE = regex.compile(r"\p{Co}")
_VISIBLE = regex.compile(r"\S")
_DIGIT = regex.compile(r"\p{Nd}")
_LINE_OF_TEXT = regex.compile(r"^.*\p{L}.*$", regex.MULTILINE)
_BREAKS_OFF = regex.compile(r"[\p{Script=Han}\p{Ll},，、]$")
_MIXED = regex.compile(r"\p{Script=Han}[a-z]\p{Script=Han}|\p{Ll}\p{Script=Han}\p{Ll}")


def signs_of_garbling(text: str) -> Iterator[str]:
    """What is suspicious about a source's or page's text, a phrase each; nothing for ordinary text.

    Lost characters; characters of a font's own, which say nothing; hardly anything but digits; letters strewn among
    Chinese characters, as a scanner that reads across columns or in the wrong language leaves them.
    """
    visible = len(_VISIBLE.findall(text))
    lost = text.count("\ufffd")
    if lost > 0.005 * visible:
        yield f"characters are lost ({lost / visible:.0%})"
    private = len(_PRIVATE.findall(text))
    if private > 0.02 * visible:
        yield f"characters of a font's own ({private / visible:.0%})"
    if visible < _LEAST:
        return
    if len(_DIGIT.findall(text)) > 0.6 * visible:
        yield "hardly anything but digits"
    if len(_MIXED.findall(text)) > 0.01 * visible:
        yield "letters are strewn among Chinese characters"
    lines = _LINE_OF_TEXT.findall(text)
    if len(lines) >= _FEWEST_LINES and sum(map(_is_scrap, lines)) > 0.6 * len(lines):
        yield "lines break off after a few characters, as when columns are mixed up"


def _is_scrap(line: str) -> bool:
    content = line.strip()
    return len(content) <= _SCRAP and bool(_BREAKS_OFF.search(content))
