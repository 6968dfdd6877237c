"""Words broken at the end of a line, made whole; a hyphen that belongs to the word stays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import regex

from index.readers.printed.pdf_letters import HYPHEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.readers.layout.fragments import Line

_HYPHENS = "-\u2010\u00ad"
_HEAD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:[-'’][\p{L}\p{M}\p{N}]+)*$")
_TAIL = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:[-'’][\p{L}\p{M}\p{N}]+)*[^\s\p{L}\p{N}]*")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:-[\p{L}\p{M}\p{N}]+)*")
_SHORTEST_PART = 3


def words_of(lines: Iterable[Line]) -> set[str]:
    """The words that stand whole in some lines, in small letters, with their hyphens."""
    found: set[str] = set()
    for line in lines:
        text = line.text.casefold().replace(HYPHEN, "-")
        matches = list(_WORD.finditer(text))
        found.update(match[0] for match in matches if match.end() < len(text) - 1 or text[-1:] not in _HYPHENS)
    return found


def made_whole(lines: Sequence[Line], words: set[str]) -> list[Line]:
    """Lines with the words that were broken between them: the rest of a word moves up to where it began.

    `words` are those of the document: it tells whether the hyphen belongs to the word.
    """
    found = list(lines)
    for index, line in enumerate(found):
        text = line.text
        if text[-1:] not in _HYPHENS or not text or line.kind != "text":
            continue
        head = _HEAD.search(text[:-1])
        following = found[index + 1] if index + 1 < len(found) else None
        tail = _TAIL.match(following.text) if following and following.kind == "text" else None
        if not head or not following or not tail:
            found[index] = replace(line, text=text.replace(HYPHEN, "-"))
            continue
        marked = text[-1] != "-"
        whole = text[:-1] + _hyphen(head[0], tail[0], words, marked=marked) + tail[0]
        found[index] = replace(line, text=whole.replace(HYPHEN, "-"))
        found[index + 1] = replace(following, text=following.text[tail.end() :].lstrip())
    return [line for line in found if line.text]


def _hyphen(head: str, tail: str, words: set[str], *, marked: bool) -> str:
    """The hyphen between the parts of a word, or nothing where it was only put for the line's sake."""
    rest = _WORD.match(tail.casefold())
    before, after = head.casefold(), rest[0] if rest else ""
    if not tail[:1].islower() or not head[-1:].isalpha():
        return "-"
    if before + after in words:
        return ""
    if f"{before}-{after}" in words:
        return "-"
    first, last = before.rsplit("-", 1)[-1], after.split("-", 1)[0]
    both = min(len(first), len(last)) >= _SHORTEST_PART and first in words and last in words
    return "-" if both or (not marked and "-" in head) else ""
