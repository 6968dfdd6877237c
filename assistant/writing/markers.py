"""Citation markers as models write them: [1], ［1］, 【1】, [1, 2], [1-3], [^1], 【1†source】, [passage 2]."""

from __future__ import annotations

from dataclasses import dataclass

import regex

_SPACE = r"[^\S\n]*"
_WORD = (
    r"(?:(?:passages?|sources?|ref(?:erence)?s?|citations?|documents?|docs?|段落|来源|來源|资料|資料|文献|文獻|引用|出处|出處"
    r"|đoạn(?:\ văn)?|nguồn|tài\ liệu|ข้อความ(?:ที่)?|แหล่งที่มา|เอกสาร)[:：#]?)"
)
_NUMBER = r"\p{Nd}{1,3}"
_TO = r"(?:[-‐‑–—−~～]|至|到)"
_BEFORE_NUMBER = rf"{_SPACE}\^?{_WORD}?{_SPACE}"
CITATION = rf"""
    \\?[\[［【〔]
    (?P<said>
        {_BEFORE_NUMBER}
        (?:{_NUMBER}:(?={_NUMBER}†))?
        (?P<numbers>
            {_NUMBER} (?: {_SPACE}(?:[,，、､;；&]|{_TO}|\band\b|和|及|與|与|\bvà\b){_BEFORE_NUMBER}{_NUMBER} ){{0,40}}
        )
        (?: {_SPACE} †[^\[\]［］【】〔〕\n]{{0,80}} )?
        {_SPACE}
    )
    \\?[\]］】〕]
"""
"""Pattern of a marker, for VERBOSE and IGNORECASE: what stands in its brackets is `said`."""
_MARKER = regex.compile(
    # What a link points to follows directly; a remark in brackets may, too.
    rf"\ ?(?:{CITATION})(?!\((?:[a-z][a-z0-9+.-]{{0,20}}:|www\.|[/#.?<]))",
    regex.VERBOSE | regex.IGNORECASE,
)
_PART = regex.compile(
    rf"(?P<first>{_NUMBER})(?:{_SPACE}{_TO}{_BEFORE_NUMBER}(?P<last>{_NUMBER}))?", regex.VERBOSE | regex.IGNORECASE
)
_UNFINISHED = regex.compile(
    rf"\ ?\\?(?:[\[［【〔][^\[\]［］【】〔〕\n]*+)?\\?\Z|\ ?(?:{CITATION})\((?:[a-z][a-z0-9+.-]{{0,20}})?\Z",
    regex.VERBOSE | regex.IGNORECASE,
)
_WORDS_WOULD_MEET = regex.compile(r"[\p{Latin}\d.!?,;:)”\"][\p{Latin}\d]")


@dataclass(frozen=True)
class Marker:
    """Where a marker stood in a text without markers, and the numbers in it that there are."""

    at: int
    numbers: tuple[int, ...]


def without_markers(text: str, highest: int) -> tuple[str, list[Marker]]:
    """The text without its markers, and those; numbers beyond 1 to `highest` point nowhere and are left out."""
    pieces: list[str] = []
    markers: list[Marker] = []
    end = length = 0
    for match in _MARKER.finditer(text):
        pieces.append(text[end : match.start()])
        length += match.start() - end
        markers.append(Marker(length, tuple(_numbers(match["numbers"], highest))))
        end = match.end()
        if _WORDS_WOULD_MEET.match(text[match.start() - 1 : match.start()] + text[end : end + 1]):
            pieces.append(" ")
            length += 1
    return "".join((*pieces, text[end:])), markers


def finished(text: str) -> str:
    """The text without a marker at its end that may still go on."""
    return _UNFINISHED.sub("", text)


def _numbers(written: str, highest: int) -> list[int]:
    found: dict[int, None] = {}
    for match in _PART.finditer(written):
        first = int(match["first"])
        last = int(match["last"]) if match["last"] else first
        low, high = sorted((first, last))
        found.update(dict.fromkeys(range(max(low, 1), min(high, highest) + 1)))
    return list(found)
