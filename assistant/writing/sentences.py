"""A reply, sentence by sentence, each with the passages it cites."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from assistant.writing.markers import Marker, finished, without_markers
from assistant.writing.plain import plain
from index.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMERAL = r"[一二三四五六七八九十]{1,3}"
_ITEM = regex.compile(
    # The point of "3.5 million" makes no item.
    r"^[ \t]*(?:-"
    rf"|\p{{Nd}}{{1,2}}(?:[.．](?!\p{{Nd}})|[)、）])|{_NUMERAL}、|[(（](?:\p{{Nd}}{{1,2}}|{_NUMERAL})[)）])\s*"
)
_ITEM_BEGUN = regex.compile(rf"(?:^|(?<=\n))[ \t]*(?:-|[(（]?(?:\p{{Nd}}{{0,2}}|{_NUMERAL}))[.．)、）]?[ \t]*\Z")
_INTRODUCES = regex.compile(r"[:：]\s*$")
_COLON = regex.compile(r"[:：][ \t]*")
_SPACE_SCRIPT = r"[\p{Script=Thai}\p{Script=Lao}]"
_NEXT_PHRASE = regex.compile(rf"[ \t]+(?={_SPACE_SCRIPT})")
_IN_SPACE_SCRIPT = regex.compile(_SPACE_SCRIPT)
_SHORTEST_MARKED = 24
"""Characters of a Thai or Lao phrase from which a marker behind it ends a sentence: no full stop does."""
_SAYS_SOMETHING = regex.compile(r"[\p{L}\p{N}]")


@dataclass(frozen=True)
class WrittenSentence:
    """A sentence of a reply."""

    text: str
    """Without markers."""
    before: str
    """What stands between it and the sentence before: a space, a line break, a dash."""
    cites: tuple[int, ...]
    """Numbers of passages, in the order of its markers."""
    introduction: str = ""
    """The line before a list, when it is an item of that."""
    introduces: bool = False
    """Whether it ends with a colon and a list follows."""


def written_sentences(reply: str, passages: int, *, whole: bool) -> list[WrittenSentence]:
    """The sentences of a reply to `passages` numbered passages.

    Unless the reply is `whole`, what is given only grows as more of it comes, except for the last sentence.
    """
    text = plain(reply, whole=whole)
    clean, markers = without_markers(text if whole else finished(text), passages)
    if not whole:
        clean = _ITEM_BEGUN.sub("", clean)
    ends = {marker.at for marker in markers}
    spans = [span for start, end in _lines(clean) for span in _sentences(clean, start, end, ends)]
    cited = _assigned(clean, spans, markers)
    found: list[WrittenSentence] = []
    last, introduction = 0, ""
    for number, (start, end) in enumerate(spans):
        before, said = clean[last:start], clean[start:end]
        line_start = "\n" in before or not found
        item = line_start and bool(_ITEM.match(clean[clean.rfind("\n", 0, start) + 1 : end]))
        introduction = introduction if item or not line_start else ""
        following = clean[end : spans[number + 1][1]] if number + 1 < len(spans) else ""
        introduces = bool(_INTRODUCES.search(said)) and following.lstrip(" ").startswith("\n")
        found.append(WrittenSentence(said, before, cited[number], introduction, introduces))
        introduction = said if introduces else introduction
        last = end
    return found


def _lines(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in regex.finditer(r"[^\n]+", text)]


def _sentences(text: str, start: int, end: int, marked: set[int]) -> list[tuple[int, int]]:
    """Spans of a line's sentences; what an item's number or dash is stays out, and what says nothing is joined.

    `marked` are the places of markers.
    """
    item = _ITEM.match(text[start:end])
    start += item.end() if item else 0
    # A reference list has "[1]: …".
    colon = _COLON.match(text, start, end) if start in marked else None
    start = colon.end() if colon else start
    spans: list[tuple[int, int]] = []
    for phrase in _marked_phrases(text, start, end, marked):
        for span in sentence_spans(text, *phrase):
            if _SAYS_SOMETHING.search(text, *span):
                spans.append(span)
            elif spans:
                spans[-1] = (spans[-1][0], span[1])
    return spans


def _marked_phrases(text: str, start: int, end: int, marked: set[int]) -> Iterator[tuple[int, int]]:
    """A line cut behind Thai and Lao phrases that have markers."""
    for at in sorted(marked):
        if (
            start + _SHORTEST_MARKED <= at < end
            and _IN_SPACE_SCRIPT.match(text, at - 1)
            and _NEXT_PHRASE.match(text, at)
        ):
            yield start, at
            start = at
    yield start, end


def _assigned(text: str, spans: list[tuple[int, int]], markers: list[Marker]) -> list[tuple[int, ...]]:
    """A marker belongs to the sentence that it stands in or behind; at the head of a line, to the one after it."""
    cited: list[dict[int, None]] = [{} for _ in spans]
    for marker in markers:
        owner = _owner(text, spans, marker.at)
        if owner is not None:
            cited[owner].update(dict.fromkeys(marker.numbers))
    return [tuple(numbers) for numbers in cited]


def _owner(text: str, spans: list[tuple[int, int]], at: int) -> int | None:
    behind = bisect_left(spans, at, key=lambda span: span[0])
    head = text[text.rfind("\n", 0, at) + 1 : at]
    item = _ITEM.fullmatch(head)
    if item or not head.strip():
        if behind < len(spans) and "\n" not in text[at : spans[behind][0]]:
            return behind
        if item:
            return None
    if not spans:
        return None
    return max(behind - 1, 0)
