"""Menus, tables of contents, page headers and a scanner's stray characters: what a page has besides its text."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

import regex

from index.languages import script_counts

_CONTENTS_LINE = regex.compile(r"\S.*(?:\t|\.{3,}|…{2,}|·{3,})\s*\d{1,4}(?:\s*[-–—]\s*\d{1,4})?\s*$")
_CONTENTS_TITLE = regex.compile(r"(?:目\s*[录錄]|contents|table of contents|mục lục|สารบัญ|មាតិកា|ສາລະບານ)\s*", regex.I)
_BREADCRUMB = regex.compile(r">>|»|(?:\S{1,40} \| ){2,}|(?:›.*){2,}")
_FINISHED = regex.compile(r"[。！？!?…;；.]\s*$")
_SENTENCE_INSIDE = regex.compile(r"[。！？]")
_DATA = regex.compile(r"\d|@|://|www\.")
_ADDRESS = regex.compile(r"@|://|\]\(")
_MENU_LENGTH = 20
_MENU_RUN = 8
_REPEATS = 3


class Furniture:
    """Finds what is no text in one canonical text.

    A menu is a run of at least eight lines of at most twenty characters without a digit or a sentence's end, before
    the first sentence of the text or after its last (a list of names in the middle is text); a page header is a short
    line that stands three times or more.
    """

    def __init__(self, text: str, *, menus: bool = True) -> None:
        """`menus`: there may be menus among the lines; readers of web pages and printed pages have left them out, and
        what looks like one there is a row of a table.
        """
        self._text = text
        self._menus = menus
        self._lines = _lines(text)
        self._starts = [start for start, _ in self._lines]
        self._folded_text = _folded(text)
        counts = script_counts(text)
        self.mostly_han = counts["zh"] * 5 > counts["latin"]
        self._menu_lines = self._find_menus()
        self._repeated = self._find_repeated()

    def covers(self, span: tuple[int, int]) -> bool:
        """Whether all lines of a span are furniture."""
        lines = [line for line in self._text[span[0] : span[1]].split("\n") if line.strip()]
        starts = self._starts[bisect_left(self._starts, span[0]) : bisect_left(self._starts, span[1])]
        if starts and all(start in self._menu_lines for start in starts):
            return True
        return all(self._is_furniture(line.strip()) for line in lines)

    def is_stray(self, start: int, end: int) -> bool:
        """A few characters between paragraphs that say nothing: no digit, no address, no sentence."""
        content = self._text[start:end]
        letters = sum(script_counts(content).values())
        return (letters == 0 and not _DATA.search(content)) or (
            self.mostly_han
            and letters <= 10
            and not _DATA.search(content)
            and not regex.search(r"[。！？!?：:;；，,]", content)
        )

    def is_translation(self, title: str, other: str) -> bool:
        """Whether a Chinese title is followed by the same title in Latin letters."""
        return (
            script_counts(title)["zh"] >= 6
            and script_counts(other)["latin"] >= 15
            and script_counts(other)["zh"] <= 4
            and not _FINISHED.search(other)
            and not _ADDRESS.search(other)
            and not self._stands_twice(other)
        )

    def _stands_twice(self, title: str) -> bool:
        """A title stands once; a masthead that stands again is the publisher's name."""
        start = _folded(title)[:40]
        return len(start) == 40 and self._folded_text.count(start) > 1

    def _is_furniture(self, line: str) -> bool:
        return bool(
            _CONTENTS_LINE.fullmatch(line)
            or _CONTENTS_TITLE.fullmatch(line)
            or self._is_way_here(line)
            or _folded(line) in self._repeated
        )

    def _find_menus(self) -> frozenset[int]:
        """Starts of the lines in runs of menu entries; blank lines inside a run do not break it."""
        if not self._menus:
            return frozenset()
        sentences = [start for start, line in self._lines if _FINISHED.search(line) and len(line) > _MENU_LENGTH]
        first, last = (sentences[0], sentences[-1]) if sentences else (0, 0)
        found: list[int] = []
        run: list[int] = []
        for start, line in [*self._lines, (len(self._text), "。")]:
            if not line.strip():
                continue
            if self._is_menu_entry(line.strip()):
                run.append(start)
                continue
            if len(run) >= _MENU_RUN and (run[-1] < first or run[0] > last):
                found.extend(run)
            run = []
        return frozenset(found)

    def _is_menu_entry(self, line: str) -> bool:
        if self._is_way_here(line):
            return True
        return len(line) <= _MENU_LENGTH and not _DATA.search(line) and not _FINISHED.search(line) and "，" not in line

    def _is_way_here(self, line: str) -> bool:
        return self._menus and bool(_BREADCRUMB.search(line)) and not _SENTENCE_INSIDE.search(line)

    def _find_repeated(self) -> frozenset[str]:
        counts = Counter(_folded(line) for _, line in self._lines if line.strip())
        return frozenset(
            line
            for line, count in counts.items()
            if count >= _REPEATS and 2 <= len(line) <= 40 and not regex.search(r"[。：:；;，,]$|^[-•●*\d]", line)
        )


def _lines(text: str) -> list[tuple[int, str]]:
    lines, offset = [], 0
    for line in text.split("\n"):
        lead = len(line) - len(line.lstrip())
        lines.append((offset + lead, line))
        offset += len(line) + 1
    return lines


def _folded(line: str) -> str:
    return "".join(line.split()).casefold()
